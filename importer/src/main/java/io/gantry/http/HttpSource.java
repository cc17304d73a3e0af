package io.gantry.http;

import io.gantry.io.RandomAccessInput;
import io.gantry.source.Source;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.ReadableByteChannel;
import java.util.Optional;
import java.util.OptionalLong;

/** An image on a web server. */
public final class HttpSource implements Source {

  private HttpSource() {}

  /** Asks the server for the first bytes: resolves redirects, learns length, validator, ranges. */
  public static HttpSource connect(URI uri, HttpSourceOptions options) throws IOException {
    throw new UnsupportedOperationException("issue 3");
  }

  @Override
  public String name() {
    throw new UnsupportedOperationException("issue 3");
  }

  @Override
  public OptionalLong length() {
    throw new UnsupportedOperationException("issue 3");
  }

  @Override
  public ReadableByteChannel open() throws IOException {
    throw new UnsupportedOperationException("issue 3");
  }

  @Override
  public Optional<RandomAccessInput> ranges() throws IOException {
    throw new UnsupportedOperationException("issue 3");
  }

  @Override
  public void close() throws IOException {}
}
