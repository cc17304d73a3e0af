package io.gantry.target;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiagnosisTest {

  private static TargetException writing(IOException cause) {
    return Diagnosis.of("/data/disk.img", "write 4096 bytes at 8192", false, cause);
  }

  @ParameterizedTest
  @CsvSource({
    "No space left on device, FULL",
    "Disk quota exceeded, FULL",
    "File too large, TOO_SMALL",
    "Input/output error, NOT_WRITABLE",
    "Operation not permitted, NOT_WRITABLE"
  })
  void knowsTheWordsOfTheLibrary(String text, TargetException.Kind kind) {
    TargetException diagnosis = writing(new IOException(text));
    assertThat(diagnosis.kind()).isEqualTo(kind);
    String lowerCase = text.substring(0, 1).toLowerCase(java.util.Locale.ROOT) + text.substring(1);
    assertThat(diagnosis)
        .hasMessageStartingWith("/data/disk.img: cannot write 4096 bytes at 8192: " + lowerCase)
        .hasMessageNotContaining("\n");
  }

  @Test
  void callsALackOfRoomBeforeTheFirstByteTooSmall() {
    TargetException diagnosis =
        Diagnosis.of("disk", "make room", true, new IOException("No space left on device"));
    assertThat(diagnosis.kind()).isEqualTo(TargetException.Kind.TOO_SMALL);
  }

  @Test
  void findsTheReasonInsideAFileSystemException() {
    assertThat(writing(new FileSystemException("/data", null, "Read-only file system")))
        .hasMessageEndingWith("read-only file system");
    assertThat(writing(new AccessDeniedException("/data")))
        .hasMessageEndingWith("permission denied");
  }

  @Test
  void toleratesAnExceptionWithoutWords() {
    assertThat(writing(new IOException())).hasMessageEndingWith("unknown reason");
  }

  @Test
  void doesNotExplainWhatHasBeenExplained() {
    TargetException told = new TargetException(TargetException.Kind.EXISTS, "exists");
    assertThat(writing(told)).isSameAs(told);
  }
}
