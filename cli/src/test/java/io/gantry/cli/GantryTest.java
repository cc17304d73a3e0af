package io.gantry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.runtime.Env;
import io.gantry.testkit.CannedServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class GantryTest {

  private static final Pattern ONE_LINE = Pattern.compile("gantry: [^\n]+\n");

  @Test
  void printsItsVersion() {
    CommandRun run = CommandRun.of("--version");
    assertThat(run.status()).isZero();
    assertThat(run.out()).matches("gantry \\d+\\.\\d+\\.\\d+\\S*\n");
  }

  @Test
  void listsTheCommandsWhenCalledWithoutAny() {
    CommandRun run = CommandRun.of();
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains(Commands.NAMES);
  }

  static Stream<String> commands() {
    return Commands.NAMES.stream();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void answersHelpForEveryCommand(String name) {
    CommandRun asked = CommandRun.of(name, "--help");
    assertThat(asked.status()).isZero();
    assertThat(asked.err()).isEmpty();
    assertThat(asked.out()).isEqualTo(CommandRun.of("help", name).out());
    Commands.require(name)
        .options()
        .forEach(option -> assertThat(asked.out()).contains("" + option));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void helpFitsOnATerminal(String name) {
    assertThat(CommandRun.of("help", name).out().lines())
        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(100));
  }

  /** 0.1 of the worker contract: the args of the pod, after the entry point's own. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-alsologtostderr -v=1|1",
        "-alsologtostderr=true --v 3 --vmodule=x=1 -log_dir /tmp|1",
        "--verbose|1",
        "-no_such_flag|2",
        "-v=high|2",
        "-v|2"
      })
  void importTakesTheFlagsOfTheImportersContainer(String flags, int status, @TempDir Path root) {
    List<String> words = new ArrayList<>(List.of("import"));
    words.addAll(List.of(flags.split(" ")));

    CommandRun run =
        CommandRun.withEnvironment(
            Map.of("GANTRY_ROOT", root.toString(), "PREALLOCATION", "no"),
            words.toArray(String[]::new));

    assertThat(run.status()).as(run.err()).isEqualTo(status);
    assertThat(run.err()).contains(status == 1 ? "PREALLOCATION is \"no\"" : "flag");
  }

  @Test
  void convertExplainsUnitsAndExitStatus() {
    assertThat(CommandRun.of("help", "convert").out())
        .contains("10G, 1.5T", "Examples:", "Exit status:", "  7  scratch space");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "convrt a b|unknown command \"convrt\", did you mean convert?",
        "zzz|unknown command \"zzz\"",
        "help zzz|unknown command \"zzz\"",
        "convert --forse a b|unknown option --forse, did you mean --force?",
        "convert --sise=3 a b|unknown option --sise, did you mean --size?",
        "convert --zzzzzz a b|unknown option --zzzzzz",
        "convert|no SOURCE given",
        "convert a|no TARGET given",
        "convert a b c|unexpected operand \"c\"",
        "convert a b --size|--size needs a value",
        "convert --size 1 --size 2 a b|--size given more than once",
        "convert --size 12Q a b|size \"12Q\" is no number of bytes",
        "convert --threads 0 a b|--threads is \"0\", must be a number from 1 to 256",
        "convert --threads x a b|--threads is \"x\", must be a number from 1 to 256",
        "convert --progress loud a b|--progress is \"loud\", must be one of auto, plain, json,"
            + " none",
        "convert --source-format vmdk a b|--source-format is \"vmdk\", must be one of raw, qcow2",
        "convert --checksum 12 a b|checksum \"12\" has no algorithm, write sha256:HEX",
        "convert --digest crc a b|unknown digest algorithm \"crc\"",
        "convert --scratch /nowhere a b|/nowhere: --scratch must be an existing directory",
        "convert ftp://host/file b|ftp://host/file: ftp:// is not supported",
        "convert s3://bucket b|s3://bucket: the URL names no object",
        "convert --user me s3://bucket/key b|--user is for web servers, S3 takes credentials from",
        "convert gs://bucket b|gs://bucket: the URL names no object",
        "convert file://host/a b|file://host/a: write a local file as file:///path",
        "convert a -|TARGET cannot be a pipe",
        "info -h x|",
        "completion tcsh|no completion for \"tcsh\"",
      })
  void refusesWrongUsageInOneLineWithAHint(String line, String message) {
    CommandRun run = CommandRun.of(line.split(" "));
    if (message == null) {
      assertThat(run.status()).isZero();
      return;
    }
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).matches(ONE_LINE).contains(message).contains("(see gantry ");
  }

  @Test
  void reportsAMissingSourceAsOne(@TempDir Path directory) {
    CommandRun run =
        CommandRun.of(
            "convert",
            directory.resolve("missing").toString(),
            directory.resolve("disk").toString());
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err()).matches(ONE_LINE).contains("missing: no such file");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void reportsADirectoryAsSourceAsOne(@TempDir Path directory) {
    CommandRun run = CommandRun.of("info", directory.toString());
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err()).matches(ONE_LINE).contains("is a directory");
  }

  @Test
  void refusesToConvertAFileOntoItselfUnderAnyName(@TempDir Path directory) throws Exception {
    Path file = Files.write(directory.resolve("disk"), new byte[512]);
    Path link = Files.createSymbolicLink(directory.resolve("link"), file);
    Path hardLink = Files.createLink(directory.resolve("hard"), file);
    for (Path other : new Path[] {file, link, hardLink}) {
      CommandRun run = CommandRun.of("convert", "--force", file.toString(), other.toString());
      assertThat(run.status()).isEqualTo(2);
      assertThat(run.err()).matches(ONE_LINE).contains("SOURCE and TARGET are the same file");
    }
    assertThat(file).hasSize(512);
  }

  @Test
  void refusesAPageInsteadOfADisk(@TempDir Path directory) throws IOException {
    byte[] page = "<html><title>Log in</title></html>".getBytes(StandardCharsets.UTF_8);
    byte[] answer = CannedServer.answer("HTTP/1.1 200 OK\nContent-Length: " + page.length, page);
    Path disk = directory.resolve("disk");
    try (CannedServer server = CannedServer.saying((_, _) -> answer)) {
      String url = server.url("/disk.img");
      CommandRun refused = CommandRun.of("convert", url, disk.toString());
      assertThat(refused.status()).isEqualTo(ExitStatus.IMAGE.code());
      assertThat(refused.err())
          .contains(": holds an HTML page: \"<title>Log in</title></html>\", not an image")
          .endsWith("(--no-content-guard)\n");
      assertThat(disk).doesNotExist();
      CommandRun taken = CommandRun.of("convert", "--no-content-guard", url, disk.toString());
      assertThat(taken.status()).isZero();
      assertThat(Arrays.copyOf(Files.readAllBytes(disk), page.length)).isEqualTo(page);
    }
    Path local = Files.write(directory.resolve("page"), page);
    assertThat(CommandRun.of("convert", "--force", local.toString(), disk.toString()).status())
        .isZero();
  }

  @Test
  void showsStackTracesOnlyWhenAskedTo(@TempDir Path directory) {
    String missing = directory.resolve("missing").toString();
    assertThat(CommandRun.of("info", missing).err()).doesNotContain("\tat ");
    assertThat(CommandRun.of("info", "--verbose", missing).err()).contains("\tat io.gantry");
  }

  @Test
  void keepsAStrangersEscapeSequencesFromTheTerminal(@TempDir Path directory) {
    CommandRun run = CommandRun.of("info", directory + "/\u001b[31mred\nline");
    assertThat(run.err()).matches(ONE_LINE).contains("?[31mred?line");
  }

  @Test
  void takesOperandsThatLookLikeOptionsBehindTwoDashes(@TempDir Path directory) {
    assertThat(CommandRun.of("info", "--", "--nothing").err()).contains("--nothing: no such file");
  }

  @Test
  void saysThatStandardOutputCannotBeWritten(@TempDir Path dir) throws IOException {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    try (PrintStream full = new PrintStream(new FullDisk(), false, StandardCharsets.UTF_8)) {
      Shell shell =
          new Shell(
              Channels.newChannel(InputStream.nullInputStream()),
              full,
              new PrintStream(err, true, StandardCharsets.UTF_8),
              Env.of(Map.of()),
              false);
      Path image = Files.write(dir.resolve("disk.raw"), new byte[4096]);
      assertThat(Gantry.run(List.of("info", "" + image), shell)).isEqualTo(1);
    }
    assertThat(err.toString(StandardCharsets.UTF_8))
        .matches(ONE_LINE)
        .contains("standard output: cannot be written");
  }

  @Test
  void aFileOfAuthoritiesThatIsNoneIsAMistakeInTheCommand(@TempDir Path dir) throws IOException {
    Path junk = Files.writeString(dir.resolve("ca.pem"), "junk");
    for (String file : List.of("" + junk, "" + dir.resolve("missing.pem"))) {
      CommandRun run =
          CommandRun.of(
              "convert", "--ca-file", file, "https://localhost:1/x", "" + dir.resolve("out"));
      assertThat(run.status()).isEqualTo(2);
      assertThat(run.err()).matches(ONE_LINE).contains("CA file " + file);
    }
  }

  /** Writes like /dev/full. */
  private static final class FullDisk extends OutputStream {

    @Override
    public void write(int b) throws IOException {
      throw new IOException("No space left on device");
    }
  }
}
