package io.gantry.registry;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;

/**
 * The disk, while its layer is still coming.
 *
 * <p>Its end is reported when the rest of the layer has been read as well, for only then the digest
 * tells whether the disk was right.
 */
final class DiskChannel implements ReadableByteChannel {

  private final ReadableByteChannel content;
  private final VerifiedChannel blob;
  private final PullFailure failure;
  private boolean ended;
  private volatile boolean open = true;

  /**
   * @param content what is inside of {@code blob}
   * @param failure gives failures their wording
   */
  DiskChannel(ReadableByteChannel content, VerifiedChannel blob, PullFailure failure) {
    this.content = content;
    this.blob = blob;
    this.failure = failure;
  }

  @Override
  public int read(ByteBuffer dst) throws IOException {
    if (!open) {
      throw new ClosedChannelException();
    }
    if (ended) {
      return -1;
    }
    try {
      int count = content.read(dst);
      if (count < 0) {
        content.close();
        blob.drain();
        ended = true;
      }
      return count;
    } catch (IOException e) {
      throw failure.of(open ? blob.blame(e) : e);
    }
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  /** Closes the blob first: whoever reads it is woken, and may then be waited for. */
  @Override
  public void close() throws IOException {
    open = false;
    try (content) {
      blob.close();
    }
  }
}
