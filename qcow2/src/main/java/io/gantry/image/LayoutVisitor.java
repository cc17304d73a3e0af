package io.gantry.image;

import io.gantry.io.RandomAccessInput;
import java.io.IOException;

/**
 * Receives the layout of an image. {@code depth} is 0 for the image itself, 1 for its backing file,
 * and so on. All offsets and lengths in bytes.
 */
public interface LayoutVisitor {

  /** Guest bytes stored as they are, at {@code hostOffset} of {@code input}. */
  void data(long guestOffset, long length, RandomAccessInput input, long hostOffset, int depth)
      throws IOException;

  /**
   * One compressed cluster. {@code length} guest bytes beginning {@code skip} bytes into the
   * decoded cluster come from {@code hostLength} bytes at {@code hostOffset} of {@code input} (of
   * which the last may be padding, or lie beyond the end of the file).
   */
  void compressed(long guestOffset, long length, CompressedCluster cluster, int skip, int depth)
      throws IOException;

  /**
   * Guest bytes declared zero. {@code hostOffset} is where the image keeps room for them, or -1.
   */
  void zero(long guestOffset, long length, long hostOffset, int depth) throws IOException;

  /** Guest bytes stored nowhere in the chain: they read as zero. */
  void unallocated(long guestOffset, long length) throws IOException;
}
