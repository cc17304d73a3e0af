package io.gantry.target;

import io.gantry.linux.Fd;
import io.gantry.linux.Libc;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A file or device through our own descriptor, which java.nio cannot open for us: exclusively, or
 * past the page cache.
 *
 * <p>Whole blocks in a buffer that suits the kernel go to it as they are; other buffers are copied
 * on the way. A piece of a block is put into what is there already, under one lock: the other part
 * of the block may belong to a neighbour who is writing it now. There are at most two such pieces
 * to a write, so one lock for all of them is enough.
 */
final class FdStorage implements Storage {

  private final Fd fd;
  private final Alignment alignment;
  private final AlignedBuffers buffers;
  private final ReentrantLock patching = new ReentrantLock();

  FdStorage(Fd fd, Alignment alignment) {
    this.fd = fd;
    this.alignment = alignment;
    this.buffers = new AlignedBuffers(alignment);
  }

  @Override
  public void write(long offset, ByteBuffer src) throws IOException {
    int start = src.position();
    while (src.hasRemaining()) {
      long at = offset + (src.position() - start);
      if (alignment.skew(at) != 0 || src.remaining() < alignment.block()) {
        patchBlock(at, src);
      } else {
        writeBlocks(at, src);
      }
    }
  }

  private void writeBlocks(long at, ByteBuffer src) throws IOException {
    int length = (int) alignment.down(src.remaining());
    if (alignment.suits(src)) {
      int limit = src.limit();
      try {
        writeAll(at, src.limit(src.position() + length));
      } finally {
        src.limit(limit);
      }
      return;
    }
    ByteBuffer copy = buffers.take();
    try {
      writeAll(at, fill(copy, src, Math.min(length, wholeBlocks(copy))));
    } finally {
      buffers.give(copy);
    }
  }

  private int wholeBlocks(ByteBuffer buffer) {
    return (int) alignment.down(buffer.capacity());
  }

  /** Moves {@code length} bytes into {@code copy} and turns it round. */
  private static ByteBuffer fill(ByteBuffer copy, ByteBuffer src, int length) {
    copy.put(0, src, src.position(), length).position(0).limit(length);
    src.position(src.position() + length);
    return copy;
  }

  private void writeAll(long offset, ByteBuffer src) throws IOException {
    long at = offset;
    while (src.hasRemaining()) {
      at += Libc.pwrite(fd, src, at);
    }
  }

  private void patchBlock(long at, ByteBuffer src) throws IOException {
    int skew = alignment.skew(at);
    int length = Math.min(src.remaining(), alignment.block() - skew);
    ByteBuffer block = buffers.take();
    patching.lock();
    try {
      readBlocks(at - skew, block.limit(alignment.block()));
      block.put(skew, src, src.position(), length).position(0);
      writeAll(at - skew, block);
      src.position(src.position() + length);
    } finally {
      patching.unlock();
      buffers.give(block);
    }
  }

  @Override
  public void readFully(long offset, ByteBuffer dst) throws IOException {
    int start = dst.position();
    while (dst.hasRemaining()) {
      long at = offset + (dst.position() - start);
      if (alignment.skew(at) == 0 && alignment.skew(dst.remaining()) == 0 && alignment.suits(dst)) {
        readBlocks(at, dst);
      } else {
        readAround(at, dst);
      }
    }
  }

  /** Reads the blocks that hold the next bytes, and hands on those that were asked for. */
  private void readAround(long at, ByteBuffer dst) throws IOException {
    int skew = alignment.skew(at);
    ByteBuffer blocks = buffers.take();
    try {
      int room = wholeBlocks(blocks);
      int length = Math.min(dst.remaining(), room - skew);
      readBlocks(at - skew, blocks.limit((int) alignment.up(skew + length)));
      dst.put(dst.position(), blocks, skew, length).position(dst.position() + length);
    } finally {
      buffers.give(blocks);
    }
  }

  private void readBlocks(long offset, ByteBuffer dst) throws IOException {
    long at = offset;
    while (dst.hasRemaining()) {
      int count = Libc.pread(fd, dst, at);
      if (count == 0) {
        throw new EOFException(
            "%s ends at %d, wanted %d more bytes".formatted(fd, at, dst.remaining()));
      }
      at += count;
    }
  }

  @Override
  public void datasync() throws IOException {
    Libc.fdatasync(fd);
  }

  @Override
  public void sync() throws IOException {
    Libc.fsync(fd);
  }

  @Override
  public void close() throws IOException {
    fd.close();
  }
}
