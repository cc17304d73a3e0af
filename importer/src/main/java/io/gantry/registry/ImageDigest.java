package io.gantry.registry;

import io.gantry.runtime.CaFileException;
import io.gantry.source.SourceException;
import java.io.IOException;

/**
 * Which image a reference leads to now: the SHA-256 of the manifest's bytes, or of the index as a
 * whole where there is one, so that it changes when the image of any platform does.
 *
 * <p>The manifest is fetched and counted. A HEAD request would do with less, but what its {@code
 * Docker-Content-Digest} says is a claim.
 */
public final class ImageDigest {

  private ImageDigest() {}

  /**
   * Asks the registry. Nothing but the manifest is read, and it must be one.
   *
   * @return {@code sha256:HEX}
   * @throws SourceException when the image cannot be found
   * @throws io.gantry.image.ImageException when what the registry has there is no manifest
   */
  public static String of(RegistryOptions options) throws IOException {
    DockerName name = name(options.reference());
    PullFailure failure = new PullFailure(options.reference());
    try (RegistryStore store = RegistryStore.connect(name, options)) {
      return store.rootDigest().toString();
    } catch (CaFileException e) {
      throw e;
    } catch (IOException e) {
      throw failure.of(e);
    }
  }

  /** What cannot be pulled at all is no failure of pulling. */
  private static DockerName name(String reference) throws SourceException {
    try {
      if (ImageReference.parse(reference) instanceof ImageReference.Registry(DockerName name)) {
        return name;
      }
    } catch (IllegalArgumentException e) {
      throw new SourceException(PullFailure.oneLine(e), false, e);
    }
    throw new SourceException("only an image in a registry (docker://...) changes", false);
  }
}
