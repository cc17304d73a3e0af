package io.gantry.importer;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.gcs.FakeStorage;
import io.gantry.runtime.Env;
import io.gantry.s3.Store;
import io.gantry.testkit.ContainerImage;
import io.gantry.testkit.Mount;
import io.gantry.testkit.Qcow2Builder;
import io.gantry.testkit.SourceContract;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The importer pod, from object stores. */
@Timeout(60)
final class ObjectStoreImportTest {

  private static final int CLUSTER = 64 << 10;

  @TempDir private Path root;

  private final byte[] disk = new byte[16 * CLUSTER];
  private byte[] image;
  private Path message;

  @BeforeEach
  void mount() throws IOException {
    Files.createDirectory(root.resolve("dev"));
    Files.createDirectory(root.resolve("data"));
    Files.createDirectory(root.resolve("google"));
    message = Files.writeString(root.resolve("dev/termination-log"), "");
    System.arraycopy(SourceContract.bytes(3 * CLUSTER), 0, disk, 5 * CLUSTER, 3 * CLUSTER);
    Qcow2Builder builder = new Qcow2Builder(16).size(disk.length).l1().l2(0);
    for (int i = 5; i < 8; i++) {
      builder.data(i, Arrays.copyOfRange(disk, i * CLUSTER, (i + 1) * CLUSTER));
    }
    image = builder.build();
  }

  @Test
  void fillsAVolumeFromS3() throws Exception {
    try (Store store = Store.start().put("disk.qcow2", image)) {
      assertThat(run(s3(store.url("disk.qcow2")))).isZero();
      assertThat(Files.readAllBytes(root.resolve("data/disk.img"))).isEqualTo(disk);
    }
  }

  private static Map<String, String> s3(String endpoint) {
    return Map.of(
        "IMPORTER_SOURCE",
        "s3",
        "IMPORTER_ENDPOINT",
        endpoint,
        "IMPORTER_ACCESS_KEY_ID",
        Store.KEY_ID,
        "IMPORTER_SECRET_KEY",
        Store.SECRET);
  }

  private Map<String, String> gcs(FakeStorage storage, String object) throws IOException {
    storage.credentials(root.resolve("google"));
    return Map.of(
        "IMPORTER_SOURCE",
        "gcs",
        "IMPORTER_ENDPOINT",
        storage.url(object),
        "GOOGLE_APPLICATION_CREDENTIALS",
        "/google/credentials.json");
  }

  private static Map<String, String> asArchive(Map<String, String> variables) {
    Map<String, String> all = new HashMap<>(variables);
    all.put("IMPORTER_CONTENTTYPE", "archive");
    return all;
  }

  /** Row 12: the reference wipes the volume and fails. */
  @Test
  void unpacksAnArchiveFromAnObjectStoreIntoTheMountedVolume() throws Exception {
    byte[] archive = ContainerImage.tar(Map.of("deep/file", disk));
    for (String kind : List.of("s3", "gcs")) {
      try (Mount volume = Mount.tmpfs(root, 8 << 20);
          Store store = Store.start().put("a.tar", archive);
          FakeStorage storage = FakeStorage.start().put("bucket/a.tar", archive)) {
        Files.delete(root.resolve("data"));
        Files.createSymbolicLink(root.resolve("data"), volume.folder());
        Files.writeString(volume.folder().resolve("other"), "was there before");

        assertThat(
                run(
                    asArchive(
                        kind.equals("s3") ? s3(store.url("a.tar")) : gcs(storage, "bucket/a.tar"))))
            .as(kind)
            .isZero();

        assertThat(Files.readAllBytes(volume.folder().resolve("deep/file"))).isEqualTo(disk);
        assertThat(volume.folder().resolve("other")).hasContent("was there before");
        assertThat(Files.readString(message)).contains("Import Complete");
      }
    }
  }

  /** Row 32. */
  @Test
  void refusesAnImageCutShortInAnObjectStore() throws Exception {
    byte[] cut = Arrays.copyOf(image, image.length - CLUSTER);
    try (Store store = Store.start().put("cut.qcow2", cut);
        FakeStorage storage = FakeStorage.start().put("bucket/cut.qcow2", cut)) {
      for (Map<String, String> source :
          List.of(s3(store.url("cut.qcow2")), gcs(storage, "bucket/cut.qcow2"))) {
        assertThat(run(source)).isEqualTo(1);
        assertThat(Files.readString(message))
            .startsWith("Unable to process data: ")
            .contains("truncated");
        assertThat(root.resolve("data/disk.img")).doesNotExist();
      }
    }
  }

  @Test
  void saysInTheWordsOfCdiThatS3Refuses() throws Exception {
    try (Store store = Store.start()) {
      assertThat(run(Map.of("IMPORTER_SOURCE", "s3", "IMPORTER_ENDPOINT", store.url("none"))))
          .isEqualTo(1);
      assertThat(Files.readString(message))
          .startsWith(
              "Unable to connect to s3 data source: could not get s3 object: \"images/none\": ");
    }
  }

  @Test
  void saysThatHalfOfTheKeysIsMissing() throws Exception {
    assertThat(
            run(
                Map.of(
                    "IMPORTER_SOURCE",
                    "s3",
                    "IMPORTER_ENDPOINT",
                    "http://127.0.0.1:1/images/disk",
                    "IMPORTER_ACCESS_KEY_ID",
                    "somebody")))
        .isEqualTo(1);
    assertThat(Files.readString(message))
        .startsWith(
            "Unable to connect to s3 data source: could not get s3 object: \"images/disk\":"
                + " EmptyStaticCreds: static credentials are empty");
  }

  @Test
  void fillsAVolumeFromCloudStorage() throws Exception {
    try (FakeStorage storage = FakeStorage.start().put("bucket/disk.qcow2", image)) {
      assertThat(run(gcs(storage, "bucket/disk.qcow2"))).isZero();
      assertThat(Files.readAllBytes(root.resolve("data/disk.img"))).isEqualTo(disk);
    }
  }

  @Test
  void saysThatAnEndpointNamesNoObject() throws Exception {
    for (String source : List.of("s3", "gcs")) {
      assertThat(run(Map.of("IMPORTER_SOURCE", source, "IMPORTER_ENDPOINT", "http://host/bucket")))
          .isEqualTo(1);
      assertThat(Files.readString(message))
          .startsWith("Unable to connect to " + source + " data source: the URL names no object");
    }
  }

  private int run(Map<String, String> variables) {
    Map<String, String> all = new HashMap<>(variables);
    all.put("GANTRY_ROOT", root.toString());
    all.put("GANTRY_METRICS_PORT", "0");
    all.put("PREALLOCATION", "false");
    PrintStream log = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    return ImporterMain.run(List.of(), Env.of(all), log);
  }
}
