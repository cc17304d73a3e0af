package io.gantry.runtime;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * The file in which a container leaves its last words for the kubelet, {@code /dev/termination-log}
 * (Kubernetes, "Determine the Reason for Pod Failure").
 *
 * <p>It is a bind-mounted file, so it is written in place, never replaced. The kubelet keeps its
 * first 4096 bytes; what is longer is cut here, between two characters.
 */
public final class TerminationLog {

  /** What the kubelet keeps. */
  public static final int LENGTH_MAX = 4096;

  private final Path file;

  public TerminationLog(Path file) {
    this.file = file;
  }

  /**
   * Leaves {@code text}, on one line; an empty one leaves what is there.
   *
   * @throws IOException when the file cannot be written
   */
  public void write(String text) throws IOException {
    if (text.isEmpty()) {
      return;
    }
    ByteBuffer bytes = ByteBuffer.wrap(cut(text.replace('\n', ' ')));
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
  }

  private static byte[] cut(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= LENGTH_MAX) {
      return bytes;
    }
    int end = LENGTH_MAX;
    while ((bytes[end] & 0xc0) == 0x80) {
      end--;
    }
    return Arrays.copyOf(bytes, end);
  }
}
