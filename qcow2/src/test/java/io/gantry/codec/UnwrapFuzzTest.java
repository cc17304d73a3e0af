package io.gantry.codec;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.gantry.image.ImageException;
import io.gantry.image.Limits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;

/** Whatever a stranger sends as gz, xz or zst: bytes, or a refusal of one line. */
class UnwrapFuzzTest {

  /** A few bytes can decode to gigabytes, rightly; more than this adds nothing here. */
  private static final long OUTPUT_MAX = 4L << 20;

  private static final Limits SMALL = smallLimits();

  private static Limits smallLimits() {
    Limits limits = Limits.DEFAULT;
    return new Limits(
        limits.virtualSizeMax(),
        limits.l1BytesMax(),
        limits.snapshotsMax(),
        limits.snapshotTableBytesMax(),
        limits.backingDepthMax(),
        limits.expansionMax(),
        limits.tableLoadsMax(),
        limits.mappingBytesMax(),
        limits.windowBytesMax(),
        2 << 20,
        4 << 20);
  }

  @FuzzTest
  void deliversBytesOrRefusesInOneLine(byte[] stream) throws IOException {
    ReadableByteChannel in = Channels.newChannel(new ByteArrayInputStream(stream));
    try (ReadableByteChannel channel = Unwrapped.open(in, "fuzz", SMALL, 2).channel()) {
      ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
      long total = 0;
      while (total < OUTPUT_MAX && channel.read(buffer.clear()) >= 0) {
        total += buffer.position();
      }
    } catch (ImageException e) {
      requireOneLine(e);
    }
  }

  private static void requireOneLine(ImageException e) {
    String message = e.getMessage();
    if (message == null || !message.startsWith("fuzz: ") || message.contains("\n")) {
      throw new AssertionError("a poor message", e);
    }
  }
}
