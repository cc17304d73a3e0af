package io.gantry.codec;

import io.gantry.image.DamagedStreamException;
import io.gantry.image.Limits;
import io.gantry.image.MalformedImageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A stream with every compression around it taken off.
 *
 * <p>Looks at the head, and when it is compressed, decodes and looks again. Each compression is
 * taken off once: {@code disk.gz.xz} is a disk, the inside of {@code disk.gz.gz} is a raw disk that
 * happens to hold gzip data. So the depth is bounded by the number of compressions we know.
 *
 * <p>Damage of what was taken off is told as such: {@link DamagedStreamException}.
 *
 * @param compressions what was taken off, outermost first
 * @param channel the bytes inside, from the first one on; closing it closes the whole chain
 * @param head the first bytes of {@code channel}: {@value #HEAD_BYTES}, or all there are
 */
public record Unwrapped(
    List<Compression> compressions, ReadableByteChannel channel, ByteBuffer head) {

  /** Bytes looked at; every magic we know lies inside the first 512. */
  public static final int HEAD_BYTES = 4096;

  /**
   * Takes off what is around {@code in}, which is closed when that fails.
   *
   * @param name of the source, for messages
   * @param threads that may decode side by side
   */
  public static Unwrapped open(ReadableByteChannel in, String name, Limits limits, int threads)
      throws IOException {
    List<Compression> compressions = new ArrayList<>();
    ReadableByteChannel outermost = in;
    try {
      PeekedChannel peeked = PeekedChannel.peek(outermost, HEAD_BYTES);
      Optional<Compression> found = detect(peeked.head(), compressions, name);
      while (found.isPresent()) {
        compressions.add(found.get());
        outermost = Decompressors.open(found.get(), peeked, name, limits, threads);
        peeked = PeekedChannel.peek(outermost, HEAD_BYTES);
        found = detect(peeked.head(), compressions, name);
      }
      ReadableByteChannel inside = compressions.isEmpty() ? peeked : new Decompressed(peeked);
      return new Unwrapped(List.copyOf(compressions), inside, peeked.head());
    } catch (MalformedImageException e) {
      closeAfter(e, outermost);
      throw new DamagedStreamException(e);
    } catch (IOException | RuntimeException e) {
      closeAfter(e, outermost);
      throw e;
    }
  }

  /**
   * Says whether {@link #scatter} has several decoders deliver on their own, without the memory and
   * the waiting that putting their bytes in order takes.
   */
  public boolean canScatter() {
    return channel instanceof Decompressed(var peeked) && peeked.rest() instanceof ScatterChannel;
  }

  /**
   * Delivers all bytes by their positions, in any order and from several threads, instead of
   * reading {@link #channel}; nothing may have been read from it.
   *
   * @return the number of bytes, when all have been accepted and the end is verified
   */
  public long scatter(PositionedSink sink) throws IOException {
    if (channel instanceof Decompressed(var peeked)
        && peeked.rest() instanceof ScatterChannel rest) {
      sink.accept(0, peeked.head());
      try {
        return rest.scatter(sink);
      } catch (MalformedImageException e) {
        throw new DamagedStreamException(e);
      }
    }
    throw new IllegalStateException("cannot scatter " + compressions);
  }

  private static Optional<Compression> detect(ByteBuffer head, List<Compression> taken, String name)
      throws MalformedImageException {
    Optional<Compression> cut = Compression.cutInsideMagic(head).filter(c -> !taken.contains(c));
    if (cut.isPresent()) {
      throw new MalformedImageException(
          "%s: ends after %d bytes, inside the %s magic"
              .formatted(name, head.remaining(), cut.get().id()));
    }
    return Compression.detect(head).filter(c -> !taken.contains(c));
  }

  /** What comes out of a decompressor, which alone is to blame when that fails. */
  private record Decompressed(PeekedChannel peeked) implements ReadableByteChannel {

    @Override
    public int read(ByteBuffer dst) throws IOException {
      try {
        return peeked.read(dst);
      } catch (MalformedImageException e) {
        throw new DamagedStreamException(e);
      }
    }

    @Override
    public boolean isOpen() {
      return peeked.isOpen();
    }

    @Override
    public void close() throws IOException {
      peeked.close();
    }
  }

  private static void closeAfter(Exception failure, ReadableByteChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }
}
