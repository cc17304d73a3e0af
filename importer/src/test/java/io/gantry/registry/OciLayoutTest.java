package io.gantry.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gantry.image.ImageException;
import io.gantry.image.MalformedImageException;
import io.gantry.image.UnsupportedImageException;
import io.gantry.source.SourceException;
import io.gantry.testkit.ContainerImage;
import io.gantry.testkit.SourceContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Images in directories and archives, with what is wrong about some. */
final class OciLayoutTest {

  private static final byte[] DISK = SourceContract.bytes(300_007);

  @TempDir Path folder;

  @Test
  void readsADirectoryAndAnArchive() throws Exception {
    ContainerImage image = image("amd64", DISK);
    Path directory = image.writeDirectory(folder.resolve("layout"));
    Path archive = image.writeArchive(folder.resolve("archive"));
    assertThat(TestPulls.of("oci:" + directory).disk()).isEqualTo(DISK);
    assertThat(TestPulls.of("oci-archive:" + archive).disk()).isEqualTo(DISK);
  }

  @Test
  void readsAnImageByItsName() throws Exception {
    Path archive = image("amd64", DISK).writeArchive(folder.resolve("archive"), "debian:13");
    assertThat(TestPulls.of("oci-archive:%s:debian:13".formatted(archive)).disk()).isEqualTo(DISK);
    assertThatThrownBy(() -> TestPulls.of("oci-archive:%s:debian:12".formatted(archive)).open())
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("it has no image \"debian:12\", name one of debian:13");
  }

  @Test
  void choosesByArchitectureInAnIndexOrInTheLayoutItself() throws Exception {
    Map<String, ContainerImage> platforms = new LinkedHashMap<>();
    platforms.put("linux/arm64", image("arm64", new byte[1000]));
    platforms.put("linux/amd64", image("amd64", DISK));
    ContainerImage index = ContainerImage.index(ContainerImage.INDEX, platforms);
    Path directory = index.writeDirectory(folder.resolve("layout"));
    assertThat(TestPulls.of("oci:" + directory).disk()).isEqualTo(DISK);
    Files.write(directory.resolve("index.json"), index.manifest());
    assertThat(TestPulls.of("oci:" + directory).disk()).isEqualTo(DISK);
  }

  @Test
  void takesAnEntryThatNamesNoPlatformExceptInDockersLists() throws Exception {
    Map<String, ContainerImage> unnamed = Map.of("none", image("amd64", DISK));
    Path index =
        ContainerImage.index(ContainerImage.INDEX, unnamed).writeDirectory(folder.resolve("oci"));
    assertThat(TestPulls.of("oci:" + index).disk()).isEqualTo(DISK);
    Path list =
        ContainerImage.index(ContainerImage.DOCKER_LIST, unnamed)
            .writeDirectory(folder.resolve("docker"));
    assertThatThrownBy(() -> TestPulls.of("oci:" + list).open())
        .isInstanceOf(UnsupportedImageException.class)
        .hasMessageContaining("no image found in manifest list for architecture \"amd64\"");
  }

  @Test
  void wantsAnArchitectureOfAnArtifactToBeToldSomewhere() throws Exception {
    ContainerImage artifact =
        ContainerImage.builder().artifact().layer(DISK, "application/vnd.example.disk").build();
    Path alone = artifact.writeDirectory(folder.resolve("alone"));
    assertThat(TestPulls.of("oci:" + alone).architecture("").disk()).isEqualTo(DISK);
    assertThatThrownBy(() -> TestPulls.of("oci:" + alone).architecture("arm64").open())
        .isInstanceOf(UnsupportedImageException.class)
        .hasMessageContaining(
            "manifest image architecture: \"\" doesn't match requested architecture: \"arm64\"");
    Path chosen =
        ContainerImage.index(ContainerImage.INDEX, Map.of("linux/arm64", artifact))
            .writeDirectory(folder.resolve("chosen"));
    assertThat(TestPulls.of("oci:" + chosen).architecture("arm64").disk()).isEqualTo(DISK);
    ContainerImage unnamed = ContainerImage.index(ContainerImage.INDEX, Map.of("none", artifact));
    Path nested =
        ContainerImage.index(ContainerImage.INDEX, Map.of("linux/arm64", unnamed))
            .writeDirectory(folder.resolve("nested"));
    assertThat(TestPulls.of("oci:" + nested).architecture("arm64").disk()).isEqualTo(DISK);
  }

  @Test
  void asksWhichOfSeveralImagesIsMeant() throws Exception {
    Path directory = image("amd64", DISK).writeDirectory(folder.resolve("layout"));
    String index = Files.readString(directory.resolve("index.json"));
    String descriptor = index.substring(index.indexOf('[') + 1, index.lastIndexOf(']'));
    Files.writeString(
        directory.resolve("index.json"), index.replace(descriptor, descriptor + "," + descriptor));
    assertThatThrownBy(() -> TestPulls.of("oci:" + directory).open())
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("it has 2 images, none has a name");
  }

  @Test
  void takesTheImageOfThisMachineWhenNoArchitectureIsAskedFor() throws Exception {
    Path archive = image("made-up", DISK).writeArchive(folder.resolve("archive"));
    assertThat(TestPulls.of("oci-archive:" + archive).architecture("").disk()).isEqualTo(DISK);
  }

  @Test
  void refusesWhatIsNoArchive() throws Exception {
    Path text = Files.writeString(folder.resolve("text"), "no archive".repeat(100));
    assertThatThrownBy(() -> TestPulls.of("oci-archive:" + text).open())
        .isInstanceOf(MalformedImageException.class)
        .hasMessageContaining("is no tar");
    Path gzip =
        Files.write(folder.resolve("gzip"), ContainerImage.gzip(ContainerImage.tar(Map.of())));
    assertThatThrownBy(() -> TestPulls.of("oci-archive:" + gzip).open())
        .isInstanceOf(UnsupportedImageException.class)
        .hasMessageContaining("is compressed (gz): unpack it");
    assertThatThrownBy(() -> TestPulls.of("oci-archive:" + folder.resolve("none")).open())
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("failed to pull image")
        .hasMessageEndingWith("none: no such file")
        .satisfies(e -> assertThat(((SourceException) e).retryable()).isFalse());
    Path empty =
        Files.write(folder.resolve("other"), ContainerImage.tar(Map.of("readme", new byte[9])));
    assertThatThrownBy(() -> TestPulls.of("oci-archive:" + empty).open())
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("has no index.json");
  }

  @Test
  void refusesABlobThatIsMissing() throws Exception {
    ContainerImage image = image("amd64", DISK);
    Path directory = image.writeDirectory(folder.resolve("layout"));
    Files.delete(directory.resolve("blobs").resolve(image.digest().replace(':', '/')));
    assertThatThrownBy(() -> TestPulls.of("oci:" + directory).open())
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("failed to pull image")
        .hasMessageContaining("has no blobs/sha256/");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{|is no JSON",
        "[]|is no JSON object",
        "{\"manifests\":[],\"layers\":[]}|an image and an index at once",
        "{\"manifests\":[{}]}|has no \"size\"",
        "{\"manifests\":[{\"size\":-1}]}|has size -1",
        "{\"manifests\":[{\"size\":1.5}]}|is not a whole number",
        "{\"manifests\":[{\"size\":1e999}]}|is not a whole number",
        "{\"manifests\":[{\"size\":1}]}|has no \"digest\"",
        "{\"manifests\":[{\"size\":1,\"digest\":7}]}|is not a string",
        "{\"manifests\":[{\"size\":1,\"digest\":\"md5:00\"}]}|must be sha256:HEX",
        "{\"manifests\":[{\"size\":1,\"digest\":\"sha256:../../x\"}]}|64 hexadecimal digits",
        "{\"manifests\":7}|is not a list",
        "{\"manifests\":[7]}|is not an object",
        "{\"layers\":[]}|has no \"config\"",
        "{\"fsLayers\":[]}|schema 1",
      })
  void refusesMalformedIndexes(String index, String why) throws IOException {
    Path directory = Files.createDirectory(folder.resolve("layout"));
    Files.writeString(directory.resolve("index.json"), index);
    assertThatThrownBy(() -> TestPulls.of("oci:" + directory).open())
        .isInstanceOf(ImageException.class)
        .hasMessageContaining(why);
  }

  @Test
  void refusesDeepNestingWithoutRecursing() throws Exception {
    Path directory = Files.createDirectory(folder.resolve("layout"));
    Files.writeString(directory.resolve("index.json"), "{\"a\":" + "[".repeat(1_000_000));
    assertThatThrownBy(() -> TestPulls.of("oci:" + directory).open())
        .isInstanceOf(MalformedImageException.class)
        .hasMessageContaining("is no JSON");
  }

  @Test
  void refusesAnIndexThatLeadsToIndexesForEver() throws Exception {
    ContainerImage image = image("amd64", DISK);
    for (int i = 0; i < 6; i++) {
      image = ContainerImage.index(ContainerImage.INDEX, Map.of("none", image));
    }
    Path directory = image.writeDirectory(folder.resolve("layout"));
    assertThatThrownBy(() -> TestPulls.of("oci:" + directory).open())
        .isInstanceOf(MalformedImageException.class)
        .hasMessageContaining("more than 4 times");
  }

  @Test
  void refusesTheBootcImageOfTheReference() {
    Path fixture = Path.of("/work/shared/images/bootc-registry-image.tar");
    assumeTrue(Files.exists(fixture), "no shared images here");
    assertThatThrownBy(() -> TestPulls.of("oci-archive:" + fixture).open())
        .isInstanceOf(UnsupportedImageException.class)
        .hasMessageContaining("bootc image detected");
  }

  @Test
  void neverFailsInAnotherWayWhateverTheArchiveHolds() throws Exception {
    Path archive = image("amd64", new byte[3000]).writeArchive(folder.resolve("archive"));
    byte[] whole = Files.readAllBytes(archive);
    for (int i = 0; i < whole.length; i += 11) {
      byte[] flipped = whole.clone();
      flipped[i] ^= (byte) (1 << (i % 8));
      Files.write(archive, flipped);
      try {
        TestPulls.of("oci-archive:" + archive).disk();
      } catch (ImageException | SourceException expected) {
        assertThat(String.valueOf(expected.getMessage()).lines()).hasSize(1);
      }
    }
  }

  private static ContainerImage image(String architecture, byte[] disk) {
    return ContainerImage.builder()
        .architecture(architecture)
        .layer(ContainerImage.gzip(ContainerImage.tar(Map.of("disk/disk.img", disk))))
        .build();
  }
}
