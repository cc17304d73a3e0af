package io.gantry.http;

import io.gantry.io.AccessCost;
import io.gantry.io.RandomAccessInput;
import io.gantry.io.RangeReader;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A file on a web server, read at any position. */
final class HttpRanges implements RandomAccessInput {

  /** At 100 ms an answer and 10 MB/s a request costs as much as 1 MiB. */
  static final long GAP_MAX = 1 << 20;

  /**
   * Long enough that its answer's delay does not count, short enough to share among four. With a
   * table for every 512 MiB of disk and a few gaps, a gigabyte in a 10 GiB disk takes 45 requests.
   */
  private static final long REQUEST_MIN = 48 << 20;

  private static final int REQUESTS_PER_FILE = 24;
  private static final int REQUESTS_IN_FLIGHT = 4;

  private final RemoteFile file;
  private final NearbyReads nearby;

  HttpRanges(RemoteFile file) {
    this.file = file;
    this.nearby = new NearbyReads(file);
  }

  @Override
  public String name() {
    return file.name();
  }

  @Override
  public long size() {
    return file.size();
  }

  @Override
  public void readFully(long offset, ByteBuffer dst) throws IOException {
    if (offset < 0 || offset > size() - dst.remaining()) {
      throw new EOFException(
          "%s ends at %d, wanted %d bytes at %d"
              .formatted(name(), size(), dst.remaining(), offset));
    }
    if (isInHead(offset, dst) || !nearby.read(offset, dst)) {
      readAlone(offset, dst);
    }
  }

  private boolean isInHead(long offset, ByteBuffer dst) {
    return offset + dst.remaining() <= file.head().length;
  }

  private void readAlone(long offset, ByteBuffer dst) throws IOException {
    try (ResumingReader reader = new ResumingReader(file, offset, offset + dst.remaining())) {
      reader.readFully(dst);
    }
  }

  @Override
  public RangeReader openRange(long start, long end) throws IOException {
    if (start < 0 || start > end || end > size()) {
      throw new EOFException(
          "%s ends at %d, wanted [%d, %d)".formatted(name(), size(), start, end));
    }
    return new ResumingReader(file, start, end);
  }

  @Override
  public AccessCost cost() {
    long requestMax = Math.max(REQUEST_MIN, size() / REQUESTS_PER_FILE);
    return new AccessCost(GAP_MAX, requestMax, REQUESTS_IN_FLIGHT);
  }

  /** Closing the source closes the connections; ranges opened twice share them. */
  @Override
  public void close() {}
}
