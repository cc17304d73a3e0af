package io.gantry.registry;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.gantry.image.ImageException;
import io.gantry.source.SourceException;
import io.gantry.testkit.ContainerImage;
import io.gantry.testkit.TarBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whatever a layer holds: a disk is found in it, or there is none, told in one line. */
class LayerFuzzTest {

  private static final int READ_MAX = 8 << 20;

  @FuzzTest
  void findsADiskOrSaysWhyNot(byte[] bytes) throws IOException {
    byte[] layer = repaired(bytes);
    Descriptor descriptor =
        new Descriptor(
            ContainerImage.TAR_GZIP,
            Digest.parse(ContainerImage.digest(layer)),
            layer.length,
            List.of(),
            Optional.empty(),
            Map.of());
    try (ImageStore store = new OneLayer(layer)) {
      DiskSearch search = new DiskSearch(store, new PullFailure("fuzz"));
      ResolvedImage image = new ResolvedImage(ImageConfig.NONE, true, List.of(descriptor));
      try (ReadableByteChannel disk = search.in(image).content()) {
        readSome(disk);
      }
    } catch (ImageException | SourceException e) {
      // Names in the layer are made harmless when the failure gets its wording.
      IOException told = new PullFailure("fuzz").of(e);
      if (String.valueOf(told.getMessage()).chars().anyMatch(Character::isISOControl)) {
        throw new AssertionError("a poor message", e);
      }
    }
  }

  /** All of a disk would be a terabyte of holes at times. */
  private static void readSome(ReadableByteChannel disk) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
    for (int sum = 0; sum < READ_MAX; sum += buffer.position()) {
      if (disk.read(buffer.clear()) < 0) {
        return;
      }
    }
  }

  /** A mutated header keeps its checksum right, or every one would end at the first line. */
  private static byte[] repaired(byte[] layer) {
    byte[] repaired = layer.clone();
    for (int at = 0; at + 512 <= repaired.length; at += 512) {
      if (repaired[at + 257] == 'u' && repaired[at + 258] == 's') {
        TarBuilder.repairChecksum(repaired, at);
      }
    }
    return repaired;
  }

  private static final class OneLayer implements ImageStore {

    private final byte[] bytes;

    OneLayer(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public Manifest root() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Manifest manifest(Descriptor descriptor) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ReadableByteChannel blob(Descriptor descriptor) {
      return Channels.newChannel(new ByteArrayInputStream(bytes));
    }

    @Override
    public void close() {
      // it is memory
    }
  }
}
