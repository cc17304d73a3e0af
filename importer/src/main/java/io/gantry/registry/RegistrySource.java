package io.gantry.registry;

import io.gantry.io.RandomAccessInput;
import io.gantry.runtime.CaFileException;
import io.gantry.source.Source;
import io.gantry.source.SourceException;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The disk in a container image.
 *
 * <p>{@link #open(RegistryOptions)} reads manifests and config, refuses what is not for us, and
 * touches no layer. {@link #find()}, or else {@link #open()}, reads layers until one holds a disk,
 * which is delivered while its layer comes: nothing is kept anywhere. Its end means that the layer
 * had the digest that the manifest promises.
 *
 * <p>It has no {@link #identity}, though its digests would make one: what an earlier run wrote
 * before it broke off was verified by nobody, so it is not worth keeping.
 *
 * <p>A stream can be opened again and is then searched for from the first layer. There are no
 * ranges: a layer is compressed as a whole. Closing may happen from any thread.
 */
public final class RegistrySource implements Source {

  private final ImageStore store;
  private final ResolvedImage image;
  private final PullFailure failure;
  private OptionalLong length = OptionalLong.empty();
  private DiskSearch.@Nullable Disk found;

  private RegistrySource(ImageStore store, ResolvedImage image, PullFailure failure) {
    this.store = store;
    this.image = image;
    this.failure = failure;
  }

  /**
   * Finds the image.
   *
   * @throws SourceException when it cannot be had
   * @throws io.gantry.image.ImageException when it is malformed, or not one that can be imported
   */
  public static RegistrySource open(RegistryOptions options) throws IOException {
    ImageReference reference = reference(options.reference());
    PullFailure failure = new PullFailure(options.reference());
    try {
      ImageStore store = store(reference, options);
      try {
        return new RegistrySource(store, ResolvedImage.of(store, options.architecture()), failure);
      } catch (IOException | RuntimeException e) {
        store.close();
        throw e;
      }
    } catch (CaFileException e) {
      throw e;
    } catch (IOException e) {
      throw failure.of(e);
    }
  }

  private static ImageStore store(ImageReference reference, RegistryOptions options)
      throws IOException {
    return switch (reference) {
      case ImageReference.Registry(DockerName name) -> RegistryStore.connect(name, options);
      case ImageReference.Archive(var file, var tag) ->
          new LayoutStore(ArchiveLayout.open(file), tag);
      case ImageReference.Layout(var directory, var tag) ->
          new LayoutStore(new DirectoryLayout(directory), tag);
    };
  }

  /** What cannot be pulled at all is no failure of pulling. */
  private static ImageReference reference(String text) throws SourceException {
    try {
      return ImageReference.parse(text);
    } catch (IllegalArgumentException e) {
      throw new SourceException(PullFailure.oneLine(e), false, e);
    }
  }

  /** Returns the environment in the image's config, {@code NAME=value} each. */
  public List<String> environment() {
    return image.config().environment();
  }

  @Override
  public String name() {
    return failure.name();
  }

  /** Returns the length of the disk's file, which is known once it has been found. */
  @Override
  public OptionalLong length() {
    return length;
  }

  /**
   * Looks for the disk already: that there is none is then told before anything is done about it.
   * The next {@link #open()} goes on from there.
   */
  public void find() throws IOException {
    if (found == null) {
      found = search();
    }
  }

  @Override
  public ReadableByteChannel open() throws IOException {
    DiskSearch.Disk disk = found == null ? search() : found;
    found = null;
    return disk.content();
  }

  private DiskSearch.Disk search() throws IOException {
    try {
      DiskSearch.Disk disk = new DiskSearch(store, failure).in(image);
      length = disk.length();
      return disk;
    } catch (IOException e) {
      throw failure.of(e);
    }
  }

  @Override
  public List<String> details() {
    return Stream.concat(store.details().stream(), Stream.of(image.describe())).toList();
  }

  @Override
  public Optional<RandomAccessInput> ranges() {
    return Optional.empty();
  }

  @Override
  public void close() throws IOException {
    try (store) {
      if (found != null) {
        found.content().close();
      }
    }
  }
}
