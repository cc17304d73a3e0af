package io.gantry.codec;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Bytes that compress like a disk: text, noise and zeros, the same for the same seed. */
final class TestData {

  private TestData() {}

  static byte[] diskLike(int length, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] data = new byte[length];
    int at = 0;
    while (at < length) {
      int run = Math.min(length - at, random.nextInt(1, 6000));
      switch (random.nextInt(4)) {
        case 0 -> Arrays.fill(data, at, at + run, (byte) 0);
        case 1 -> fillNoise(data, at, run, random);
        case 2 -> fillWords(data, at, run, random);
        default -> repeatEarlier(data, at, run, random);
      }
      at += run;
    }
    return data;
  }

  private static void fillNoise(byte[] data, int at, int run, SplittableRandom random) {
    byte[] noise = new byte[run];
    random.nextBytes(noise);
    System.arraycopy(noise, 0, data, at, run);
  }

  private static void fillWords(byte[] data, int at, int run, SplittableRandom random) {
    String[] words = {"cluster ", "offset ", "table\n", "guest ", "0x00000200 ", "extent, "};
    for (int i = 0; i < run; ) {
      for (char c : words[random.nextInt(words.length)].toCharArray()) {
        if (i < run) {
          data[at + i++] = (byte) c;
        }
      }
    }
  }

  private static void repeatEarlier(byte[] data, int at, int run, SplittableRandom random) {
    int distance = at == 0 ? 0 : random.nextInt(1, at + 1);
    for (int i = 0; i < run; i++) {
      data[at + i] = distance == 0 ? 7 : data[at + i - distance];
    }
  }

  static ReadableByteChannel channel(byte[] bytes) {
    return Channels.newChannel(new ByteArrayInputStream(bytes));
  }

  /** A channel that delivers one to 700 bytes at a time, like a slow pipe. */
  static ReadableByteChannel dribbling(byte[] bytes, long seed) {
    return new ReadableByteChannel() {
      private final SplittableRandom random = new SplittableRandom(seed);
      private int at;

      @Override
      public int read(ByteBuffer dst) {
        if (at == bytes.length) {
          return -1;
        }
        int some = random.nextInt(1, 700);
        int count = Math.min(Math.min(some, dst.remaining()), bytes.length - at);
        dst.put(bytes, at, count);
        at += count;
        return count;
      }

      @Override
      public boolean isOpen() {
        return true;
      }

      @Override
      public void close() {}
    };
  }

  static byte[] readAll(ReadableByteChannel channel) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocate(10_000);
    while (channel.read(buffer) >= 0) {
      all.write(buffer.array(), 0, buffer.position());
      buffer.clear();
    }
    return all.toByteArray();
  }
}
