package io.gantry.format;

import io.gantry.image.Image;
import io.gantry.io.RandomAccessInput;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Opens images of every format that has a decoder. */
public final class ImageOpener {

  private ImageOpener() {}

  /**
   * Opens the image in {@code input}; closing the image closes the input.
   *
   * @param directory where relative backing names are resolved, or null when the image has no place
   *     in the file system
   */
  public static Image open(RandomAccessInput input, @Nullable Path directory, OpenOptions options)
      throws IOException {
    throw new UnsupportedOperationException("issue 3");
  }

  /**
   * Opens the image for {@link Image#info} alone: backing and data files are named, not followed,
   * encrypted images are described.
   */
  public static Image openForInfo(RandomAccessInput input, OpenOptions options) throws IOException {
    throw new UnsupportedOperationException("issue 3");
  }
}
