package io.gantry.http;

import io.gantry.io.RandomAccessInput;
import io.gantry.source.Source;
import io.gantry.source.SourceException;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.ReadableByteChannel;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * An image on a web server.
 *
 * <p>{@link #connect} sends one request, for the first bytes, and learns from its answer all there
 * is to know. What can be read then depends on it:
 *
 * <ul>
 *   <li>ranges and a validator (a strong ETag, else Last-Modified): the stream resumes where it
 *       breaks, and there are {@link #ranges()};
 *   <li>a server without ranges: that same answer's body is the stream, once;
 *   <li>ranges but no validator: two answers could be of two files with one length, and nobody
 *       could tell. So they are never combined: one further request without a range is the stream,
 *       once.
 * </ul>
 *
 * <p>A stream that cannot resume and breaks ends with a retryable {@link SourceException}. Where a
 * body is delimited by nothing but the end of the connection, and HEAD does not tell its length
 * either, its end looks like a break: {@link #endIsCertain} says so.
 *
 * <p>Closing may happen from any thread; it breaks off whatever is being read.
 */
public final class HttpSource implements Source {

  private final String name;
  private final Connections connections;
  private final Body body;
  private final List<String> details;
  private final Optional<String> mediaType;

  private HttpSource(String name, Connections connections, Body body, FirstContact contact) {
    this.name = name;
    this.connections = connections;
    this.body = body;
    this.details = contact.details();
    this.mediaType = contact.mediaType();
  }

  /**
   * Asks the server for the first bytes: resolves redirects, learns length, validator, ranges.
   *
   * @throws SourceException when the URL is wrong or the server does not serve it
   * @throws IOException when a CA file cannot be used
   */
  public static HttpSource connect(URI uri, HttpSourceOptions options) throws IOException {
    return open(uri, options, null);
  }

  /**
   * Asks an object store for the first bytes of an object, in the same way.
   *
   * @param access how the store wants to be asked
   */
  public static HttpSource connect(URI uri, HttpSourceOptions options, StoreAccess access)
      throws IOException {
    return open(uri, options, access);
  }

  private static HttpSource open(URI uri, HttpSourceOptions options, @Nullable StoreAccess access)
      throws IOException {
    WebAddress original = parse(uri);
    Connections connections = new Connections(options);
    try {
      RequestHeaders headers = RequestHeaders.of(uri, original.origin(), options);
      Requester requester = new Requester(options, headers, connections, access);
      FirstContact contact = new FirstContact(original, options, connections, requester, access);
      Body body = contact.make();
      String name = access == null ? original.toString() : access.name();
      return new HttpSource(name, connections, body, contact);
    } catch (IOException | RuntimeException e) {
      connections.close();
      throw e;
    }
  }

  /** Returns the status of the answer that led to {@code failure}; none where nobody answered. */
  public static OptionalInt statusOf(SourceException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof RequestException request) {
        return request.status();
      }
    }
    return OptionalInt.empty();
  }

  private static WebAddress parse(URI uri) throws SourceException {
    try {
      return WebAddress.of(uri);
    } catch (IllegalArgumentException e) {
      throw new SourceException(String.valueOf(e.getMessage()), false, e);
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public OptionalLong length() {
    return body.length();
  }

  /** Says whether the end of the stream can be told from the connection breaking. */
  public boolean endIsCertain() {
    return body.endIsCertain();
  }

  /** Returns what the server calls the content ({@code Content-Type}), if anything. */
  public Optional<String> mediaType() {
    return mediaType;
  }

  @Override
  public ReadableByteChannel open() throws IOException {
    return body.open(name);
  }

  @Override
  public Optional<RandomAccessInput> ranges() {
    return body.ranges();
  }

  @Override
  public long retries() {
    return connections.retries();
  }

  @Override
  public List<String> details() {
    return details;
  }

  @Override
  public Optional<String> identity() {
    return body.identity();
  }

  @Override
  public void close() throws IOException {
    connections.close();
  }
}
