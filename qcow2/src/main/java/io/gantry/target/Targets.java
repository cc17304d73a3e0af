package io.gantry.target;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Opens whatever a path names as a target. */
public final class Targets {

  /** The file type in {@code st_mode}, and that of a block device (inode(7)). */
  private static final int S_IFMT = 0170000;

  private static final int S_IFBLK = 0060000;

  private Targets() {}

  /**
   * Opens a block device, or a regular file that may not exist yet. Nothing is changed before
   * {@link Target#prepare}. The caller closes the target.
   *
   * @throws TargetException when it exists and may not be overwritten, is in use, cannot be
   *     written, or is neither a file nor a block device
   */
  public static Target open(Path path, TargetOptions options) throws IOException {
    return isBlockDevice(path) ? BlockTarget.open(path, options) : FileTarget.open(path, options);
  }

  static boolean isBlockDevice(Path path) throws IOException {
    if (!Files.exists(path)
        || !path.getFileSystem().supportedFileAttributeViews().contains("unix")) {
      return false;
    }
    int mode = (int) Files.getAttribute(path, "unix:mode", new LinkOption[0]);
    return (mode & S_IFMT) == S_IFBLK;
  }
}
