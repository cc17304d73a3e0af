package io.gantry.format.qcow2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.image.ClusterCompression;
import io.gantry.image.ImageException;
import io.gantry.image.ImageTooLargeException;
import io.gantry.image.Limits;
import io.gantry.image.MalformedImageException;
import io.gantry.image.UnsupportedImageException;
import io.gantry.testkit.Qcow2Builder;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Qcow2HeaderTest {

  private static Qcow2Builder image() {
    return new Qcow2Builder(16).size(1 << 20).l1().l2(0);
  }

  private static Qcow2Header parse(byte[] image) throws ImageException {
    return Qcow2Header.parse(ByteBuffer.wrap(image, 0, 1 << 16), "test", Limits.DEFAULT);
  }

  @Test
  void readsTheFieldsOfVersion3() throws ImageException {
    Qcow2Header header = parse(image().build());

    assertThat(header.version()).isEqualTo(3);
    assertThat(header.geometry()).isEqualTo(new Geometry(16, false, 1 << 20));
    assertThat(header.l1Size()).isEqualTo(1);
    assertThat(header.l1Offset()).isEqualTo(1 << 16);
    assertThat(header.compression()).isEqualTo(ClusterCompression.DEFLATE);
    assertThat(header.backingFile()).isEmpty();
  }

  @Test
  void readsVersion2WithoutLookingBehindByte72() throws ImageException {
    Qcow2Header header = parse(image().version(2).build());

    assertThat(header.version()).isEqualTo(2);
    assertThat(header.headerLength()).isEqualTo(72);
    assertThat(header.refcountOrder()).isEqualTo(4);
    assertThat(header.dirty()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void readsBackingFileAndItsFormat(int version) throws ImageException {
    Qcow2Header header = parse(image().version(version).backing("base.img", "raw").build());

    assertThat(header.backingFile()).contains("base.img");
    assertThat(header.extensions().backingFormat()).contains("raw");
  }

  @ParameterizedTest(name = "{3} at {0} is {2}")
  @CsvSource({
    "0, 4, 0x514649fa, magic is 514649fa",
    "20, 4, 8, cluster_bits is 8",
    "20, 4, 22, cluster_bits is 22",
    "20, 4, 0xffffffff, cluster_bits is 4294967295",
    "32, 4, 3, crypt_method is 3",
    "36, 4, 0, l1_size is 0",
    "40, 8, 0, l1_table_offset is 0",
    "40, 8, 65537, l1_table_offset is 65537",
    "40, 8, 0x8000000000000000, l1_table_offset is 9223372036854775808",
    "100, 4, 103, header_length is 103",
    "100, 4, 65544, header_length is 65544",
    "72, 8, 8, incompatible bit 3 is set",
  })
  void refusesFieldsThatBreakTheFormat(int offset, int width, String value, String message) {
    byte[] image = image().field(offset, width, Long.decode(positive(value))).build();

    assertThatThrownBy(() -> parse(image))
        .isInstanceOf(MalformedImageException.class)
        .hasMessageContaining(message);
  }

  private static String positive(String value) {
    return value.startsWith("0x8") ? "-" + value : value;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4})
  void refusesVersionsItDoesNotKnow(int version) {
    byte[] image = image().field(4, 4, version).build();

    assertThatThrownBy(() -> parse(image))
        .isInstanceOf(UnsupportedImageException.class)
        .hasMessageContaining("QCOW version is " + version);
  }

  @Test
  void refusesIncompatibleFeaturesItDoesNotKnow() {
    byte[] image = image().field(72, 8, 1L << 5).build();

    assertThatThrownBy(() -> parse(image))
        .isInstanceOf(UnsupportedImageException.class)
        .hasMessageContaining("incompatible bit 5");
  }

  @Test
  void refusesAnL1TableOverTheLimitBeforeAllocatingIt() {
    byte[] image = image().field(36, 4, 4_194_305).build();

    assertThatThrownBy(() -> parse(image))
        .isInstanceOf(ImageTooLargeException.class)
        .hasMessageContaining("4194305 entries, the limit is 4194304");
  }

  @Test
  void refusesAVirtualSizeOverTheLimit() {
    byte[] image = image().field(24, 8, -1).build();

    assertThatThrownBy(() -> parse(image))
        .isInstanceOf(ImageTooLargeException.class)
        .hasMessageContaining("18446744073709551615");
  }

  @Test
  void refusesExtendedL2EntriesInSmallClusters() {
    byte[] image = new Qcow2Builder(13).size(1 << 20).extendedL2().l1().build();

    assertThatThrownBy(() -> Qcow2Header.parse(ByteBuffer.wrap(image), "test", Limits.DEFAULT))
        .isInstanceOf(MalformedImageException.class)
        .hasMessageContaining("cluster_bits of at least 14");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 71, 103})
  void refusesAHeaderCutShort(int length) {
    byte[] image = image().build();

    assertThatThrownBy(
            () -> Qcow2Header.parse(ByteBuffer.wrap(image, 0, length), "test", Limits.DEFAULT))
        .isInstanceOf(MalformedImageException.class)
        .hasMessageContaining("truncated in the QCOW2 header");
  }

  @Test
  void refusesAnExtensionThatReachesPastTheFirstCluster() {
    byte[] image = image().field(104, 4, 0x12345678).field(108, 4, 0xffff_fffdL).build();

    assertThatThrownBy(() -> parse(image))
        .isInstanceOf(MalformedImageException.class)
        .hasMessageContaining("header extension 12345678");
  }

  @Test
  void skipsExtensionsItDoesNotKnow() throws ImageException {
    byte[] image = image().field(104, 4, 0x12345678).field(108, 4, 5).build();

    assertThat(parse(image).extensions().backingFormat()).isEmpty();
  }
}
