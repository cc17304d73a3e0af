package io.gantry.registry;

import io.gantry.archive.TarMember;
import io.gantry.image.MalformedImageException;
import io.gantry.image.UnsupportedImageException;
import java.util.ArrayList;
import java.util.List;

/**
 * Which member of a layer is the disk, as CDI has always chosen it: images out there rely on every
 * oddity of it. The first member whose name begins with {@code disk} counts, be it a file or a
 * link, and then exactly one file must lie in the directory {@code disk}.
 */
final class DiskEntry {

  private static final String DIRECTORY = "disk";

  /** How a layer says that a file of a layer below is gone (OCI image-spec, layer.md). */
  private static final String WHITEOUT = ".wh.";

  private DiskEntry() {}

  /** Says whether the search ends with this member. */
  static boolean wins(TarMember entry) {
    String name = entry.name();
    return (name.startsWith(DIRECTORY) || name.startsWith("./" + DIRECTORY))
        && entry.kind() != TarMember.Kind.DIRECTORY
        && !name.substring(name.lastIndexOf('/') + 1).startsWith(WHITEOUT);
  }

  /**
   * Refuses a winner whose name leads out of the image. That makes its layer unreadable, and not
   * the image one without a disk.
   */
  static void requireInside(TarMember entry) throws MalformedImageException {
    if (parts(entry.name()).contains("..")) {
      throw new MalformedImageException(entry.name() + ": its name leads out of the image");
    }
  }

  /** Refuses a winner that is no file in {@code disk/}, in the words that users of CDI know. */
  static void requireFile(TarMember entry) throws UnsupportedImageException {
    List<String> parts = parts(entry.name());
    if (parts.size() < 2 || !parts.getFirst().equals(DIRECTORY)) {
      throw refused(entry, "image directory does not exist, put the disk into /disk/");
    }
    if (parts.size() > 2) {
      throw refused(entry, "image directory contains another directory");
    }
    if (entry.kind() != TarMember.Kind.FILE) {
      throw refused(
          entry,
          "image file does not exist in image directory - directory is empty: it is no regular"
              + " file");
    }
  }

  /** Takes a name apart; {@code ..} takes back what is in front of it, if there is something. */
  private static List<String> parts(String name) {
    List<String> parts = new ArrayList<>();
    for (String part : name.split("/", -1)) {
      boolean back = part.equals("..");
      if (back && !parts.isEmpty() && !parts.getLast().equals("..")) {
        parts.removeLast();
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    return parts;
  }

  private static UnsupportedImageException refused(TarMember entry, String why) {
    return new UnsupportedImageException("%s: %s".formatted(entry.name(), why));
  }
}
