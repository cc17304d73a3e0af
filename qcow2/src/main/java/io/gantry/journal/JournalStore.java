package io.gantry.journal;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Two places for an entry each, so that one is whole whenever the other is being written. */
interface JournalStore {

  int SLOTS = 2;

  /** Bytes of a place: room for some 4000 ranges. */
  int SLOT_LENGTH = 64 << 10;

  /** Returns what is in a place; nothing where there is no journal. */
  ByteBuffer read(int slot) throws IOException;

  /** Writes a place, and returns when it is on disk for good. */
  void write(int slot, ByteBuffer bytes) throws IOException;

  /** Removes the journal, for good. */
  void remove() throws IOException;

  /** Says whether there is a place for it also when the disk is complete. */
  boolean outlivesDisk();

  void close() throws IOException;
}
