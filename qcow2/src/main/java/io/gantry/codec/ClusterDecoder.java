package io.gantry.codec;

import io.gantry.image.MalformedImageException;
import java.nio.ByteBuffer;

/**
 * Decodes one compressed cluster whose decoded size is known.
 *
 * <p>Used by one thread; every worker has its own. Needs no set-up per cluster.
 */
public interface ClusterDecoder extends AutoCloseable {

  /**
   * Fills what remains of {@code dst} from what remains of {@code src}, and moves neither position.
   * Input behind the compressed data is normal (it is padded to sectors) and ignored.
   *
   * @throws MalformedImageException when the data is corrupt, ends early or decodes to fewer bytes;
   *     {@code dst} then holds garbage
   */
  void decode(ByteBuffer src, ByteBuffer dst) throws MalformedImageException;

  @Override
  default void close() {}
}
