package io.gantry.source;

import io.gantry.io.FileInput;
import io.gantry.io.RandomAccessInput;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.OptionalLong;

/** An image in a local file or block device. */
public final class FileSource implements Source {

  private final Path path;
  private final FileInput input;

  private FileSource(Path path, FileInput input) {
    this.path = path;
    this.input = input;
  }

  /**
   * Opens {@code path}. Named pipes and character devices become a {@link StreamSource}: they have
   * neither length nor positions.
   *
   * @throws SourceException when it does not exist, is a directory or may not be read
   */
  public static Source open(Path path) throws IOException {
    try {
      if (Files.isDirectory(path)) {
        throw new SourceException(path + ": is a directory, name an image file", false);
      }
      if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        throw new NoSuchFileException(path.toString());
      }
      Object mode = Files.getAttribute(path, "unix:mode");
      if (isPipeOrCharacterDevice((int) mode)) {
        return StreamSource.of(path.toString(), FileChannel.open(path, StandardOpenOption.READ));
      }
      return new FileSource(path, FileInput.open(path));
    } catch (NoSuchFileException e) {
      throw new SourceException(path + ": no such file", false, e);
    } catch (AccessDeniedException e) {
      throw new SourceException(path + ": permission denied", false, e);
    } catch (FileSystemException e) {
      throw new SourceException(path + ": " + e.getReason(), false, e);
    } catch (UnsupportedOperationException e) {
      return new FileSource(path, FileInput.open(path));
    }
  }

  /** The file type bits of stat(2): S_IFIFO is 0010000, S_IFCHR is 0020000. */
  private static boolean isPipeOrCharacterDevice(int mode) {
    int type = mode & 0170000;
    return type == 0010000 || type == 0020000;
  }

  /** Returns the path as it was given. */
  public Path path() {
    return path;
  }

  @Override
  public String name() {
    return path.toString();
  }

  @Override
  public OptionalLong length() {
    return OptionalLong.of(input.size());
  }

  @Override
  public ReadableByteChannel open() throws IOException {
    return new NamedChannel(FileChannel.open(path, StandardOpenOption.READ), name());
  }

  @Override
  public Optional<RandomAccessInput> ranges() {
    return Optional.of(input);
  }

  @Override
  public void close() throws IOException {
    input.close();
  }
}
