package io.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code info}, {@code map} and {@code compare} say is what qemu-img says. */
final class OracleTest {

  private static final String DISK_SIZE = "3000k";
  private static final int DISK_BYTES = 3000 << 10;

  /** Newer versions of qemu-img describe the layers of QEMU's own block graph, too. */
  private static final Set<String> OF_QEMU_ALONE = Set.of("children");

  @TempDir(factory = InMemory.class)
  private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "compat=0.10,cluster_size=512",
        "compat=0.10,cluster_size=64k",
        "cluster_size=512,refcount_bits=1",
        "cluster_size=4k,lazy_refcounts=on",
        "cluster_size=64k",
        "cluster_size=16k,extended_l2=on",
        "cluster_size=2M,extended_l2=on,compression_type=zstd",
        "cluster_size=64k,preallocation=metadata",
        "cluster_size=64k,preallocation=full"
      })
  void describesAndMapsAsQemuImgDoes(String options) throws Exception {
    Path image = folder.resolve("image.qcow2");
    Tool.run("qemu-img", "create", "-q", "-f", "qcow2", "-o", options, image, DISK_SIZE);
    assertInfoAndMap(image);
    for (int utilisation : new int[] {5, 60}) {
      new GuestLife(utilisation, DISK_BYTES, utilisation).live(image);
      assertInfoAndMap(image);
    }
    if (!options.contains("refcount_bits=1")) { // one reference is all that one bit can count
      Tool.run("qemu-img", "snapshot", "-c", "before", image);
      Tool.run("qemu-io", "-f", "qcow2", "-c", "write -P 3 0 " + DISK_BYTES, image);
      assertInfoAndMap(image);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"-c", "-c -o cluster_size=4k,compression_type=zstd", "-S 0", "-o compat=1.1"})
  void mapsWhatQemuImgConverted(String options) throws Exception {
    Path disk = GuestDisk.write(folder.resolve("disk"), DISK_BYTES, 12);
    Path image = folder.resolve("image.qcow2");
    List<Object> words =
        new ArrayList<>(List.of("qemu-img", "convert", "-f", "raw", "-O", "qcow2"));
    words.addAll(List.of(options.split(" ")));
    words.addAll(List.of(disk, image));
    Tool.run(words.toArray());
    assertInfoAndMap(image);
  }

  @Test
  void mapsChainsOfBackingFiles() throws Exception {
    Path base = GuestDisk.write(folder.resolve("base"), DISK_BYTES / 2, 13);
    Path middle = folder.resolve("middle.qcow2");
    Path top = folder.resolve("top.qcow2");
    Tool.runIn(
        folder,
        "qemu-img",
        "create",
        "-q",
        "-f",
        "qcow2",
        "-b",
        "base",
        "-F",
        "raw",
        "-o",
        "cluster_size=4k",
        middle,
        DISK_SIZE);
    new GuestLife(14, DISK_BYTES, 12).live(middle);
    Tool.runIn(
        folder,
        "qemu-img",
        "create",
        "-q",
        "-f",
        "qcow2",
        "-b",
        "middle.qcow2",
        "-F",
        "qcow2",
        "-o",
        "extended_l2=on,cluster_size=16k",
        top,
        "4M");
    new GuestLife(15, DISK_BYTES, 12).live(top);

    Path expected = folder.resolve("expected");
    Path target = folder.resolve("target");
    Tool.run("qemu-img", "convert", "-O", "raw", top, expected);
    InProcess.gantry("convert", top, target).expectRefused(4);
    InProcess.gantry("convert", "--allow-backing", top, target).expectDone();
    Disks.assertSame(expected, target);
    assertMap(top, "--allow-backing");
    assertThat(base).exists();
  }

  @Test
  void comparesAsQemuImgDoes() throws Exception {
    Path disk = GuestDisk.write(folder.resolve("disk"), DISK_BYTES, 16);
    Path same = folder.resolve("same.qcow2");
    Path other = folder.resolve("other.qcow2");
    Path longer = folder.resolve("longer.qcow2");
    Tool.run("qemu-img", "convert", "-c", "-O", "qcow2", disk, same);
    Files.copy(same, longer);
    Tool.run("qemu-img", "resize", "-q", longer, "5M");
    Tool.run("qemu-img", "convert", "-O", "qcow2", disk, other);
    Tool.run("qemu-io", "-f", "qcow2", "-c", "write -P 9 1000001 1", other);

    for (Path one : List.of(disk, same, other, longer)) {
      for (Path two : List.of(disk, same, other, longer)) {
        for (List<String> option : List.of(List.<String>of(), List.of("--strict"))) {
          List<Object> ours = new ArrayList<>(List.of("compare"));
          ours.addAll(option);
          ours.addAll(List.of(one, two));
          List<Object> theirs = new ArrayList<>(List.of("qemu-img", "compare", "-q"));
          theirs.addAll(option.isEmpty() ? List.of() : List.of("-s"));
          theirs.addAll(List.of("-f", format(one), "-F", format(two), one, two));
          assertThat(InProcess.gantry(ours.toArray()).status())
              .as("%s %s %s", option, one, two)
              .isEqualTo(Tool.status(theirs.toArray()));
        }
      }
    }
  }

  private static String format(Path image) {
    return image.toString().endsWith(".qcow2") ? "qcow2" : "raw";
  }

  private static void assertInfoAndMap(Path image) throws Exception {
    JsonObject ours = json(InProcess.gantry("info", "--output", "json", image)).getAsJsonObject();
    JsonObject theirs =
        json(Tool.run("qemu-img", "info", "--output=json", image)).getAsJsonObject();
    OF_QEMU_ALONE.forEach(theirs::remove);
    assertThat(ours.keySet()).containsAll(theirs.keySet());
    for (String key : theirs.keySet()) {
      assertThat(ours.get(key)).as(key).isEqualTo(theirs.get(key));
    }
    assertMap(image);
  }

  private static void assertMap(Path image, String... options) throws Exception {
    List<Object> words = new ArrayList<>(List.of("map", "--output", "json"));
    words.addAll(List.of(options));
    words.add(image);
    JsonElement ours = json(InProcess.gantry(words.toArray()));
    JsonElement theirs = json(Tool.run("qemu-img", "map", "--output=json", image));
    assertThat(MapStretch.joined(ours.getAsJsonArray()))
        .isEqualTo(MapStretch.joined(theirs.getAsJsonArray()));
  }

  private static JsonElement json(Outcome outcome) {
    return json(outcome.expectDone().out());
  }

  private static JsonElement json(String text) {
    return new Gson().fromJson(text, JsonElement.class);
  }

  /** An entry of a map, without what only newer versions of qemu-img tell. */
  private record MapStretch(
      long start, long length, long depth, boolean present, boolean zero, boolean data, long at) {

    static List<MapStretch> joined(JsonArray map) {
      List<MapStretch> joined = new ArrayList<>();
      for (JsonElement entry : map) {
        MapStretch next = of(entry.getAsJsonObject());
        if (!joined.isEmpty() && joined.getLast().continuesIn(next)) {
          joined.add(joined.removeLast().with(next));
        } else {
          joined.add(next);
        }
      }
      return joined;
    }

    private static MapStretch of(JsonObject entry) {
      boolean present = entry.get("present").getAsBoolean();
      return new MapStretch(
          entry.get("start").getAsLong(),
          entry.get("length").getAsLong(),
          // What no layer has is not at any depth; QEMU names the last one asked.
          present ? entry.get("depth").getAsLong() : 0,
          present,
          // QEMU asks the file system for holes in the image file; that tells nothing of the image.
          entry.get("zero").getAsBoolean() && !entry.get("data").getAsBoolean(),
          entry.get("data").getAsBoolean(),
          // QEMU also says where a subcluster would be whose neighbours have been written.
          present && entry.has("offset") ? entry.get("offset").getAsLong() : -1);
    }

    private boolean continuesIn(MapStretch next) {
      return next.start == start + length
          && next.depth == depth
          && next.present == present
          && next.zero == zero
          && next.data == data
          && next.at == (at < 0 ? -1 : at + length);
    }

    private MapStretch with(MapStretch next) {
      return new MapStretch(start, length + next.length, depth, present, zero, data, at);
    }
  }
}
