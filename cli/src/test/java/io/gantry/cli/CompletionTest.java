package io.gantry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CompletionTest {

  @ParameterizedTest
  @ValueSource(strings = {"bash", "zsh", "fish"})
  void knowsEveryCommandAndOption(String shell) {
    String script = CommandRun.of("completion", shell).out();
    assertThat(script).contains(Commands.NAMES);
    for (String name : Commands.NAMES) {
      Commands.require(name)
          .options()
          .forEach(
              option ->
                  assertThat(script)
                      .contains(shell.equals("fish") ? "-l " + option.name() : "" + option));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1|gantry con|convert",
        "2|gantry convert --prea|--preallocation",
        "3|gantry convert --preallocation f|falloc full",
        "2|gantry help co|convert compare completion",
        "2|gantry completion z|zsh",
      })
  void completesInBash(int word, String line, String expected, @TempDir Path directory)
      throws IOException, InterruptedException {
    Path script = directory.resolve("test");
    Files.writeString(
        script,
        CommandRun.of("completion", "bash").out()
            + "COMP_WORDS=(%s); COMP_CWORD=%d; _gantry; echo \"${COMPREPLY[@]}\""
                .formatted(line, word));
    Process bash = new ProcessBuilder("bash", script.toString()).redirectErrorStream(true).start();
    String answer = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor()).isZero();
    assertThat(answer.strip()).isEqualTo(expected);
  }

  @Test
  void fishScriptHasOneLineAnOption() {
    assertThat(CommandRun.of("completion", "fish").out().lines().skip(1))
        .allSatisfy(line -> assertThat(line).startsWith("complete -c gantry -n "));
  }
}
