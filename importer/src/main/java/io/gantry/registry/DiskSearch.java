package io.gantry.registry;

import io.gantry.image.ImageException;
import io.gantry.image.UnsupportedImageException;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads layers, base first, until one holds a disk.
 *
 * <p>The first disk wins, whatever layers above it say: that is not how a container sees its files,
 * but what images for CDI are made for. A layer that was fetched whole and makes no sense is passed
 * over. One that cannot be fetched, or whose bytes are not what the manifest promises, is an error:
 * the disk might have been in there.
 *
 * @param failure gives failures their wording
 */
record DiskSearch(ImageStore store, PullFailure failure) {

  /**
   * What was found.
   *
   * @param length bytes of the disk, if they are known
   * @param content the disk; its end means that the layer was verified
   */
  record Disk(OptionalLong length, ReadableByteChannel content) {}

  /**
   * Returns the first disk.
   *
   * @throws UnsupportedImageException when there is none
   */
  Disk in(List<Descriptor> layers) throws IOException {
    List<String> skipped = new ArrayList<>();
    for (Descriptor descriptor : layers) {
      Optional<Disk> disk = in(descriptor, layers.size() == 1, skipped);
      if (disk.isPresent()) {
        return disk.get();
      }
    }
    throw new UnsupportedImageException(
        "Failed to find VM disk image file in the container image: %s%s"
            .formatted(
                layers.size() == 1 ? "1 layer" : layers.size() + " layers",
                skipped.isEmpty() ? "" : ", unreadable are " + String.join("; ", skipped)));
  }

  private Optional<Disk> in(Descriptor descriptor, boolean only, List<String> skipped)
      throws IOException {
    VerifiedChannel blob = new VerifiedChannel(store.blob(descriptor), descriptor);
    try {
      Optional<Layer.Found> found = found(new Layer(descriptor, blob, only), skipped);
      if (found.isPresent()) {
        ReadableByteChannel content = new DiskChannel(found.get().content(), blob, failure);
        return Optional.of(new Disk(found.get().length(), content));
      }
      blob.close();
      return Optional.empty();
    } catch (IOException | RuntimeException e) {
      blob.close();
      throw e;
    }
  }

  private static Optional<Layer.Found> found(Layer layer, List<String> skipped) throws IOException {
    try {
      Optional<Layer.Found> found = layer.find();
      if (found.isEmpty()) {
        layer.blob().drain();
      }
      return found;
    } catch (UnsupportedImageException e) {
      throw e;
    } catch (IOException symptom) {
      IOException cause = layer.blob().blame(symptom);
      if (!(cause instanceof ImageException)) {
        throw cause;
      }
      skipped.add("%s: %s".formatted(layer.descriptor().digest(), cause.getMessage()));
      return Optional.empty();
    }
  }
}
