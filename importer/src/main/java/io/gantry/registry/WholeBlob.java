package io.gantry.registry;

import io.gantry.image.ImageTooLargeException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads small blobs, such as manifests and configs, in one piece and verified. */
final class WholeBlob {

  private WholeBlob() {}

  /**
   * Reads all bytes.
   *
   * @param what it is, for messages
   */
  static byte[] read(ImageStore store, Descriptor descriptor, int bytesMax, String what)
      throws IOException {
    checkSize(descriptor, bytesMax, what);
    ByteBuffer bytes = ByteBuffer.allocate((int) descriptor.size());
    try (VerifiedChannel channel = new VerifiedChannel(store.blob(descriptor), descriptor)) {
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
        // until all is there
      }
      channel.drain();
    }
    return bytes.array();
  }

  static void checkSize(Descriptor descriptor, int bytesMax, String what)
      throws ImageTooLargeException {
    if (descriptor.size() > bytesMax) {
      throw new ImageTooLargeException(
          "%s has %d bytes, at most %d are read".formatted(what, descriptor.size(), bytesMax));
    }
  }
}
