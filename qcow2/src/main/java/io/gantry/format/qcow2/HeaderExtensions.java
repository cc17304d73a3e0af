package io.gantry.format.qcow2;

import io.gantry.image.MalformedImageException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the header extensions say (qcow2 specification, "Header extensions"). Each is a type, a
 * length and that many bytes, padded to 8; unknown types are skipped.
 *
 * @param backingFormat format of the backing file
 * @param dataFile name of the external data file
 * @param incompatibleNames names of incompatible feature bits, for messages
 * @param bitmapCount persistent dirty bitmaps in the image
 */
record HeaderExtensions(
    Optional<String> backingFormat,
    Optional<String> dataFile,
    Map<Integer, String> incompatibleNames,
    long bitmapCount) {

  private static final int END = 0;
  private static final int BACKING_FORMAT = 0xe2792aca;
  private static final int FEATURE_NAMES = 0x6803f857;
  private static final int BITMAPS = 0x23852875;
  private static final int DATA_FILE_NAME = 0x44415441;

  /** A feature name entry: type, bit number, 46 bytes of name padded with NUL. */
  private static final int FEATURE_NAME_LENGTH = 48;

  /**
   * Parses the extension area.
   *
   * @param bytes the first cluster of the file, or the whole file if it is shorter
   * @param start offset behind the header
   * @param end offset of the backing file name, or the end of the first cluster
   */
  static HeaderExtensions parse(ByteBuffer bytes, int start, int end, String name)
      throws MalformedImageException {
    Optional<String> backingFormat = Optional.empty();
    Optional<String> dataFile = Optional.empty();
    Map<Integer, String> incompatibleNames = new TreeMap<>();
    long bitmapCount = 0;
    int at = start;
    while (end - at >= 8) {
      requireInside(bytes, at + 8, name);
      int type = bytes.getInt(at);
      long length = Integer.toUnsignedLong(bytes.getInt(at + 4));
      at += 8;
      if (type == END) {
        break;
      }
      if (length > end - at) {
        throw new MalformedImageException(
            "%s: header extension %08x at %d has %d bytes, only %d are left"
                .formatted(name, type, at - 8, length, end - at));
      }
      int size = (int) length;
      requireInside(bytes, at + size, name);
      switch (type) {
        case BACKING_FORMAT -> backingFormat = Optional.of(text(bytes, at, size));
        case DATA_FILE_NAME -> dataFile = Optional.of(text(bytes, at, size));
        case FEATURE_NAMES -> addFeatureNames(bytes, at, size, incompatibleNames);
        case BITMAPS -> bitmapCount = size >= 4 ? Integer.toUnsignedLong(bytes.getInt(at)) : 0;
        default -> {}
      }
      at += (size + 7) & ~7;
    }
    return new HeaderExtensions(backingFormat, dataFile, incompatibleNames, bitmapCount);
  }

  private static void requireInside(ByteBuffer bytes, int end, String name)
      throws MalformedImageException {
    if (end > bytes.limit()) {
      throw new MalformedImageException(
          "%s: truncated in the QCOW2 header extensions: %d bytes, need %d"
              .formatted(name, bytes.limit(), end));
    }
  }

  private static void addFeatureNames(
      ByteBuffer bytes, int at, int size, Map<Integer, String> incompatibleNames) {
    for (int entry = at; entry + FEATURE_NAME_LENGTH <= at + size; entry += FEATURE_NAME_LENGTH) {
      boolean incompatible = bytes.get(entry) == 0;
      if (incompatible) {
        String text = text(bytes, entry + 2, FEATURE_NAME_LENGTH - 2);
        int nul = text.indexOf('\0');
        incompatibleNames.put(
            Byte.toUnsignedInt(bytes.get(entry + 1)), nul < 0 ? text : text.substring(0, nul));
      }
    }
  }

  /** Names the set bits of {@code features}: by the image's own table, else by number. */
  String describeIncompatible(long features) {
    List<String> names = new ArrayList<>();
    for (int bit = 0; bit < Long.SIZE; bit++) {
      if ((features >>> bit & 1) != 0) {
        String known = incompatibleNames.get(bit);
        names.add(known == null ? "incompatible bit " + bit : Printable.of(known));
      }
    }
    return String.join(", ", names);
  }

  static String text(ByteBuffer bytes, int at, int length) {
    byte[] text = new byte[length];
    bytes.get(at, text);
    return new String(text, StandardCharsets.UTF_8);
  }
}
