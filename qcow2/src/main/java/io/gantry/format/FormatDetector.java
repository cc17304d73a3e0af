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
   * The first that matches counts. VDI's signature follows 64 bytes of text. QED, Parallels and
   * COWD (VMware ESX) are told by more than their magic, so that few raw disks look like them: by
   * the cluster size that everybody uses, and by their one version.
   *
   * <p>A fixed VHD has nothing but a trailer and is a raw disk, trailer included, as it is to
   * qemu-img. So is a disk encrypted with LUKS: the guest decrypts it. A VMDK descriptor is a text,
   * which {@link ContentGuard} tells.
   */
  private static final Magic[] MAGICS = {
    new Magic(Format.QCOW, 0, bytes("514649fb00000001")),
    new Magic(Format.QCOW2, 0, bytes("514649fb")),
    new Magic(Format.QED, 0, bytes("5145440000000100")),
    new Magic(Format.VMDK, 0, ascii("KDMV")),
    new Magic(Format.VMDK, 0, ascii("COWD\1\0\0\0")),
    new Magic(Format.VDI, 64, bytes("7f10dabe")),
    new Magic(Format.VHD, 0, ascii("conectix")),
    new Magic(Format.VHDX, 0, ascii("vhdxfile")),
    new Magic(Format.PARALLELS, 0, ascii("WithoutFreeSpace\2\0\0\0")),
    new Magic(Format.PARALLELS, 0, ascii("WithouFreSpacExt\2\0\0\0")),
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
