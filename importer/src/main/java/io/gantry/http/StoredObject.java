package io.gantry.http;

import io.gantry.io.RandomAccessInput;
import io.gantry.source.Source;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * An object in a store: a file on a web server, with an access of its own that is closed with it.
 */
public abstract class StoredObject implements Source {

  private final HttpSource object;
  private final Closeable access;
  private final String detail;

  /**
   * @param access what {@code object} is asked for with
   * @param detail what is worth telling of it, see {@link #details}
   */
  protected StoredObject(HttpSource object, Closeable access, String detail) {
    this.object = object;
    this.access = access;
    this.detail = detail;
  }

  @Override
  public String name() {
    return object.name();
  }

  @Override
  public OptionalLong length() {
    return object.length();
  }

  @Override
  public ReadableByteChannel open() throws IOException {
    return object.open();
  }

  @Override
  public Optional<RandomAccessInput> ranges() {
    return object.ranges();
  }

  @Override
  public List<String> details() {
    return Stream.concat(Stream.of(detail), object.details().stream()).toList();
  }

  @Override
  public long retries() {
    return object.retries();
  }

  @Override
  public Optional<String> identity() {
    return object.identity();
  }

  @Override
  public void close() throws IOException {
    try (object) {
      access.close();
    }
  }
}
