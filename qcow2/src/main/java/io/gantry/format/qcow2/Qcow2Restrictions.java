package io.gantry.format.qcow2;

import io.gantry.format.OpenOptions;
import io.gantry.image.OtherFileException;
import io.gantry.image.UnsupportedImageException;

/** What we refuse although the format allows it, the same from a file and from a stream. */
final class Qcow2Restrictions {

  private Qcow2Restrictions() {}

  static void checkNotEncrypted(Qcow2Header header, String name) throws UnsupportedImageException {
    if (header.encrypted()) {
      throw new UnsupportedImageException(
          "%s: is encrypted (%s), which is not decrypted here; decrypt it with qemu-img convert first"
              .formatted(name, header.cryptMethod() == 1 ? "AES" : "LUKS"));
    }
  }

  /** Images come from strangers: the names in them are not followed unless the user says so. */
  static void checkReferences(Qcow2Header header, OpenOptions options, String name)
      throws UnsupportedImageException {
    if (header.backingFile().isPresent() && !options.allowBacking()) {
      String file = Printable.of(header.backingFile().get());
      throw new OtherFileException(
          name,
          "backing file",
          file,
          "%s: has the backing file \"%s\", which is not followed unless --allow-backing is given"
              .formatted(name, file));
    }
    if (header.usesDataFile() && !options.allowDataFile()) {
      String file = Printable.of(header.extensions().dataFile().orElse(""));
      throw new OtherFileException(
          name,
          "data file",
          file,
          "%s: keeps its data in the external file \"%s\", which is not followed unless --allow-data-file is given"
              .formatted(name, file));
    }
  }
}
