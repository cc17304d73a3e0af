package io.gantry.cli;

import io.gantry.format.ImageOpener;
import io.gantry.format.OpenOptions;
import io.gantry.image.Image;
import io.gantry.source.Source;
import java.io.Closeable;
import java.io.IOException;

/**
 * An image named on the command line, opened for reading at any position.
 *
 * @param name as it was given
 */
record ImageOperand(String name, Source source, Image image) implements Closeable {

  static ImageOperand open(String operand, OpenOptions options, Arguments arguments, Shell shell)
      throws IOException {
    Source source = Sources.open(operand, arguments, shell);
    try {
      Image image =
          ImageOpener.open(
              Sources.ranges(source), Sources.localPath(operand).orElse(null), options);
      return new ImageOperand(operand, source, image);
    } catch (IOException | RuntimeException e) {
      source.close();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    try (source) {
      image.close();
    }
  }
}
