package io.gantry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.gantry.testkit.LoopDevice;
import io.gantry.testkit.Nginx;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ExplainCommandTest {

  private static final int SIZE = 3 << 20;

  @TempDir Path directory;

  private Path disk() throws IOException {
    return Files.write(directory.resolve("disk"), new byte[SIZE]);
  }

  @Test
  void saysWhatARawDiskNeeds() throws IOException {
    CommandRun run = CommandRun.of("explain", disk().toString());

    assertThat(run.status()).isZero();
    assertThat(run.out())
        .contains("image          raw\n")
        .contains("virtual size   3 MiB (3145728 bytes)\n")
        .contains("scratch space  none\n")
        .contains("volume         at least 3.18 MiB (3334472 bytes) with an overhead of 0.06\n");
  }

  @Test
  void doesNotKnowTheSizeOfACompressedDiskBeforehand() throws IOException {
    Path compressed = directory.resolve("disk.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(compressed))) {
      out.write(new byte[SIZE]);
    }

    JsonObject json = json("explain", "--output", "json", compressed.toString());

    assertThat(json.get("virtual-size").isJsonNull()).isTrue();
    assertThat(json.get("volume-size").isJsonNull()).isTrue();
    assertThat(json.get("compressions").toString()).isEqualTo("[\"gz\"]");
    assertThat(json.get("plan").getAsString()).isEqualTo("stream");
  }

  @Test
  void looksAtTheTargetAndLeavesItAlone() throws IOException {
    Path target = directory.resolve("target");

    JsonObject json =
        json("explain", "--output", "json", disk().toString(), target.toString())
            .getAsJsonObject("target");

    assertThat(json.get("kind").getAsString()).isEqualTo("new file");
    assertThat(json.get("fits").getAsBoolean()).isTrue();
    assertThat(target).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "700     | ends inside a sector of 512 bytes, and is filled up to 1024 bytes",
        "1536    | whole sectors of 512 bytes, but not of 4096; no whole MiB",
        "8192    | whole sectors of 512 and of 4096 bytes; no whole MiB",
        "2097152 | whole sectors of 512 and of 4096 bytes; whole MiB"
      })
  void saysWhereTheDiskEnds(int size, String text) throws IOException {
    Path disk = Files.write(directory.resolve("odd"), new byte[size]);

    CommandRun run = CommandRun.of("explain", disk.toString());
    JsonObject alignment =
        json("explain", "--output", "json", disk.toString()).getAsJsonObject("alignment");

    assertThat(run.out()).contains("alignment      " + text + "\n");
    assertThat(alignment.get("disk-size").getAsInt()).isEqualTo((size + 511) / 512 * 512);
    assertThat(alignment.get("multiple-of-512").getAsBoolean()).isEqualTo(size % 512 == 0);
    assertThat(alignment.get("multiple-of-4096").getAsBoolean()).isEqualTo(size % 4096 == 0);
    assertThat(alignment.get("multiple-of-1048576").getAsBoolean()).isEqualTo(size == 2 << 20);
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 4096})
  void saysHowTheDiskEndsOnADevice(int sector) throws IOException {
    Path disk = Files.write(directory.resolve("odd"), new byte[8192 + 512]);
    Path backing = Files.write(directory.resolve("backing"), new byte[1 << 20]);
    try (LoopDevice device = LoopDevice.attach(backing, sector)) {
      String path = device.path().toString();

      CommandRun run = CommandRun.of("explain", disk.toString(), path);
      JsonObject target =
          json("explain", "--output", "json", disk.toString(), path).getAsJsonObject("target");

      assertThat(run.out())
          .contains("target         " + path + ", block device with room for 1 MiB")
          .contains(
              sector == 512
                  ? "logical sectors of 512 bytes, the disk ends with one\n"
                  : "logical sectors of 4096 bytes, the disk ends 512 bytes into one");
      assertThat(target.get("logical-sector-size").getAsInt()).isEqualTo(sector);
      assertThat(target.get("aligned").getAsBoolean()).isEqualTo(sector == 512);
      assertThat(target.get("fits").getAsBoolean()).isTrue();
    }
  }

  @Test
  void saysWithWhatAServerIsAskedAndNotWhatItIs() throws Exception {
    Path web = Files.createDirectory(directory.resolve("web"));
    Files.write(web.resolve("disk"), new byte[SIZE]);
    try (Nginx server = Nginx.serve(web)) {
      String url = server.url("disk");

      assertThat(CommandRun.of("explain", url).out())
          .contains("credentials    none\n")
          .contains("ranges         yes\n")
          .contains("ETag ");
      CommandRun run =
          CommandRun.of("explain", "--user", "me:pass", "--header", "X-Token: gold", url);
      assertThat(run.out())
          .contains("credentials    user and password and headers, for this server alone\n")
          .doesNotContain("pass\n", "gold");
      assertThat(
              json("explain", "--output", "json", url.replace("//", "//me:secret@"))
                  .get("credentials")
                  .getAsString())
          .isEqualTo("user and password, for this server alone");
    }
  }

  @Test
  void refusesATargetThatIsNeitherFileNorDevice() throws IOException {
    CommandRun run = CommandRun.of("explain", disk().toString(), "/dev/null");

    assertThat(run.status()).isEqualTo(5);
    assertThat(run.err()).contains("/dev/null: is neither a regular file nor a block device");
  }

  @Test
  void refusesAnOverheadThatIsNoFraction() throws IOException {
    CommandRun run = CommandRun.of("explain", "--overhead", "6", disk().toString());

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("--overhead 6: must be a fraction, 0 to 1");
  }

  private static JsonObject json(String... words) {
    CommandRun run = CommandRun.of(words);
    assertThat(run.err()).isEmpty();
    return JsonParser.parseString(run.out()).getAsJsonObject();
  }
}
