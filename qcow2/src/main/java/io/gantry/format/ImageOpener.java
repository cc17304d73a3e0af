package io.gantry.format;

import io.gantry.format.qcow2.Qcow2Opener;
import io.gantry.format.raw.RawImage;
import io.gantry.image.Image;
import io.gantry.image.ImageException;
import io.gantry.image.ImageInfo;
import io.gantry.image.ImageTooLargeException;
import io.gantry.image.UnsupportedFormatException;
import io.gantry.io.RandomAccessInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Opens images of every format that has a decoder. */
public final class ImageOpener {

  private ImageOpener() {}

  /**
   * Opens the image in {@code input}; closing the image closes the input.
   *
   * @param path where the image lies, for relative names in it; a directory when the image itself
   *     has no name there, null when it is not local
   */
  public static Image open(RandomAccessInput input, @Nullable Path path, OpenOptions options)
      throws IOException {
    Format format = format(input, options);
    return openFormat(format, input, LocalBackingOpener.at(input.name(), path, options), options);
  }

  /**
   * Describes the image in {@code input}: also one that would be refused. Nothing it names is
   * opened.
   */
  public static ImageInfo info(RandomAccessInput input, OpenOptions options) throws IOException {
    Format format = format(input, options);
    return switch (format) {
      case QCOW2 -> Qcow2Opener.info(input, options);
      case RAW -> RawImage.infoOf(input);
      default -> throw refusal(format, head(input), input.name());
    };
  }

  /** Returns the format the user named, else what the magic bytes say. */
  public static Format format(RandomAccessInput input, OpenOptions options) throws IOException {
    if (options.format().isPresent()) {
      return options.format().get();
    }
    return FormatDetector.detect(head(input));
  }

  private static ByteBuffer head(RandomAccessInput input) throws IOException {
    ByteBuffer head = ByteBuffer.allocate((int) Math.min(FormatDetector.HEAD_LENGTH, input.size()));
    input.readFully(0, head);
    return head.flip();
  }

  static Image openFormat(
      Format format, RandomAccessInput input, BackingOpener backingOpener, OpenOptions options)
      throws IOException {
    return switch (format) {
      case QCOW2 -> Qcow2Opener.open(input, backingOpener, options);
      case RAW -> RawImage.open(input, options);
      default -> throw refusal(format, head(input), input.name());
    };
  }

  /**
   * Says why an image in a format without a decoder is refused.
   *
   * @param head its first bytes
   */
  public static ImageException refusal(Format format, ByteBuffer head, String name) {
    return Optional.of(head)
        .filter(_ -> format == Format.VMDK)
        .flatMap(VmdkHeader::excess)
        .<ImageException>map(excess -> new ImageTooLargeException(name + ": " + excess))
        .orElseGet(() -> new UnsupportedFormatException(name, format.id(), format.toString()));
  }
}
