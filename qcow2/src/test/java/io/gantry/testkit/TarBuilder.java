package io.gantry.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes a tar archive block by block, so that a test shows what is odd about it. Names and pax
 * values are ISO-8859-1: one char a byte.
 */
public final class TarBuilder {

  private static final int BLOCK = 512;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** One header, as it will be written. Everything can be set; the checksum is right by default. */
  public static final class Header {
    private final byte[] block = new byte[BLOCK];

    private Header(String name, char type) {
      text(0, 100, name);
      octal(100, 8, 0644);
      octal(108, 8, 0);
      octal(116, 8, 0);
      octal(124, 12, 0);
      octal(136, 12, 1_600_000_000L);
      block[156] = (byte) type;
      text(257, 6, "ustar");
      text(263, 2, "00");
    }

    public Header mode(int mode) {
      return octal(100, 8, mode);
    }

    public Header size(long size) {
      return octal(124, 12, size);
    }

    /** Sets a size in base 256, as GNU tar writes what octal digits do not hold. */
    public Header binarySize(long size) {
      return binary(124, size);
    }

    public Header modified(long seconds) {
      return octal(136, 12, seconds);
    }

    public Header link(String target) {
      return text(157, 100, target);
    }

    /** Takes the magic of GNU tar, whose headers have no prefix. */
    public Header gnu() {
      return text(257, 8, "ustar  ");
    }

    public Header prefix(String prefix) {
      return text(345, 155, prefix);
    }

    /** Adds the {@code index}th piece of an old GNU sparse map. */
    public Header sparse(int index, long offset, long length) {
      octal(386 + 24 * index, 12, offset);
      return octal(398 + 24 * index, 12, length);
    }

    public Header sparseGoesOn() {
      return set(482, 1);
    }

    public Header realSize(long size) {
      return binary(483, size);
    }

    /** Sets a byte, whatever it means. */
    public Header set(int at, int value) {
      block[at] = (byte) value;
      return this;
    }

    private Header text(int at, int length, String text) {
      byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
      Arrays.fill(block, at, at + length, (byte) 0);
      System.arraycopy(bytes, 0, block, at, Math.min(length, bytes.length));
      return this;
    }

    private Header octal(int at, int length, long value) {
      return text(at, length, ("%0" + (length - 1) + "o").formatted(value));
    }

    private Header binary(int at, long value) {
      for (int i = 0; i < 12; i++) {
        block[at + 11 - i] = (byte) (i < 8 ? value >> (8 * i) : 0);
      }
      return set(at, 0x80);
    }

    private byte[] bytes() {
      repairChecksum(block, 0);
      return block;
    }
  }

  /** Makes the checksum of the header at {@code at} right. */
  public static void repairChecksum(byte[] archive, int at) {
    Arrays.fill(archive, at + 148, at + 156, (byte) ' ');
    int sum = 0;
    for (int i = at; i < at + BLOCK; i++) {
      sum += archive[i] & 0xff;
    }
    byte[] text = "%06o\0 ".formatted(sum).getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(text, 0, archive, at + 148, text.length);
  }

  public static Header header(String name, char type) {
    return new Header(name, type);
  }

  public TarBuilder add(Header header) {
    out.writeBytes(header.bytes());
    return this;
  }

  public TarBuilder add(Header header, byte[] data) {
    return add(header).data(data);
  }

  /** Writes a header with a checksum that is not its own. */
  public TarBuilder addDamaged(Header header) {
    byte[] block = header.bytes().clone();
    block[0] ^= 1;
    out.writeBytes(block);
    return this;
  }

  public TarBuilder file(String name, String content) {
    byte[] data = content.getBytes(StandardCharsets.ISO_8859_1);
    return add(header(name, '0').size(data.length), data);
  }

  public TarBuilder directory(String name) {
    return add(header(name, '5').mode(0755));
  }

  public TarBuilder symbolicLink(String name, String target) {
    return add(header(name, '2').mode(0777).link(target));
  }

  public TarBuilder hardLink(String name, String target) {
    return add(header(name, '1').link(target));
  }

  /** Writes an extended header for the next member: keyword, value, keyword, value. */
  public TarBuilder pax(String... keywordsAndValues) {
    return records('x', keywordsAndValues);
  }

  /** Writes an extended header for all members behind it. */
  public TarBuilder globalPax(String... keywordsAndValues) {
    return records('g', keywordsAndValues);
  }

  private TarBuilder records(char type, String... keywordsAndValues) {
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < keywordsAndValues.length; i += 2) {
      body.append(record(keywordsAndValues[i], keywordsAndValues[i + 1]));
    }
    return extended(type, body.toString());
  }

  /** A record with its length in front, which counts its own digits. */
  private static String record(String keyword, String value) {
    int rest = keyword.length() + value.length() + 3;
    int length = rest + 1;
    while (String.valueOf(length).length() + rest != length) {
      length++;
    }
    return length + " " + keyword + "=" + value + "\n";
  }

  /** Writes a header of type {@code x g L K} and its body as it is. */
  public TarBuilder extended(char type, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.ISO_8859_1);
    return add(header("extended", type).size(bytes.length), bytes);
  }

  /** Writes data, filled up to a whole block. */
  public TarBuilder data(byte[] data) {
    out.writeBytes(data);
    out.writeBytes(new byte[-data.length & (BLOCK - 1)]);
    return this;
  }

  /** Returns the archive without an end. */
  public byte[] cut() {
    return out.toByteArray();
  }

  /** Returns the archive with its two blocks of zeros. */
  public byte[] end() {
    out.writeBytes(new byte[2 * BLOCK]);
    return cut();
  }
}
