package io.gantry.http;

import io.gantry.io.AccessCost;
import io.gantry.io.RandomAccessInput;
import io.gantry.io.RangeReader;
import io.gantry.source.SourceException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

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
  private final Set<ResumingReader> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  HttpRanges(RemoteFile file) {
    this.file = file;
    this.nearby = new NearbyReads(this);
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

  /** Sends a request for these bytes, whatever was read before. */
  void readAlone(long offset, ByteBuffer dst) throws IOException {
    try (RangeReader reader = open(offset, offset + dst.remaining())) {
      reader.readFully(dst);
    }
  }

  @Override
  public RangeReader openRange(long start, long end) throws IOException {
    if (start < 0 || start > end || end > size()) {
      throw new EOFException(
          "%s ends at %d, wanted [%d, %d)".formatted(name(), size(), start, end));
    }
    return open(start, end);
  }

  @Override
  public AccessCost cost() {
    long requestMax = Math.max(REQUEST_MIN, size() / REQUESTS_PER_FILE);
    return new AccessCost(GAP_MAX, requestMax, REQUESTS_IN_FLIGHT);
  }

  private RangeReader open(long start, long end) throws IOException {
    ResumingReader reader = new ResumingReader(file, start, end, open::remove);
    open.add(reader);
    if (closed) {
      reader.close();
      throw new SourceException(name() + ": closed", false);
    }
    return reader;
  }

  /** Breaks off all reads under way, from any thread. The connections are the source's to close. */
  @Override
  public void close() {
    closed = true;
    open.forEach(ResumingReader::close);
  }
}
