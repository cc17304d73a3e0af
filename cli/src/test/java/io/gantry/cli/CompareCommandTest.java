package io.gantry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CompareCommandTest {

  private static final long MIB = 1 << 20;

  @TempDir Path directory;

  private String disk(String name, long length, long... dataAt) throws IOException {
    Path path = directory.resolve(name);
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(length);
      for (long at : dataAt) {
        file.seek(at);
        file.write('x');
      }
    }
    return path.toString();
  }

  @Test
  void findsEqualDisksIdentical() throws IOException {
    CommandRun run =
        CommandRun.of("compare", disk("a", 3 * MIB, 5, 2 * MIB), disk("b", 3 * MIB, 5, 2 * MIB));
    assertThat(run).isEqualTo(new CommandRun(0, "Images are identical.\n", ""));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 511, 512, 262143, 262144, 3 * MIB - 1})
  void namesTheSectorOfTheFirstDifference(long offset) throws IOException {
    CommandRun run =
        CommandRun.of("compare", disk("a", 3 * MIB, MIB), disk("b", 3 * MIB, MIB, offset));
    long sector = offset / 512 * 512;
    assertThat(run)
        .isEqualTo(new CommandRun(1, "Content mismatch at offset " + sector + "!\n", ""));
  }

  @Test
  void takesALongerDiskThatEndsInZerosForIdentical() throws IOException {
    CommandRun run = CommandRun.of("compare", disk("a", MIB, 5), disk("b", 2 * MIB, 5));
    assertThat(run)
        .isEqualTo(new CommandRun(0, "Warning: Image size mismatch!\nImages are identical.\n", ""));
  }

  @Test
  void findsDataBehindTheEndOfTheShorterDisk() throws IOException {
    CommandRun run = CommandRun.of("compare", disk("a", MIB), disk("b", 2 * MIB, 2 * MIB - 1));
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).endsWith("Content mismatch at offset " + (2 * MIB - 512) + "!\n");
  }

  @Test
  void strictlyASizeIsADifference() throws IOException {
    CommandRun run = CommandRun.of("compare", "--strict", disk("a", MIB), disk("b", 2 * MIB));
    assertThat(run).isEqualTo(new CommandRun(1, "Strict mode: Image size mismatch!\n", ""));
  }

  @Test
  void comparesWhatDoesNotFillASector() throws IOException {
    assertThat(CommandRun.of("compare", disk("a", 700, 699), disk("b", 1024, 699)).status())
        .isZero();
    assertThat(CommandRun.of("compare", disk("a", 700, 1), disk("c", 700, 699)).status())
        .isEqualTo(1);
  }

  @Test
  void answersProgramsInJson() throws IOException {
    CommandRun run =
        CommandRun.of("compare", "--output", "json", disk("a", MIB), disk("b", 2 * MIB, MIB));
    JsonObject json = Json.object(run.out());
    assertThat(run.status()).isEqualTo(1);
    assertThat(json.get("identical").getAsBoolean()).isFalse();
    assertThat(json.get("mismatch").getAsString()).isEqualTo("content");
    assertThat(json.get("mismatch-offset").getAsLong()).isEqualTo(MIB);
    assertThat(json.get("virtual-sizes").toString()).isEqualTo("[1048576,2097152]");
  }

  @Test
  void saysMoreThanOneWhenItCannotCompare() throws IOException {
    CommandRun run = CommandRun.of("compare", disk("a", MIB), directory + "/none");
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err()).contains("none: no such file");
  }
}
