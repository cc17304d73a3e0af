package io.gantry.codec;

import java.io.IOException;
import java.nio.channels.ReadableByteChannel;

/**
 * A channel that can also deliver its bytes out of order, from several threads.
 *
 * <p>Putting what several decoders produce back in order takes memory, and makes all of them wait
 * for the slowest. A raw disk does not need the order.
 */
public interface ScatterChannel extends ReadableByteChannel {

  /**
   * Delivers everything that has not been read yet, each byte with its position in the channel, and
   * returns when all of it has been accepted and the end of the input is verified. The first
   * failure, of the sink as well, stops all decoders and is thrown. Nothing can be read afterwards.
   *
   * @return the length of the whole channel, what was read before included
   */
  long scatter(PositionedSink sink) throws IOException;
}
