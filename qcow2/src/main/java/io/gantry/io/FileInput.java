package io.gantry.io;

import io.gantry.linux.Libc;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A local file or block device, read at any position by many threads. */
public final class FileInput implements RandomAccessInput {

  private final String name;
  private final FileChannel channel;
  private final long size;

  private final @Nullable FileHoles holes;

  private FileInput(String name, FileChannel channel, long size, @Nullable FileHoles holes) {
    this.holes = holes;
    this.name = name;
    this.channel = channel;
    this.size = size;
  }

  /** Opens {@code path} for reading; its size is taken now. */
  public static FileInput open(Path path) throws IOException {
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
    return of(path.toString(), channel, new FileHoles(path));
  }

  /** Takes over an open file, with a name for people; closing the input closes it. */
  public static FileInput of(String name, FileChannel channel) throws IOException {
    return of(name, channel, null);
  }

  private static FileInput of(String name, FileChannel channel, @Nullable FileHoles holes)
      throws IOException {
    try {
      return new FileInput(name, channel, channel.size(), holes);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * Returns how many bytes of the file at {@code path} have blocks, where the system says so;
   * java.nio does not.
   */
  public static OptionalLong allocatedBytes(Path path) throws IOException {
    return Libc.isAvailable()
        ? OptionalLong.of(Libc.statx(path).allocatedBytes())
        : OptionalLong.empty();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void readFully(long offset, ByteBuffer dst) throws IOException {
    long at = offset;
    while (dst.hasRemaining()) {
      int count = read(dst, at);
      if (count < 0) {
        throw new EOFException(
            "%s ends at %d, wanted %d more bytes at %d".formatted(name, size, dst.remaining(), at));
      }
      at += count;
    }
  }

  private int read(ByteBuffer dst, long at) throws IOException {
    try {
      return channel.read(dst, at);
    } catch (ClosedChannelException e) {
      throw e;
    } catch (IOException e) {
      throw new InputException(name, e);
    }
  }

  @Override
  public long endOfHole(long offset, long end) throws IOException {
    return holes == null ? offset : holes.endOfHole(offset, end);
  }

  @Override
  public long endOfData(long offset, long end) throws IOException {
    return holes == null ? end : holes.endOfData(offset, end);
  }

  @Override
  public void close() throws IOException {
    try (channel;
        FileHoles _ = holes) {
      // Both are closed, whatever becomes of the first.
    }
  }
}
