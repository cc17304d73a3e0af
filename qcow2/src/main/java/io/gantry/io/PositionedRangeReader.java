package io.gantry.io;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A range reader over an input for which positioned reads are cheap: it only keeps the position.
 */
final class PositionedRangeReader implements RangeReader {

  private final RandomAccessInput input;
  private final long end;
  private long position;

  PositionedRangeReader(RandomAccessInput input, long start, long end) {
    this.input = input;
    this.position = start;
    this.end = end;
  }

  @Override
  public void readFully(ByteBuffer dst) throws IOException {
    int wanted = dst.remaining();
    checkInside(wanted);
    input.readFully(position, dst);
    position += wanted;
  }

  @Override
  public void skip(long length) {
    checkInside(length);
    position += length;
  }

  @Override
  public void close() {}

  private void checkInside(long length) {
    if (length > end - position) {
      throw new IllegalArgumentException(
          "%d bytes at %d pass the end of the range, %d".formatted(length, position, end));
    }
  }
}
