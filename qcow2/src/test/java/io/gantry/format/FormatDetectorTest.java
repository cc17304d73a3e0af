package io.gantry.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.image.ImageTooLargeException;
import io.gantry.image.UnsupportedFormatException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class FormatDetectorTest {

  private static ByteBuffer head(int offset, String latin) {
    byte[] head = new byte[FormatDetector.HEAD_LENGTH];
    Arrays.fill(head, (byte) 7);
    byte[] magic = latin.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(magic, 0, head, offset, magic.length);
    return ByteBuffer.wrap(head);
  }

  static Stream<Arguments> beginnings() {
    return Stream.of(
        Arguments.of(Format.QCOW2, 0, "QFI\u00fb\0\0\0\2"),
        Arguments.of(Format.QCOW2, 0, "QFI\u00fb\0\0\0\3"),
        Arguments.of(Format.QCOW, 0, "QFI\u00fb\0\0\0\1"),
        Arguments.of(Format.QED, 0, "QED\0\0\0\1\0"),
        Arguments.of(Format.VMDK, 0, "KDMV"),
        Arguments.of(Format.VMDK, 0, "COWD\1\0\0\0"),
        Arguments.of(Format.VDI, 64, "\177\20\u00da\u00be"),
        Arguments.of(Format.VHD, 0, "conectix"),
        Arguments.of(Format.VHDX, 0, "vhdxfile"),
        Arguments.of(Format.PARALLELS, 0, "WithoutFreeSpace\2\0\0\0"),
        Arguments.of(Format.PARALLELS, 0, "WithouFreSpacExt\2\0\0\0"),
        Arguments.of(Format.RAW, 0, "LUKS\u00ba\u00be\0\1"),
        Arguments.of(Format.RAW, 1, "QFI\u00fb"),
        Arguments.of(Format.RAW, 0, "QED\0 is not all there is"),
        Arguments.of(Format.RAW, 257, "ustar"));
  }

  @ParameterizedTest
  @MethodSource("beginnings")
  void tellsFormatsByTheirBeginning(Format format, int offset, String magic) {
    assertThat(FormatDetector.detect(head(offset, magic))).isEqualTo(format);
  }

  @Test
  void takesWhatEndsInsideAMagicForRaw() {
    assertThat(FormatDetector.detect(ByteBuffer.wrap(new byte[] {'Q', 'F', 'I'})))
        .isEqualTo(Format.RAW);
  }

  @Test
  void saysWhatToDoWithAnImageThatIsNotDecoded() {
    assertThat(ImageOpener.refusal(Format.VHD, head(0, "conectix"), "disk.vhd"))
        .isInstanceOf(UnsupportedFormatException.class)
        .hasMessage(
            "disk.vhd: is a VHD image, which is not decoded;"
                + " convert it with qemu-img convert -f vpc -O qcow2 first");
  }

  /** 512 entries a table, grains of 64 KiB, 32 MiB a table: as many as 32 Mi tables are 1 PiB. */
  @Test
  void saysThatTheDirectoryOfAVmdkIsTooLarge() {
    ByteBuffer vmdk = head(0, "KDMV").order(ByteOrder.LITTLE_ENDIAN);
    vmdk.putLong(12, 1L << 41).putLong(20, 128).putInt(44, 512);
    assertThat(ImageOpener.refusal(Format.VMDK, vmdk, "disk"))
        .isInstanceOf(UnsupportedFormatException.class);

    vmdk.putLong(12, (1L << 41) + 1);
    assertThat(ImageOpener.refusal(Format.VMDK, vmdk, "disk"))
        .isInstanceOf(ImageTooLargeException.class)
        .hasMessageContaining("L1 size too big");
  }
}
