package io.gantry.source;

import io.gantry.io.RandomAccessInput;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.util.Optional;
import java.util.OptionalLong;

/** Bytes that come once, in order: standard input, a named pipe, a request body. */
public final class StreamSource implements Source {

  private final String name;
  private final ReadableByteChannel channel;
  private boolean opened;

  private StreamSource(String name, ReadableByteChannel channel) {
    this.name = name;
    this.channel = channel;
  }

  /** Wraps {@code channel}; closing the source closes it. */
  public static StreamSource of(String name, ReadableByteChannel channel) {
    return new StreamSource(name, channel);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public OptionalLong length() {
    return OptionalLong.empty();
  }

  @Override
  public ReadableByteChannel open() {
    if (opened) {
      throw new IllegalStateException(name + " can be read only once");
    }
    opened = true;
    return channel;
  }

  @Override
  public Optional<RandomAccessInput> ranges() {
    return Optional.empty();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
