package io.gantry.codec;

import io.gantry.image.UnsupportedImageException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.zip.CRC32;

/** The integrity check of the blocks in a stream; .xz file format 1.2, section 2.1.1.2. */
enum XzCheck {
  NONE(0, 0) {
    @Override
    Running start() {
      return new RunningNone();
    }
  },
  CRC32(1, 4) {
    @Override
    Running start() {
      return new RunningCrc32();
    }
  },
  CRC64(4, 8) {
    @Override
    Running start() {
      return new RunningCrc64();
    }
  },
  SHA256(10, 32) {
    @Override
    Running start() {
      return new RunningSha256();
    }
  };

  private final int id;
  private final int size;

  XzCheck(int id, int size) {
    this.id = id;
    this.size = size;
  }

  static XzCheck of(int id, String where) throws UnsupportedImageException {
    for (XzCheck check : values()) {
      if (check.id == id) {
        return check;
      }
    }
    throw new UnsupportedImageException(
        "%s: integrity check of type %d cannot be verified here".formatted(where, id));
  }

  /** Returns the size of the check field, bytes. */
  int size() {
    return size;
  }

  /** Starts a check of one block. */
  abstract Running start();

  /** A check being computed over the bytes of one block. */
  abstract static class Running {

    /** Takes in all that remains. */
    abstract void update(ByteBuffer data);

    /** The same for {@code count} bytes that are zero. */
    void updateZeros(long count) {
      long left = count;
      while (left > 0) {
        int length = (int) Math.min(XzZeroBlocks.ZEROS.length, left);
        update(ByteBuffer.wrap(XzZeroBlocks.ZEROS, 0, length));
        left -= length;
      }
    }

    /** Returns the check as it stands in the file. */
    abstract byte[] value();
  }

  private static final class RunningNone extends Running {

    @Override
    void update(ByteBuffer data) {}

    @Override
    byte[] value() {
      return new byte[0];
    }
  }

  private static final class RunningCrc32 extends Running {

    private final CRC32 crc = new CRC32();

    @Override
    void update(ByteBuffer data) {
      crc.update(data);
    }

    @Override
    byte[] value() {
      return ByteBuffer.allocate(4)
          .order(ByteOrder.LITTLE_ENDIAN)
          .putInt((int) crc.getValue())
          .array();
    }
  }

  private static final class RunningCrc64 extends Running {

    private final Crc64 crc = new Crc64();

    @Override
    void update(ByteBuffer data) {
      crc.update(data);
    }

    @Override
    void updateZeros(long count) {
      crc.updateZeros(count);
    }

    @Override
    byte[] value() {
      return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(crc.value()).array();
    }
  }

  private static final class RunningSha256 extends Running {

    private final MessageDigest digest = sha256();

    private static MessageDigest sha256() {
      try {
        return MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("this Java runtime lacks SHA-256", e);
      }
    }

    @Override
    void update(ByteBuffer data) {
      digest.update(data);
    }

    @Override
    byte[] value() {
      return digest.digest();
    }
  }
}
