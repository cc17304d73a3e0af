package io.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TerminationLogTest {

  @TempDir private Path folder;

  private Path file;
  private TerminationLog log;

  @BeforeEach
  void mountAFile() throws IOException {
    file = Files.writeString(folder.resolve("termination-log"), "what was there before");
    log = new TerminationLog(file);
  }

  @Test
  void writesInPlaceOnOneLine() throws IOException {
    Object inode = Files.getAttribute(file, "unix:ino");

    log.write("first\nsecond");

    assertThat(file).hasContent("first second");
    assertThat(Files.getAttribute(file, "unix:ino")).isEqualTo(inode);
  }

  @Test
  void leavesWhatIsThereWhenThereIsNothingToSay() throws IOException {
    log.write("");

    assertThat(file).hasContent("what was there before");
  }

  @Test
  void cutsAtWhatTheKubeletKeepsAndBetweenCharacters() throws IOException {
    log.write("x".repeat(TerminationLog.LENGTH_MAX - 1) + "ä" + "y");

    assertThat(file).hasContent("x".repeat(TerminationLog.LENGTH_MAX - 1));
  }
}
