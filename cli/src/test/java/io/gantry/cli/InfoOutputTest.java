package io.gantry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.gantry.image.ImageInfo;
import io.gantry.image.SnapshotInfo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

/** The shapes are those that qemu-img 7.2 printed for such images. */
final class InfoOutputTest {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  private static ImageInfo raw(long size) {
    return new ImageInfo(
        "raw",
        size,
        size,
        0,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        false,
        false,
        false,
        List.of(),
        new LinkedHashMap<>());
  }

  private static ImageInfo qcow2(String backingFile) {
    SequencedMap<String, Object> details = new LinkedHashMap<>();
    details.put("compat", "1.1");
    details.put("lazy-refcounts", false);
    details.put("refcount-bits", 16);
    details.put("bitmaps", List.of(new LinkedHashMap<>(java.util.Map.of("name", "b0"))));
    return new ImageInfo(
        "qcow2",
        104857600,
        1703968,
        65536,
        Optional.of(backingFile),
        Optional.of("raw"),
        Optional.empty(),
        true,
        true,
        false,
        List.of(new SnapshotInfo("1", "one", 0, 0, 494650000, 3_723_004_000_000L, -1, 104857600)),
        details);
  }

  @Test
  void describesARawFileByFewFields() throws IOException {
    JsonInfo.print(new Description("r.raw", raw(700), OptionalLong.of(0)), out);
    assertThat(json().toString())
        .isEqualTo(
            "{\"virtual-size\":1024,\"filename\":\"r.raw\",\"format\":\"raw\","
                + "\"actual-size\":0,\"dirty-flag\":false}");
  }

  @Test
  void leavesOutTheSizeOfWhatIsNotHere() throws IOException {
    JsonInfo.print(new Description("http://x/r.raw", raw(512), OptionalLong.empty()), out);
    assertThat(json().has("actual-size")).isFalse();
  }

  @Test
  void namesTheFieldsOfAQcow2ImageAsQemuImgDoes() throws IOException {
    JsonInfo.print(new Description("dir/o.qcow2", qcow2("base"), OptionalLong.of(4096)), out);
    assertThat(json().keySet())
        .containsExactly(
            "snapshots",
            "backing-filename-format",
            "virtual-size",
            "filename",
            "cluster-size",
            "format",
            "actual-size",
            "encrypted",
            "format-specific",
            "full-backing-filename",
            "backing-filename",
            "dirty-flag");
    assertThat(json().get("full-backing-filename").getAsString()).isEqualTo("dir/base");
    assertThat(json().get("format-specific").toString())
        .isEqualTo(
            "{\"type\":\"qcow2\",\"data\":{\"compat\":\"1.1\",\"lazy-refcounts\":false,"
                + "\"refcount-bits\":16,\"bitmaps\":[{\"name\":\"b0\"}]}}");
    assertThat(json().getAsJsonArray("snapshots").get(0).toString())
        .isEqualTo(
            "{\"vm-clock-nsec\":4000000,\"name\":\"one\",\"date-sec\":0,\"date-nsec\":494650000,"
                + "\"vm-clock-sec\":3723,\"id\":\"1\",\"vm-state-size\":0}");
  }

  @Test
  void printsTheLinesOfQemuImgForPeople() {
    HumanInfo.print(new Description("dir/o.qcow2", qcow2("base"), OptionalLong.of(4096)), out);
    assertThat(text().lines())
        .containsSubsequence(
            "image: dir/o.qcow2",
            "file format: qcow2",
            "virtual size: 100 MiB (104857600 bytes)",
            "disk size: 4 KiB",
            "encrypted: yes",
            "cluster_size: 65536",
            "cleanly shut down: no",
            "backing file: base (actual path: dir/base)",
            "backing file format: raw",
            "Snapshot list:",
            "ID        TAG               VM SIZE                DATE     VM CLOCK     ICOUNT",
            "Format specific information:",
            "    compat: 1.1",
            "    lazy refcounts: false",
            "    refcount bits: 16",
            "    bitmaps:",
            "        [0]:",
            "            name: b0");
    assertThat(text()).contains("01:02:03.004");
  }

  @Test
  void leavesCompleteBackingNamesAsTheyAre() {
    for (String name : List.of("/abs/base", "nbd://host/export", "json:{}")) {
      Description description = new Description("dir/o", qcow2(name), OptionalLong.empty());
      assertThat(description.fullBackingFilename()).contains(name);
    }
  }

  @Test
  void keepsControlCharactersOfAnImageFromTheTerminal() {
    HumanInfo.print(new Description("o", qcow2("a\u001b[2Jb\nc"), OptionalLong.empty()), out);
    assertThat(text()).contains("backing file: a?[2Jb?c").doesNotContain("\u001b");
  }

  private String text() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private JsonObject json() throws IOException {
    return Json.object(text());
  }
}
