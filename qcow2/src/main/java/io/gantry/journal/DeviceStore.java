package io.gantry.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** A journal on a device, where the end of the disk will be. */
final class DeviceStore implements JournalStore {

  private final Path device;
  private final long offset;
  private @Nullable FileChannel channel;

  /**
   * @param offset of the first place, bytes
   */
  DeviceStore(Path device, long offset) {
    this.device = device;
    this.offset = offset;
  }

  @Override
  public ByteBuffer read(int slot) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(SLOT_LENGTH);
    long at = place(slot);
    while (bytes.hasRemaining() && channel().read(bytes, at + bytes.position()) > 0) {
      // reads on
    }
    return bytes.flip();
  }

  @Override
  public void write(int slot, ByteBuffer bytes) throws IOException {
    long at = place(slot);
    while (bytes.hasRemaining()) {
      at += channel().write(bytes, at);
    }
    channel().force(false);
  }

  private long place(int slot) {
    return offset + (long) slot * SLOT_LENGTH;
  }

  private FileChannel channel() throws IOException {
    FileChannel opened = channel;
    if (opened == null) {
      opened = FileChannel.open(device, StandardOpenOption.READ, StandardOpenOption.WRITE);
      channel = opened;
    }
    return opened;
  }

  /** The disk's own bytes come to this place; until then nobody may take it for a journal. */
  @Override
  public void remove() throws IOException {
    for (int slot = 0; slot < SLOTS; slot++) {
      write(slot, ByteBuffer.allocate(SLOT_LENGTH));
    }
  }

  @Override
  public boolean outlivesDisk() {
    return false;
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
      channel = null;
    }
  }
}
