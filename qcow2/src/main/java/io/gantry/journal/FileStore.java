package io.gantry.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** A journal in a file of its own, made when the first entry is written. */
final class FileStore implements JournalStore {

  private final Path file;
  private @Nullable FileChannel channel;

  FileStore(Path file) {
    this.file = file;
  }

  @Override
  public ByteBuffer read(int slot) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(SLOT_LENGTH);
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      long at = (long) slot * SLOT_LENGTH;
      while (bytes.hasRemaining() && in.read(bytes, at + bytes.position()) > 0) {
        // reads on
      }
    } catch (NoSuchFileException e) {
      return bytes.limit(0);
    }
    return bytes.flip();
  }

  @Override
  public void write(int slot, ByteBuffer bytes) throws IOException {
    FileChannel out = channel();
    long at = (long) slot * SLOT_LENGTH;
    while (bytes.hasRemaining()) {
      at += out.write(bytes, at);
    }
    out.force(false);
  }

  private FileChannel channel() throws IOException {
    FileChannel opened = channel;
    if (opened == null) {
      opened = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
      channel = opened;
      syncDirectory();
    }
    return opened;
  }

  @Override
  public void remove() throws IOException {
    close();
    if (Files.deleteIfExists(file)) {
      syncDirectory();
    }
  }

  @Override
  public boolean outlivesDisk() {
    return true;
  }

  /** A name comes and goes for good only with its directory (fsync(2)). */
  private void syncDirectory() throws IOException {
    try (FileChannel directory =
        FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
      directory.force(true);
    }
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
      channel = null;
    }
  }
}
