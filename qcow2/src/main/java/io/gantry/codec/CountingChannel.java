package io.gantry.codec;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.function.LongConsumer;

/** Counts the bytes that pass. Read by one thread; the count may be asked for by any. */
public final class CountingChannel implements ReadableByteChannel {

  private final ReadableByteChannel in;
  private final LongConsumer observer;
  private volatile long count;

  public CountingChannel(ReadableByteChannel in) {
    this(in, _ -> {});
  }

  /** Also tells {@code observer} about every read, in bytes, on the reading thread. */
  public CountingChannel(ReadableByteChannel in, LongConsumer observer) {
    this.in = in;
    this.observer = observer;
  }

  /** Returns the bytes read so far. */
  public long count() {
    return count;
  }

  @Override
  public int read(ByteBuffer dst) throws IOException {
    int read = in.read(dst);
    if (read > 0) {
      count = Math.addExact(count, read); // only the reading thread writes it
      observer.accept(read);
    }
    return read;
  }

  @Override
  public boolean isOpen() {
    return in.isOpen();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
