package io.gantry.archive;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The members of a tar, one after the other, for whoever looks for some of them and unpacks
 * nothing: the same dialects and limits as {@link TarExtractor}, whose names lead nowhere here.
 *
 * <p>An archive without an end marker is taken for whole: what is read this way has a digest, which
 * tells better. One that ends anywhere else is malformed. No more is read than the member asked for
 * and one buffer of 64 KiB; in a file, content that nobody asked for is not read at all.
 *
 * <p>Read by one thread; closing closes the channel it reads from, also in the middle of a read.
 */
public final class TarMembers implements Closeable {

  private final ArchiveInput in;
  private final TarReader reader;
  private @Nullable MemberContent content;

  public TarMembers(ReadableByteChannel in, ArchiveLimits limits) {
    this.in = new ArchiveInput(new ChannelPieces(in));
    this.reader = TarReader.ofVerifiedBytes(this.in, limits);
  }

  /**
   * Tells a tar by the checksum in its first header: old ones have no magic.
   *
   * @param head first bytes, which stay where they are
   */
  public static boolean isTar(ByteBuffer head) {
    if (head.remaining() < HeaderBlock.BYTES) {
      return false;
    }
    byte[] block = new byte[HeaderBlock.BYTES];
    head.get(head.position(), block);
    return HeaderBlock.hasRightChecksum(block);
  }

  /**
   * Passes over what is left of a member and returns the next one; nothing behind the last.
   *
   * @throws io.gantry.image.ImageException for a tar that is malformed, over a limit, or not known
   */
  public Optional<TarMember> next() throws IOException {
    if (content != null) {
      content.skipRest();
    }
    Member member = reader.next();
    if (member == null) {
      return Optional.empty();
    }
    content = new MemberContent(in, member.content());
    return Optional.of(TarMember.of(member, in.position()));
  }

  /**
   * Returns the bytes of the member that {@link #next} returned last, holes filled in; all of them
   * or an exception. Of no use when the next member was asked for. Closing it closes this.
   */
  public ReadableByteChannel content() {
    if (content == null) {
      throw new IllegalStateException("there is no member");
    }
    return content;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
