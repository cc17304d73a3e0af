package io.gantry.e2e;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A disk in a file, of which only the parts that hold data are read: some are larger than all the
 * disks of this world.
 */
final class SparseFile {

  private static final int BLOCK = 64 << 10;

  /** lseek(2), {@code SEEK_DATA}: java.nio cannot ask where data begins. */
  private static final int SEEK_DATA = 3;

  private static final int O_RDONLY = 0;
  private static final MethodHandle OPEN =
      downcall(
          "open",
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle LSEEK =
      downcall(
          "lseek",
          FunctionDescriptor.of(
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT));
  private static final MethodHandle CLOSE =
      downcall("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

  private SparseFile() {}

  @SuppressWarnings("restricted") // Tests may call into libc; surefire grants it.
  private static MethodHandle downcall(
      String name, FunctionDescriptor shape, Linker.Option... options) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), shape, options);
  }

  /**
   * Returns SHA-256 over the 64 KiB blocks with a non-zero byte among the first {@code length}
   * bytes: for each its number, as 8 bytes big endian, and its bytes; then the length. It is the
   * {@code nz64k} of the corpus, and does not depend on how holes are represented.
   */
  static String nz64k(Path file, long length) throws IOException {
    MessageDigest digest = sha256();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        Holes holes = Holes.in(file)) {
      ByteBuffer block = ByteBuffer.allocate(BLOCK);
      long next = 0;
      for (long data = holes.dataAt(0); data >= 0 && data < length; data = holes.dataAt(next)) {
        long index = data / BLOCK;
        next = index * BLOCK + BLOCK;
        block.clear().limit((int) Math.min(BLOCK, length - index * BLOCK));
        readFully(channel, block, index * BLOCK);
        if (!isZero(block.array(), block.limit())) {
          digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, index));
          digest.update(block.flip());
        }
        if (next >= length) {
          break;
        }
      }
    }
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, length));
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Says whether nothing but zeros lies in [from, to). */
  static boolean isZero(Path file, long from, long to) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(to - from));
      readFully(channel, bytes, from);
      return isZero(bytes.array(), bytes.limit());
    }
  }

  private static boolean isZero(byte[] bytes, int count) {
    for (int i = 0; i < count; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }

  private static void readFully(FileChannel channel, ByteBuffer bytes, long position)
      throws IOException {
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, position + bytes.position()) < 0) {
        throw new IOException("ends at " + (position + bytes.position()));
      }
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** An open file, asked where data begins. */
  private record Holes(int fd) implements AutoCloseable {

    static Holes in(Path file) throws IOException {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment name = arena.allocateFrom(file.toString());
        int fd = (int) OPEN.invokeExact(name, O_RDONLY);
        if (fd < 0) {
          throw new IOException("cannot open " + file);
        }
        return new Holes(fd);
      } catch (IOException e) {
        throw e;
      } catch (Throwable e) {
        throw new AssertionError(e);
      }
    }

    /** Returns where the first data at or after {@code offset} begins, or -1. */
    long dataAt(long offset) {
      try {
        return (long) LSEEK.invokeExact(fd, offset, SEEK_DATA);
      } catch (Throwable e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void close() {
      try {
        int _ = (int) CLOSE.invokeExact(fd);
      } catch (Throwable e) {
        throw new AssertionError(e);
      }
    }
  }
}
