package io.gantry.codec;

import com.github.luben.zstd.util.Native;

/**
 * The native library behind zstd-jni. Whatever uses that loads it through here first, since a class
 * of zstd-jni that does not find it fails only once with the reason.
 */
final class Libzstd {

  private Libzstd() {}

  /**
   * Loads it, unless it is.
   *
   * @throws LibraryException when this machine does not let it be loaded
   */
  static void load() throws LibraryException {
    try {
      Native.load();
    } catch (LinkageError e) {
      throw new LibraryException(
          "libzstd cannot be loaded, so nothing in zstd can be read: %s (is it missing, or on a filesystem that is mounted noexec?)"
              .formatted(e.getMessage()),
          e);
    }
  }
}
