package io.gantry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
