package io.gantry.format;

import io.gantry.image.Image;
import io.gantry.image.ImageTooLargeException;
import io.gantry.image.MalformedImageException;
import io.gantry.image.UnsupportedImageException;
import io.gantry.io.FileInput;
import io.gantry.io.RandomAccessInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Opens plain local files: no protocols ({@code nbd:}, {@code json:}), no pseudo files, relative
 * names resolved at the image that holds them, chains of bounded depth that do not bite their tail.
 */
final class LocalBackingOpener implements BackingOpener {

  private final String imageName;
  private final @Nullable Path directory;
  private final List<Path> chain;
  private final OpenOptions options;

  private LocalBackingOpener(
      String imageName, @Nullable Path directory, List<Path> chain, OpenOptions options) {
    this.imageName = imageName;
    this.directory = directory;
    this.chain = chain;
    this.options = options;
  }

  /**
   * @param image path of the image that names the files, or of the directory to which an image
   *     without a name belongs, or null when it has no place in the file system; relative names are
   *     refused then
   */
  static LocalBackingOpener at(String imageName, @Nullable Path image, OpenOptions options)
      throws IOException {
    if (image == null) {
      return new LocalBackingOpener(imageName, null, List.of(), options);
    }
    Path real = image.toRealPath();
    if (Files.isDirectory(real)) {
      return new LocalBackingOpener(imageName, real, List.of(), options);
    }
    return new LocalBackingOpener(imageName, real.getParent(), List.of(real), options);
  }

  @Override
  public Image openBacking(String name, Format format) throws IOException {
    if (!options.allowBacking()) {
      throw new UnsupportedImageException(imageName + ": backing files are not allowed here");
    }
    Path path = resolve("backing file", name);
    if (chain.contains(path)) {
      throw new MalformedImageException(
          "%s: backing file %s is an image of the same chain: the chain is a loop"
              .formatted(imageName, path));
    }
    if (chain.size() >= options.limits().backingDepthMax()) {
      throw new ImageTooLargeException(
          "%s: the chain of backing files is longer than %d"
              .formatted(imageName, options.limits().backingDepthMax()));
    }
    RandomAccessInput input = FileInput.open(path);
    try {
      return ImageOpener.openFormat(format, input, below(path), options.withoutSnapshot());
    } catch (IOException | RuntimeException e) {
      input.close();
      throw e;
    }
  }

  @Override
  public RandomAccessInput openDataFile(String name) throws IOException {
    if (!options.allowDataFile()) {
      throw new UnsupportedImageException(imageName + ": data files are not allowed here");
    }
    return FileInput.open(resolve("data file", name));
  }

  private LocalBackingOpener below(Path path) {
    List<Path> longer = new ArrayList<>(chain);
    longer.add(path);
    return new LocalBackingOpener(path.toString(), path.getParent(), longer, options);
  }

  private Path resolve(String what, String name) throws IOException {
    if (hasProtocol(name)) {
      throw refused(what, name, "has a protocol; only plain local paths are followed");
    }
    Path path;
    try {
      path = Path.of(name);
    } catch (InvalidPathException e) {
      throw refused(what, name, "is not a path");
    }
    if (!path.isAbsolute()) {
      if (directory == null) {
        throw refused(what, name, "is relative, but the image is not a local file");
      }
      path = directory.resolve(path);
    }
    if (!Files.exists(path)) {
      throw refused(what, name, "does not exist");
    }
    Path real = path.toRealPath();
    if (!Files.isRegularFile(real) && !isBlockDevice(real)) {
      throw refused(what, name, "is neither a regular file nor a block device");
    }
    return real;
  }

  /** As QEMU tells them: a colon before the first slash. */
  private static boolean hasProtocol(String name) {
    int colon = name.indexOf(':');
    int slash = name.indexOf('/');
    return colon >= 0 && (slash < 0 || colon < slash);
  }

  /** The file type bits of stat(2): S_IFBLK is 0060000. */
  private static boolean isBlockDevice(Path path) throws IOException {
    try {
      return ((int) Files.getAttribute(path, "unix:mode") & 0170000) == 0060000;
    } catch (UnsupportedOperationException e) {
      return false;
    }
  }

  private UnsupportedImageException refused(String what, String name, String why) {
    StringBuilder printable = new StringBuilder();
    name.codePoints()
        .limit(200)
        .map(c -> Character.isISOControl(c) ? '?' : c)
        .forEach(printable::appendCodePoint);
    return new UnsupportedImageException(
        "%s: %s \"%s\" %s".formatted(imageName, what, printable, why));
  }
}
