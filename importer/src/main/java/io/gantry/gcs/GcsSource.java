package io.gantry.gcs;

import io.gantry.http.HttpSource;
import io.gantry.io.RandomAccessInput;
import io.gantry.source.Source;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * An object in Google Cloud Storage.
 *
 * <p>{@link #connect} asks for the first bytes; the answer tells length, ETag and generation. Later
 * requests are for ranges of that generation alone, so an object that is replaced meanwhile is an
 * error, and never half of each. What breaks is resumed. All of that is {@link HttpSource}'s; this
 * adds tokens, and the store's own words for what went wrong.
 *
 * <p>Closing may happen from any thread; it breaks off whatever is being read.
 */
public final class GcsSource implements Source {

  private final HttpSource object;
  private final GcsAccess access;

  private GcsSource(HttpSource object, GcsAccess access) {
    this.object = object;
    this.access = access;
  }

  /**
   * Asks the store for the object's first bytes.
   *
   * @throws io.gantry.source.SourceException when the credentials cannot be used, or the store does
   *     not serve it
   * @throws IOException when a CA file cannot be used
   */
  public static GcsSource connect(GcsOptions options) throws IOException {
    return connect(options, AccessTokens.of(options));
  }

  /** Takes over the tokens. */
  static GcsSource connect(GcsOptions options, AccessTokens tokens) throws IOException {
    GcsAddress address = options.address();
    GcsAccess access = new GcsAccess(address, tokens);
    try {
      return new GcsSource(HttpSource.connect(address.url(), options.http(), access), access);
    } catch (IOException | RuntimeException e) {
      access.close();
      throw e;
    }
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
    return Stream.concat(Stream.of(access.detail()), object.details().stream()).toList();
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
