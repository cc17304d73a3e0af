package io.gantry.source;

import io.gantry.io.RandomAccessInput;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Bytes that come once, in order: standard input, a named pipe, a request body. */
public final class StreamSource implements Source {

  private final String name;
  private final ReadableByteChannel channel;
  private final @Nullable Path directory;
  private boolean opened;

  private StreamSource(String name, ReadableByteChannel channel, @Nullable Path directory) {
    this.name = name;
    this.channel = new NamedChannel(channel, name);
    this.directory = directory;
  }

  /** Wraps {@code channel}; closing the source closes it. */
  public static StreamSource of(String name, ReadableByteChannel channel) {
    return new StreamSource(name, channel, null);
  }

  /** Wraps {@code channel}; relative names in an image that it brings belong to a directory. */
  public static StreamSource in(Path directory, String name, ReadableByteChannel channel) {
    return new StreamSource(name, channel, directory);
  }

  /** Returns where relative names are looked up, if anywhere. */
  public Optional<Path> directory() {
    return Optional.ofNullable(directory);
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
