package io.gantry.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What an earlier run left word of in a journal file.
 *
 * @param room room in the volume as that run measured it, before the disk took it, bytes
 * @param diskSize size of the disk, bytes
 * @param complete whether the disk is finished
 */
public record ResumePoint(long room, long diskSize, boolean complete, String source) {

  /** Reads the newest whole entry of a journal; empty when there is none. */
  public static Optional<ResumePoint> read(Path journal) throws IOException {
    FileStore store = new FileStore(journal);
    try {
      return Journal.open(store)
          .last()
          .map(
              entry ->
                  new ResumePoint(
                      entry.room(), entry.diskSize(), entry.complete(), entry.source()));
    } finally {
      store.close();
    }
  }

  /** Says whether that run read the same bytes. */
  public boolean isOf(String identity) {
    return source.equals(JournalEntry.digest(identity));
  }

  /** Removes a journal file for good, if there is one. */
  public static void remove(Path journal) throws IOException {
    new FileStore(journal).remove();
  }
}
