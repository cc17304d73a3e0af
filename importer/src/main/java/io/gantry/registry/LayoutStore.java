package io.gantry.registry;

import io.gantry.image.ImageTooLargeException;
import io.gantry.image.MalformedImageException;
import io.gantry.source.SourceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Images in an OCI layout (OCI image-spec, image-layout.md). The file {@code oci-layout}, which
 * says no more than a version, is not asked for: archives without it are about.
 *
 * @param tag which of the images, where there are several
 */
record LayoutStore(LayoutFiles files, Optional<String> tag) implements ImageStore {

  private static final String INDEX = "index.json";

  @Override
  public Manifest root() throws IOException {
    Manifest root = Manifest.parse(readIndex(), "");
    if (!(root instanceof Manifest.Index index)) {
      throw new MalformedImageException("%s of %s is no index".formatted(INDEX, files.name()));
    }
    if (tag.isPresent()) {
      return manifest(tagged(index, tag.get()));
    }
    if (index.manifests().size() == 1) {
      return manifest(index.manifests().getFirst());
    }
    if (index.manifests().stream().allMatch(image -> image.platform().isPresent())) {
      return index;
    }
    throw choose(index, "it has %d images".formatted(index.manifests().size()));
  }

  private Descriptor tagged(Manifest.Index index, String wanted) throws SourceException {
    return index.manifests().stream()
        .filter(image -> image.tag().equals(Optional.of(wanted)))
        .findFirst()
        .orElseThrow(() -> choose(index, "it has no image \"%s\"".formatted(wanted)));
  }

  private SourceException choose(Manifest.Index index, String problem) {
    List<String> tags = index.manifests().stream().flatMap(i -> i.tag().stream()).toList();
    String those =
        tags.isEmpty()
            ? "none has a name"
            : tags.stream().limit(20).collect(Collectors.joining(", ", "name one of ", ""));
    return new SourceException("%s: %s, %s".formatted(files.name(), problem, those), false);
  }

  private byte[] readIndex() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Manifest.BYTES_MAX);
    try (ReadableByteChannel channel = open(INDEX)) {
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
        // until all is there
      }
    }
    if (!bytes.hasRemaining()) {
      throw new ImageTooLargeException(
          "%s of %s has more than %d bytes".formatted(INDEX, files.name(), Manifest.BYTES_MAX));
    }
    byte[] index = new byte[bytes.flip().remaining()];
    bytes.get(index);
    return index;
  }

  @Override
  public Manifest manifest(Descriptor descriptor) throws IOException {
    return Manifest.parse(
        WholeBlob.read(this, descriptor, Manifest.BYTES_MAX, "the manifest"),
        descriptor.mediaType());
  }

  @Override
  public ReadableByteChannel blob(Descriptor descriptor) throws IOException {
    Digest digest = descriptor.digest();
    return open("blobs/%s/%s".formatted(digest.algorithm(), digest.hex()));
  }

  private ReadableByteChannel open(String path) throws IOException {
    try {
      return files.open(path);
    } catch (NoSuchFileException e) {
      throw new SourceException("%s has no %s".formatted(files.name(), path), false, e);
    } catch (AccessDeniedException e) {
      throw new SourceException("%s: permission denied".formatted(e.getFile()), false, e);
    }
  }

  @Override
  public void close() throws IOException {
    files.close();
  }
}
