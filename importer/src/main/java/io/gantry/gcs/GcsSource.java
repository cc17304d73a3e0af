package io.gantry.gcs;

import io.gantry.http.HttpSource;
import io.gantry.http.StoredObject;
import java.io.IOException;

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
public final class GcsSource extends StoredObject {

  private GcsSource(HttpSource object, GcsAccess access) {
    super(object, access, access.detail());
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
}
