package io.gantry.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.security.MessageDigest;

/** Feeds a digest with what is read through it. */
public final class DigestingChannel implements ReadableByteChannel {

  private final ReadableByteChannel in;
  private final MessageDigest digest;

  public DigestingChannel(ReadableByteChannel in, MessageDigest digest) {
    this.in = in;
    this.digest = digest;
  }

  @Override
  public int read(ByteBuffer dst) throws IOException {
    int start = dst.position();
    int count = in.read(dst);
    if (count > 0) {
      digest.update(dst.duplicate().position(start).limit(start + count));
    }
    return count;
  }

  @Override
  public boolean isOpen() {
    return in.isOpen();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
