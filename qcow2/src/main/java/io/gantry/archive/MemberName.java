package io.gantry.archive;

import io.gantry.image.ImageTooLargeException;
import io.gantry.image.MalformedImageException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The name of a member, taken apart. Slashes at the front are dropped, and so are empty and {@code
 * .} components, as GNU tar does (its manual, 6.10.2). {@code ..} is refused, also where it would
 * stay inside: GNU tar skips such a member and ends with an error.
 *
 * @param text as the archive has it, one char a byte
 * @param components the names of the directories on the way, and the last one; none is the
 *     directory unpacked into
 */
record MemberName(String text, List<String> components) {

  static MemberName parse(String text, ArchiveLimits limits) throws IOException {
    if (text.length() > limits.nameBytesMax()) {
      throw new ImageTooLargeException(
          "member %s: its name has %d bytes, the limit is %d"
              .formatted(ByteText.shown(text), text.length(), limits.nameBytesMax()));
    }
    requireNoNul(text);
    List<String> components = new ArrayList<>();
    for (String component : text.split("/", -1)) {
      if (component.equals("..")) {
        throw new MalformedImageException(
            "member %s: has \"..\" in its name, which could lead out of the directory"
                .formatted(ByteText.shown(text)));
      }
      if (!component.isEmpty() && !component.equals(".")) {
        components.add(component);
      }
    }
    if (components.size() > limits.depthMax()) {
      throw new ImageTooLargeException(
          "member %s: lies %d directories deep, the limit is %d"
              .formatted(ByteText.shown(text), components.size(), limits.depthMax()));
    }
    return new MemberName(text, List.copyOf(components));
  }

  private static void requireNoNul(String text) throws MalformedImageException {
    if (text.indexOf('\0') >= 0) {
      throw new MalformedImageException(
          "member %s: has a NUL in its name".formatted(ByteText.shown(text)));
    }
  }

  /** Says whether this is the directory unpacked into. */
  boolean isRoot() {
    return components.isEmpty();
  }

  List<String> parent() {
    return components.subList(0, components.size() - 1);
  }

  /** Returns the last component, for a system call. */
  byte[] last() {
    return ByteText.bytes(components.getLast());
  }

  /** Returns the same file's one name. */
  String normalized() {
    return String.join("/", components);
  }

  @Override
  public String toString() {
    return ByteText.shown(text);
  }
}
