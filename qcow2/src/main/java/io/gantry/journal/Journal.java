package io.gantry.journal;

import io.gantry.target.RangeSet;
import java.io.IOException;
import java.util.Optional;

/** The newest entry that is whole, and the place for the next one. */
final class Journal {

  private final JournalStore store;
  private final Optional<JournalEntry> last;
  private long sequence;

  private Journal(JournalStore store, Optional<JournalEntry> last) {
    this.store = store;
    this.last = last;
    this.sequence = last.map(JournalEntry::sequence).orElse(0L);
  }

  static Journal open(JournalStore store) throws IOException {
    Optional<JournalEntry> newest = Optional.empty();
    for (int slot = 0; slot < JournalStore.SLOTS; slot++) {
      Optional<JournalEntry> entry = JournalEntry.parse(store.read(slot));
      if (entry.isPresent()
          && (newest.isEmpty() || newest.get().sequence() < entry.get().sequence())) {
        newest = entry;
      }
    }
    return new Journal(store, newest);
  }

  /** Returns the newest entry as it was when the journal was opened. */
  Optional<JournalEntry> last() {
    return last;
  }

  /** Adds an entry; it is on disk for good when this returns. */
  synchronized void write(
      String source, long diskSize, long room, boolean complete, RangeSet durable)
      throws IOException {
    sequence++;
    JournalEntry entry =
        new JournalEntry(sequence, source, diskSize, room, complete, bounded(durable));
    store.write((int) (sequence % JournalStore.SLOTS), entry.toBytes());
  }

  /** The shortest ranges that do not fit are forgotten; they will be written once more. */
  private static RangeSet bounded(RangeSet durable) {
    RangeSet bounded = durable.copy();
    bounded.keepLongest(JournalEntry.rangesMax(JournalStore.SLOT_LENGTH));
    return bounded;
  }

  void remove() throws IOException {
    store.remove();
  }
}
