package io.gantry.http;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a partial answer says about itself: {@code bytes 0-9/1000} (RFC 9110 section 14.4), or, for
 * a range that cannot be had, {@code bytes * /1000}.
 *
 * @param total length of the whole file, absent where the server does not know it
 */
record ContentRange(Optional<ByteRange> range, OptionalLong total) {

  private static final Pattern SYNTAX =
      Pattern.compile("bytes\\s+(?:(\\d{1,18})-(\\d{1,18})|\\*)/(?:(\\d{1,18})|\\*)");

  /** Returns nothing for text that is no such header. */
  static Optional<ContentRange> parse(String text) {
    Matcher matcher = SYNTAX.matcher(text.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    OptionalLong total =
        matcher.group(3) == null
            ? OptionalLong.empty()
            : OptionalLong.of(Long.parseLong(matcher.group(3)));
    if (matcher.group(1) == null) {
      return Optional.of(new ContentRange(Optional.empty(), total));
    }
    long first = Long.parseLong(matcher.group(1));
    long last = Long.parseLong(matcher.group(2));
    if (last < first || (total.isPresent() && last >= total.getAsLong())) {
      return Optional.empty();
    }
    return Optional.of(new ContentRange(Optional.of(new ByteRange(first, last + 1)), total));
  }
}
