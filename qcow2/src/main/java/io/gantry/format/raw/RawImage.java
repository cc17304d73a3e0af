package io.gantry.format.raw;

import io.gantry.format.OpenOptions;
import io.gantry.image.Extent;
import io.gantry.image.Image;
import io.gantry.image.ImageInfo;
import io.gantry.image.LayoutVisitor;
import io.gantry.image.UnsupportedImageException;
import io.gantry.io.RandomAccessInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A raw image: guest offset equals host offset. Its virtual size is the file size, exactly. */
public final class RawImage implements Image {

  private final RandomAccessInput input;

  private RawImage(RandomAccessInput input) {
    this.input = input;
  }

  /** Opens all of {@code input} as a disk. */
  public static Image open(RandomAccessInput input, OpenOptions options)
      throws UnsupportedImageException {
    if (options.snapshot().isPresent()) {
      throw new UnsupportedImageException(
          "%s: is a raw image and has no snapshots".formatted(input.name()));
    }
    return new RawImage(input);
  }

  public static ImageInfo infoOf(RandomAccessInput input) {
    return new ImageInfo(
        "raw",
        input.size(),
        input.size(),
        0,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        false,
        false,
        false,
        List.of(),
        new LinkedHashMap<>());
  }

  @Override
  public ImageInfo info() {
    return infoOf(input);
  }

  @Override
  public void layout(long from, long to, LayoutVisitor visitor) throws IOException {
    Objects.checkFromToIndex(from, to, input.size());
    long at = from;
    while (at < to) {
      long end = input.endOfHole(at, to);
      if (end > at) {
        visitor.zero(at, end - at, at, 0);
      } else {
        end = input.endOfData(at, to);
        visitor.data(at, end - at, input, at, 0);
      }
      at = end;
    }
  }

  @Override
  public Extent extentAt(long offset, long end) throws IOException {
    long holeEnd = input.endOfHole(offset, end);
    return holeEnd > offset
        ? new Extent(offset, holeEnd - offset, Extent.Kind.ZERO)
        : new Extent(offset, input.endOfData(offset, end) - offset, Extent.Kind.DATA);
  }

  @Override
  public int requestsInFlight() {
    return input.cost().requestsInFlight();
  }

  @Override
  public void readFully(long offset, ByteBuffer dst) throws IOException {
    input.readFully(offset, dst);
  }

  @Override
  public void close() throws IOException {
    input.close();
  }
}
