package io.gantry.codec;

import io.gantry.image.ImageException;
import io.gantry.image.MalformedImageException;
import io.gantry.image.UnsupportedImageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.tukaani.xz.ARM64Options;
import org.tukaani.xz.ARMOptions;
import org.tukaani.xz.ARMThumbOptions;
import org.tukaani.xz.ArrayCache;
import org.tukaani.xz.DeltaOptions;
import org.tukaani.xz.FilterOptions;
import org.tukaani.xz.IA64Options;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.PowerPCOptions;
import org.tukaani.xz.RISCVOptions;
import org.tukaani.xz.SPARCOptions;
import org.tukaani.xz.UnsupportedOptionsException;
import org.tukaani.xz.X86Options;

/**
 * The filter chain of a block: any of the converters, then LZMA2; .xz file format 1.2, section 5.3.
 *
 * @param converters in the order of the header, applied backwards when decoding
 * @param dictionarySize of LZMA2, bytes; up to 4 GiB
 */
record XzFilters(List<FilterOptions> converters, long dictionarySize) {

  private static final int FILTERS_MAX = 4;
  private static final int DELTA = 0x03;
  private static final int LZMA2 = 0x21;

  /** 5.3.1: 40 stands for 4 GiB - 1, what is above is reserved. */
  private static final int DICTIONARY_CODE_MAX = 40;

  /** What LZMA2 takes besides its dictionary: probabilities, and a chunk of up to 64 KiB. */
  private static final int STATE_BYTES = 128 << 10;

  /** Parses {@code count} filters from a block header, at most {@value #FILTERS_MAX}. */
  static XzFilters parse(ByteBuffer header, int count, String where) throws ImageException {
    List<FilterOptions> converters = new ArrayList<>(FILTERS_MAX);
    for (int i = 0; i < count - 1; i++) {
      long id = XzNumber.parse(header, where);
      converters.add(converter(id, properties(header, where), where));
    }
    long last = XzNumber.parse(header, where);
    if (last != LZMA2) {
      throw new UnsupportedImageException(
          "%s: filter 0x%x where LZMA2 must be the last one".formatted(where, last));
    }
    return new XzFilters(converters, dictionarySize(properties(header, where), where));
  }

  private static ByteBuffer properties(ByteBuffer header, String where)
      throws MalformedImageException {
    long size = XzNumber.parse(header, where);
    if (size > header.remaining()) {
      throw new MalformedImageException(
          "%s: filter properties of %d bytes in a header with %d left"
              .formatted(where, size, header.remaining()));
    }
    ByteBuffer properties =
        header.slice(header.position(), (int) size).order(ByteOrder.LITTLE_ENDIAN);
    header.position(header.position() + (int) size);
    return properties;
  }

  private static long dictionarySize(ByteBuffer properties, String where)
      throws MalformedImageException {
    int code = properties.remaining() == 1 ? properties.get() & 0xff : -1;
    if (code < 0 || code > DICTIONARY_CODE_MAX) {
      throw new MalformedImageException(
          "%s: LZMA2 dictionary size code is %d, must be 0..%d"
              .formatted(where, code, DICTIONARY_CODE_MAX));
    }
    return code == DICTIONARY_CODE_MAX ? 0xFFFF_FFFFL : (2L | (code & 1)) << (code / 2 + 11);
  }

  private static FilterOptions converter(long id, ByteBuffer properties, String where)
      throws ImageException {
    if (id == DELTA && properties.remaining() == 1) {
      return delta((properties.get() & 0xff) + 1);
    }
    if (id == DELTA || (properties.remaining() != 0 && properties.remaining() != 4)) {
      throw new MalformedImageException(
          "%s: filter 0x%x has %d bytes of properties"
              .formatted(where, id, properties.remaining()));
    }
    if (properties.hasRemaining() && properties.getInt() != 0) {
      throw new UnsupportedImageException(
          "%s: filter 0x%x starts at another offset than 0".formatted(where, id));
    }
    return branchConverter(id, where);
  }

  private static FilterOptions delta(int distance) {
    try {
      return new DeltaOptions(distance);
    } catch (UnsupportedOptionsException e) {
      throw new AssertionError("every distance of a byte is supported", e);
    }
  }

  /** Section 5.3.2, and what xz 5.4 and 5.6 added to it. */
  private static FilterOptions branchConverter(long id, String where)
      throws UnsupportedImageException {
    return switch ((int) Math.min(id, Integer.MAX_VALUE)) {
      case 0x04 -> new X86Options();
      case 0x05 -> new PowerPCOptions();
      case 0x06 -> new IA64Options();
      case 0x07 -> new ARMOptions();
      case 0x08 -> new ARMThumbOptions();
      case 0x09 -> new SPARCOptions();
      case 0x0A -> new ARM64Options();
      case 0x0B -> new RISCVOptions();
      default ->
          throw new UnsupportedImageException("%s: unknown filter 0x%x".formatted(where, id));
    };
  }

  /**
   * Returns the memory that decoding takes, bytes.
   *
   * @param uncompressedSize of the block, -1 when not known: nothing can refer further back
   */
  long memory(long uncompressedSize) {
    return usedDictionary(uncompressedSize) + STATE_BYTES;
  }

  private long usedDictionary(long uncompressedSize) {
    long used = uncompressedSize < 0 ? dictionarySize : Math.min(dictionarySize, uncompressedSize);
    return Math.max(used, LZMA2Options.DICT_SIZE_MIN);
  }

  /** Opens the decoders over the compressed data; the caller has checked {@link #memory}. */
  InputStream open(InputStream compressed, long uncompressedSize, ArrayCache arrays)
      throws IOException {
    int dictionary = (int) usedDictionary(uncompressedSize);
    InputStream decoded = new Lzma2InputStream(compressed, dictionary, arrays);
    for (FilterOptions converter : converters.reversed()) {
      decoded = converter.getInputStream(decoded, arrays);
    }
    return decoded;
  }
}
