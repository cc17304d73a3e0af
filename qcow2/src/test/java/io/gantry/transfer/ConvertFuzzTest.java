package io.gantry.transfer;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.gantry.format.Format;
import io.gantry.format.ImageOpener;
import io.gantry.format.OpenOptions;
import io.gantry.image.Image;
import io.gantry.image.ImageException;
import io.gantry.image.Limits;
import io.gantry.source.StreamSource;
import io.gantry.target.TargetException;
import io.gantry.testkit.BytesInput;
import io.gantry.testkit.InMemoryTarget;
import io.gantry.transfer.TransferResult.Done;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Whatever bytes a stranger sends as an image: read by ranges and as a stream they are the same
 * disk, or refused in one line. A stream may be refused for want of scratch space, never the other
 * way round.
 */
class ConvertFuzzTest {

  private static final int DISK_MAX = 1 << 20;

  private static final OpenOptions QCOW2 =
      new OpenOptions(Optional.of(Format.QCOW2), Optional.empty(), false, false, smallLimits());

  private static Limits smallLimits() {
    Limits limits = Limits.DEFAULT;
    return new Limits(
        DISK_MAX,
        1 << 16,
        limits.snapshotsMax(),
        limits.snapshotTableBytesMax(),
        limits.backingDepthMax(),
        limits.expansionMax(),
        256,
        1 << 20,
        1 << 20,
        1 << 20,
        1 << 20);
  }

  @FuzzTest
  void readsTheSameDiskByRangesAndAsAStream(byte[] image) throws IOException {
    byte[] byRanges = readByRanges(image);
    byte[] asStream = readAsStream(image);
    if (asStream != null && !Arrays.equals(byRanges, asStream)) {
      throw new AssertionError(
          byRanges == null ? "the stream was accepted, the file refused" : "two different disks");
    }
  }

  private static byte @Nullable [] readByRanges(byte[] bytes) throws IOException {
    try (Image image = ImageOpener.open(new BytesInput(bytes), null, QCOW2)) {
      ByteBuffer disk = ByteBuffer.allocate((int) image.info().virtualSize());
      image.readFully(0, disk);
      return disk.array();
    } catch (ImageException e) {
      requireOneLine(e);
      return null;
    }
  }

  private static byte @Nullable [] readAsStream(byte[] bytes) throws IOException {
    InMemoryTarget target = InMemoryTarget.garbage(DISK_MAX + 512);
    TransferOptions options =
        new TransferOptions(
            QCOW2, OptionalLong.empty(), Optional.empty(), 2, Optional.empty(), Optional.empty());
    try (StreamSource source =
        StreamSource.of("bytes", Channels.newChannel(new ByteArrayInputStream(bytes)))) {
      TransferResult result = Transfer.run(source, target, options, new Progress());
      return result instanceof Done done
          ? Arrays.copyOf(target.bytes(), (int) done.receipt().virtualSize())
          : null;
    } catch (ImageException | TargetException e) {
      requireOneLine(e);
      return null;
    }
  }

  private static void requireOneLine(IOException e) {
    String message = e.getMessage();
    if (message == null || message.isBlank() || message.contains("\n")) {
      throw new AssertionError("a poor message", e);
    }
  }
}
