package io.gantry.s3;

import io.gantry.http.HttpSource;
import io.gantry.http.StoredObject;
import io.gantry.source.SourceException;
import java.io.IOException;
import java.util.Optional;

/**
 * An object in S3, or in a store that speaks like it.
 *
 * <p>{@link #connect} asks for the first bytes; the answer tells length and ETag. Later requests
 * are for ranges and carry that ETag in {@code If-Match} (Amazon S3 API reference, GetObject), so
 * an object that is replaced meanwhile is an error, and never half of each. What breaks is resumed.
 * All of that is {@link HttpSource}'s; this adds signatures, and the store's own words for what
 * went wrong.
 *
 * <p>Closing may happen from any thread; it breaks off whatever is being read.
 */
public final class S3Source extends StoredObject {

  private S3Source(HttpSource object, S3Access access) {
    super(object, access, access.detail());
  }

  /**
   * Asks the store for the object's first bytes. A bucket that turns out to be in another region is
   * looked for there, once.
   *
   * @throws SourceException when the store does not serve it
   * @throws IOException when a CA file cannot be used
   */
  public static S3Source connect(S3Options options) throws IOException {
    S3Credentials credentials = S3Credentials.of(options);
    try {
      S3Access access = new S3Access(options.address(), credentials);
      try {
        return open(options, access);
      } catch (SourceException e) {
        Optional<S3Address> elsewhere = access.elsewhere();
        if (elsewhere.isEmpty()) {
          throw e;
        }
        return open(options, new S3Access(elsewhere.get(), credentials));
      }
    } catch (IOException | RuntimeException e) {
      credentials.close();
      throw e;
    }
  }

  private static S3Source open(S3Options options, S3Access access) throws IOException {
    return new S3Source(HttpSource.connect(access.url(), options.http(), access), access);
  }
}
