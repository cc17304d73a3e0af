package io.gantry.transfer;

import io.gantry.io.FileInput;
import io.gantry.io.RandomAccessInput;
import io.gantry.target.Diagnosis;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A temporary file in the scratch directory. Its name is gone as soon as it is open, so that
 * nothing stays behind however the run ends.
 */
final class Scratch implements Closeable {

  private final Path directory;
  private final FileChannel channel;
  private final Progress progress;

  private Scratch(Path directory, FileChannel channel, Progress progress) {
    this.directory = directory;
    this.channel = channel;
    this.progress = progress;
  }

  static Scratch create(Path directory, Progress progress) throws IOException {
    try {
      Path file = Files.createTempFile(directory, "gantry-", ".scratch");
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
      Files.delete(file);
      return new Scratch(directory, channel, progress);
    } catch (IOException e) {
      throw Diagnosis.of("scratch directory " + directory, "create a file", false, e);
    }
  }

  void write(long offset, ByteBuffer bytes) throws IOException {
    int count = bytes.remaining();
    try {
      long at = offset;
      while (bytes.hasRemaining()) {
        at += channel.write(bytes, at);
      }
    } catch (IOException e) {
      String deed = "write %d bytes at %d".formatted(count, offset);
      throw Diagnosis.of("scratch directory " + directory, deed, false, e);
    }
    progress.scratch(count);
  }

  /** Returns what was written, for reading; closing it closes the scratch file. */
  RandomAccessInput asInput(String name) throws IOException {
    return FileInput.of(name, channel);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
