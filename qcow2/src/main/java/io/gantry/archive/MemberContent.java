package io.gantry.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;

/** The bytes of one member, the pieces that the archive stores and zeros between them. */
final class MemberContent implements ReadableByteChannel {

  private static final byte[] ZEROS = new byte[16 << 10];

  private final ArchiveInput in;
  private final SparseMap map;
  private int piece;
  private long position;
  private long storedLeft;
  private volatile boolean open = true;

  MemberContent(ArchiveInput in, SparseMap map) {
    this.in = in;
    this.map = map;
    this.storedLeft = map.storedBytes();
  }

  @Override
  public int read(ByteBuffer dst) throws IOException {
    if (!open) {
      throw new ClosedChannelException();
    }
    if (position == map.size()) {
      return -1;
    }
    if (piece < map.count() && position == pieceEnd()) {
      piece++;
    }
    long dataStart = piece < map.count() ? map.offset(piece) : map.size();
    int count = position < dataStart ? putZeros(dst, dataStart - position) : putStored(dst);
    position += count;
    return count;
  }

  private long pieceEnd() {
    return map.offset(piece) + map.length(piece);
  }

  private static int putZeros(ByteBuffer dst, long length) {
    int count = (int) Math.min(Math.min(dst.remaining(), length), ZEROS.length);
    dst.put(ZEROS, 0, count);
    return count;
  }

  private int putStored(ByteBuffer dst) throws IOException {
    long wanted = Math.min(dst.remaining(), pieceEnd() - position);
    if (wanted == 0) {
      return 0;
    }
    ByteBuffer bytes = in.takeSome(wanted);
    int count = bytes.remaining();
    dst.put(bytes);
    storedLeft -= count;
    return count;
  }

  /** Moves on to where the next header lies. */
  void skipRest() throws IOException {
    in.skip(storedLeft);
    storedLeft = 0;
    in.skipToBlock();
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() throws IOException {
    open = false;
    in.close();
  }
}
