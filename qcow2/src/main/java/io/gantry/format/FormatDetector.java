package io.gantry.format;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Tells formats by their magic bytes; what has none is raw. */
public final class FormatDetector {

  /** Bytes from the beginning that {@link #detect} looks at. */
  public static final int HEAD_LENGTH = 512;

  private record Magic(Format format, int offset, ByteBuffer bytes) {

    boolean matches(ByteBuffer head) {
      return head.remaining() >= offset + bytes.remaining()
          && head.slice(head.position() + offset, bytes.remaining()).equals(bytes);
    }
  }

  /**
   * VDI's signature follows 64 bytes of text. A VMDK descriptor and a fixed VHD have no magic at
   * the front and are raw bytes to us, as they are to the reference.
   */
  private static final Magic[] MAGICS = {
    new Magic(Format.QCOW2, 0, bytes("514649fb")),
    new Magic(Format.VMDK, 0, ascii("KDMV")),
    new Magic(Format.VDI, 64, bytes("7f10dabe")),
    new Magic(Format.VHD, 0, ascii("conectix")),
    new Magic(Format.VHDX, 0, ascii("vhdxfile")),
  };

  private FormatDetector() {}

  /** Returns the format of the bytes beginning with {@code head}. */
  public static Format detect(ByteBuffer head) {
    for (Magic magic : MAGICS) {
      if (magic.matches(head)) {
        return magic.format();
      }
    }
    return Format.RAW;
  }

  private static ByteBuffer ascii(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static ByteBuffer bytes(String hex) {
    return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
  }
}
