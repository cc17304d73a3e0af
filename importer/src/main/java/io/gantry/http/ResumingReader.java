package io.gantry.http;

import io.gantry.io.RangeReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A range read in order by one long request, and by further ones from the byte reached when it
 * breaks. The request is sent when the first byte is wanted that is not in the file's head.
 *
 * <p>Used by one thread; any other may close it, and whoever reads then gets an exception at once.
 */
final class ResumingReader implements RangeReader {

  /** For buffers without an array behind them; a piece this large stays in the CPU's cache. */
  private static final int BOUNCE_LENGTH = 64 << 10;

  private final RangedFile file;
  private final long end;
  private final Attempts attempts;
  private long position;
  private final Consumer<ResumingReader> onClose;
  private final Cancellation cancellation = new Cancellation();
  private RemoteFile.@Nullable Part part;
  private byte @Nullable [] bounce;

  /**
   * Sends nothing yet.
   *
   * @param onClose told when this reader is closed
   */
  ResumingReader(RangedFile file, long start, long end, Consumer<ResumingReader> onClose) {
    this.onClose = onClose;
    this.file = file;
    this.position = start;
    this.end = end;
    this.attempts = file.newAttempts();
  }

  /** Reads from the beginning of an answer that is already there up to {@code end}. */
  static ResumingReader continuing(RangedFile file, RemoteFile.Part part, long end) {
    ResumingReader reader = new ResumingReader(file, part.range().start(), end, _ -> {});
    reader.part = part;
    return reader;
  }

  @Override
  public void readFully(ByteBuffer dst) throws IOException {
    checkInside(dst.remaining());
    while (dst.hasRemaining()) {
      read(dst);
    }
  }

  /** Reads what is there, at least one byte; returns -1 at the end of the range. */
  int read(ByteBuffer dst) throws IOException {
    if (position == end) {
      return -1;
    }
    int wanted = (int) Math.min(dst.remaining(), end - position);
    if (wanted == 0) {
      return 0;
    }
    int count = part == null && isInHead() ? readHead(dst, wanted) : readPart(dst, wanted);
    position += count;
    return count;
  }

  @Override
  public void skip(long length) throws IOException {
    checkInside(length);
    if (part == null || length > HttpRanges.GAP_MAX) {
      drop();
      position += length;
      return;
    }
    ByteBuffer passed = ByteBuffer.allocate((int) Math.min(length, BOUNCE_LENGTH));
    for (long left = length; left > 0; left -= passed.position()) {
      passed.clear().limit((int) Math.min(left, passed.capacity()));
      readFully(passed);
    }
  }

  @Override
  public void close() {
    cancellation.cancel();
    onClose.accept(this);
  }

  private boolean isInHead() {
    return position < file.head().length;
  }

  private int readHead(ByteBuffer dst, int wanted) {
    byte[] head = file.head();
    int at = (int) position;
    int count = Math.min(wanted, head.length - at);
    dst.put(head, at, count);
    return count;
  }

  private int readPart(ByteBuffer dst, int wanted) throws IOException {
    while (true) {
      try {
        int count = receive(currentPart(), dst, wanted);
        attempts.progressed(count);
        return count;
      } catch (RequestException e) {
        drop();
        if (cancellation.isCancelled()) {
          throw Attempts.closed(file.name(), e);
        }
        attempts.failed(e);
      }
    }
  }

  private RemoteFile.Part currentPart() throws IOException {
    RemoteFile.Part current = part;
    if (current == null) {
      current = file.request(new ByteRange(position, end), attempts, cancellation);
      part = current;
    }
    return current;
  }

  private int receive(RemoteFile.Part from, ByteBuffer dst, int wanted) throws RequestException {
    int most = (int) Math.min(wanted, from.range().end() - position);
    int count = receive(from.answer(), dst, most);
    if (count < 0) {
      throw new RequestException(
          RequestException.Kind.TRANSIENT,
          from.answer().at(),
          "the answer to %s ended at byte %d".formatted(from.range().header(), position));
    }
    if (position + count == from.range().end()) {
      part = null;
      from.answer().finish();
    }
    return count;
  }

  private int receive(Exchange answer, ByteBuffer dst, int most) throws RequestException {
    if (dst.hasArray()) {
      int count = answer.read(dst.array(), dst.arrayOffset() + dst.position(), most);
      dst.position(dst.position() + Math.max(count, 0));
      return count;
    }
    if (bounce == null) {
      bounce = new byte[BOUNCE_LENGTH];
    }
    int count = answer.read(bounce, 0, Math.min(most, bounce.length));
    dst.put(bounce, 0, Math.max(count, 0));
    return count;
  }

  private void drop() {
    if (part != null) {
      part.answer().abort();
      part = null;
    }
  }

  private void checkInside(long length) {
    if (length < 0 || length > end - position) {
      throw new IllegalArgumentException(
          "%d bytes at %d pass the end of the range, %d".formatted(length, position, end));
    }
  }
}
