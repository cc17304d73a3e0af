package io.gantry.registry;

import io.gantry.http.HttpSource;
import io.gantry.image.ImageException;
import io.gantry.image.UnsupportedImageException;
import io.gantry.source.SourceException;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * Reads layers, base first, until one holds a disk.
 *
 * <p>The first disk wins, whatever layers above it say: that is not how a container sees its files,
 * but what images for CDI are made for. A layer that makes no sense, or that the store says it has
 * not, is passed over. One that breaks off on its way, or whose bytes are not what the manifest
 * promises, is an error: another attempt may bring it, and the disk might be in there.
 *
 * @param failure gives failures their wording
 */
record DiskSearch(ImageStore store, PullFailure failure) {

  private static final OptionalInt NOT_FOUND = OptionalInt.of(404);

  /** Layers that a message names: the controller gets 4096 bytes of it. */
  private static final int TOLD_MAX = 5;

  /** A layer that was passed over. */
  private record Skipped(Descriptor layer, IOException why) {

    @Override
    public String toString() {
      String message = String.valueOf(why.getMessage());
      String digest = layer.digest().toString();
      return message.contains(digest) ? message : digest + ": " + message;
    }
  }

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
   * @throws SourceException when a layer cannot be had, or there is no disk in those that can
   */
  Disk in(ResolvedImage image) throws IOException {
    List<Descriptor> layers = image.layers();
    List<Skipped> skipped = new ArrayList<>();
    for (Descriptor descriptor : layers) {
      Optional<Disk> disk = in(image, descriptor, skipped);
      if (disk.isPresent()) {
        return disk.get();
      }
    }
    throw noDisk(layers.size(), skipped);
  }

  private Optional<Disk> in(ResolvedImage image, Descriptor descriptor, List<Skipped> skipped)
      throws IOException {
    Optional<VerifiedChannel> opened = opened(descriptor, skipped);
    if (opened.isEmpty()) {
      return Optional.empty();
    }
    boolean only = image.layers().size() == 1;
    return in(new Layer(descriptor, opened.get(), image.artifact(), only), skipped);
  }

  private Optional<VerifiedChannel> opened(Descriptor descriptor, List<Skipped> skipped)
      throws IOException {
    try {
      return Optional.of(new VerifiedChannel(store.blob(descriptor), descriptor));
    } catch (IOException e) {
      if (!isMissing(e)) {
        throw e;
      }
      skipped.add(new Skipped(descriptor, e));
      return Optional.empty();
    }
  }

  private Optional<Disk> in(Layer layer, List<Skipped> skipped) throws IOException {
    VerifiedChannel blob = layer.blob();
    try {
      Optional<Layer.Found> found = found(layer, skipped);
      if (found.isPresent()) {
        found.get().requireFile();
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

  private static Optional<Layer.Found> found(Layer layer, List<Skipped> skipped)
      throws IOException {
    try {
      Optional<Layer.Found> found = layer.find();
      if (found.isEmpty()) {
        layer.blob().drain();
      }
      return found;
    } catch (IOException symptom) {
      IOException cause = layer.blob().blame(symptom);
      if (!(cause instanceof ImageException) && !isMissing(cause)) {
        throw cause;
      }
      skipped.add(new Skipped(layer.descriptor(), cause));
      return Optional.empty();
    }
  }

  /** Says that the store answers, and has no such blob: another attempt would bring the same. */
  private static boolean isMissing(IOException failure) {
    return failure instanceof SourceException source
        && (source.getCause() instanceof NoSuchFileException
            || HttpSource.statusOf(source).equals(NOT_FOUND));
  }

  /** The image is one without a disk, unless the disk may have been in a layer that is missing. */
  private static IOException noDisk(int layers, List<Skipped> skipped) {
    String unreadable =
        skipped.stream().limit(TOLD_MAX).map(Skipped::toString).collect(Collectors.joining("; "));
    String message =
        "Failed to find VM disk image file in the container image: %s%s"
            .formatted(
                layers == 1 ? "1 layer" : layers + " layers",
                skipped.isEmpty()
                    ? ""
                    : ", %d unreadable: %s".formatted(skipped.size(), unreadable));
    return skipped.stream()
        .map(Skipped::why)
        .filter(DiskSearch::isMissing)
        .findFirst()
        .<IOException>map(missing -> new SourceException(message, false, missing))
        .orElseGet(() -> new UnsupportedImageException(message));
  }
}
