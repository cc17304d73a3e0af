package io.gantry.transfer;

import io.gantry.codec.ReadAhead;
import io.gantry.target.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/**
 * Writes a raw disk that comes as a stream. What reads or decodes it runs ahead in a thread of its
 * own, so that the three take turns on two processors.
 */
final class StreamRaw {

  private final Target target;
  private final SparseWriter writer;
  private final OptionalLong length;

  /**
   * @param length of the stream, when it is known; the target is prepared for it then, else it
   *     grows as the bytes come
   */
  StreamRaw(Target target, SparseWriter writer, OptionalLong length) {
    this.target = target;
    this.writer = writer;
    this.length = length;
  }

  /** Reads {@code in} to its end; returns how many bytes there were. */
  long run(ReadAhead in) throws IOException {
    long position = 0;
    for (ByteBuffer bytes = in.next(); bytes != null; bytes = in.next()) {
      int count = bytes.remaining();
      if (length.isEmpty()) {
        target.grow(position + count);
      }
      writer.write(position, bytes);
      position += count;
    }
    return position;
  }
}
