package io.gantry.http;

import java.util.Optional;

/**
 * What tells one content of a URL from another (RFC 9110 section 8.8).
 *
 * <p>A length alone tells nothing: the older image on a stale mirror often has the same one. A weak
 * entity tag promises no equality of bytes (section 8.8.1), so it does not count; a modification
 * time does, together with the length, for lack of anything better.
 *
 * @param strongTag an ETag that is not weak, with its quotes
 * @param lastModified the Last-Modified header, compared as text
 */
record Validator(Optional<String> strongTag, Optional<String> lastModified) {

  static Validator of(Optional<String> etag, Optional<String> lastModified) {
    return new Validator(etag.map(String::strip).filter(Validator::isStrong), lastModified);
  }

  /** Says whether answers can be combined at all. */
  boolean isUsable() {
    return strongTag.isPresent() || lastModified.isPresent();
  }

  /**
   * Says whether {@code other} names the same bytes.
   *
   * @param samePlace whether both come from one URL. Entity tags of different URLs are different
   *     namespaces (section 8.8.3), where {@code "1"} may mean two things; so the times, where both
   *     have one, must agree as well.
   */
  boolean matches(Validator other, boolean samePlace) {
    if (strongTag.isEmpty()) {
      return lastModified.isPresent() && lastModified.equals(other.lastModified);
    }
    boolean sameTime =
        samePlace
            || lastModified.isEmpty()
            || other.lastModified.isEmpty()
            || lastModified.equals(other.lastModified);
    return strongTag.equals(other.strongTag) && sameTime;
  }

  private static boolean isStrong(String tag) {
    return tag.length() >= 2 && tag.startsWith("\"") && tag.endsWith("\"");
  }

  @Override
  public String toString() {
    String time = lastModified.map(date -> "Last-Modified " + date).orElse("no validator");
    return strongTag.map(tag -> "ETag " + tag).orElse(time);
  }
}
