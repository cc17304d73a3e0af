package io.gantry.journal;

import io.gantry.target.ForwardingTarget;
import io.gantry.target.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * A target that a later run can go on with when this one is killed.
 *
 * <p>While it is being written, a thread makes what was written durable, again and again, and then
 * writes down what that was. A run that finds such a journal, for the same source and a disk of the
 * same size, keeps what is there. With any other journal, or a broken one, it starts anew. A
 * journal in a file stays when the disk is complete, and says so, until somebody removes it.
 */
public final class ResumableTarget extends ForwardingTarget {

  /** Makes the target and the place for its journal, once the size of the disk is known. */
  private interface Arrangement {
    Arranged of(long diskSize) throws IOException;
  }

  private record Arranged(Target target, Optional<JournalStore> store) {}

  /** A volume with less room than that beside the disk is left to the disk alone. */
  private static final long ROOM_FOR_JOURNAL = 1L << 20;

  /** A smaller disk is written again before a journal would help. */
  private static final long DEVICE_MIN = 16L << 20;

  /** Writes come in whole blocks of at most this size. */
  private static final int BLOCK = 4096;

  private final Arrangement arrangement;
  private final String source;
  private final long room;
  private final LongConsumer resumed;
  private Target target;
  private Optional<JournalStore> store = Optional.empty();
  private Optional<Checkpointer> checkpointer = Optional.empty();

  private ResumableTarget(
      Target target, Arrangement arrangement, String identity, long room, LongConsumer resumed) {
    this.target = target;
    this.arrangement = arrangement;
    this.source = JournalEntry.digest(identity);
    this.room = room;
    this.resumed = resumed;
  }

  /**
   * Wraps {@code target}, which must keep what is incomplete, with a journal in a file.
   *
   * @param identity tells the bytes of the source from all others: name, length, validator
   * @param room what the volume has room for without this disk, bytes; for {@link ResumePoint#room}
   * @param resumed told how many bytes an earlier run had written for good, if one is resumed
   */
  public static ResumableTarget withFile(
      Target target, Path journal, String identity, long room, LongConsumer resumed) {
    return new ResumableTarget(
        target, size -> arrangeInFile(target, journal, size, room), identity, room, resumed);
  }

  private static Arranged arrangeInFile(Target target, Path journal, long diskSize, long room)
      throws IOException {
    FileStore store = new FileStore(journal);
    if (room - diskSize < ROOM_FOR_JOURNAL) {
      store.remove();
      return new Arranged(target, Optional.empty());
    }
    return new Arranged(target, Optional.of(store));
  }

  /**
   * Wraps a device, with a journal where the end of the disk will be: that is written last.
   *
   * @param resumed told how many bytes an earlier run had written for good, if one is resumed
   */
  public static ResumableTarget onDevice(Target target, String identity, LongConsumer resumed) {
    Path device = Path.of(target.name());
    return new ResumableTarget(
        target,
        diskSize -> arrangeOnDevice(target, device, diskSize),
        identity,
        target.capacity(),
        resumed);
  }

  private static Arranged arrangeOnDevice(Target target, Path path, long diskSize) {
    if (diskSize < DEVICE_MIN || diskSize > target.capacity()) {
      return new Arranged(target, Optional.empty());
    }
    int length = JournalStore.SLOTS * JournalStore.SLOT_LENGTH + (int) (diskSize % BLOCK);
    return new Arranged(
        new WithheldTail(target, diskSize, length),
        Optional.of(new DeviceStore(path, diskSize - length)));
  }

  /**
   * A disk whose size only its end tells comes from a stream that cannot be taken up in the middle:
   * for that one there is nothing to write down until it is complete.
   */
  @Override
  public synchronized void prepare(long diskSize) throws IOException {
    Arranged arranged = arrangement.of(diskSize);
    target = arranged.target();
    store = arranged.store();
    if (store.isEmpty()) {
      target.prepare(diskSize);
      return;
    }
    Journal journal = Journal.open(store.get());
    Optional<JournalEntry> last =
        journal
            .last()
            .filter(entry -> entry.source().equals(source))
            .filter(entry -> entry.diskSize() == diskSize && !entry.complete());
    if (last.isPresent() && isThere(diskSize)) {
      resumed.accept(last.get().durable().length());
      target.resume(diskSize, last.get().durable());
    } else {
      journal.remove();
      target.prepare(diskSize);
    }
    checkpointer = Optional.of(new Checkpointer(target, journal, source, diskSize, room));
    if (diskSize > 0) {
      checkpointer.get().start();
    }
  }

  /** A journal outlives a file that somebody has removed or put another in place of. */
  private boolean isThere(long diskSize) throws IOException {
    Path path = Path.of(target.name());
    boolean device = target.capacity() != Long.MAX_VALUE;
    return device || (Files.isRegularFile(path) && Files.size(path) >= diskSize);
  }

  @Override
  protected Target inside() {
    return target;
  }

  @Override
  public void grow(long diskSize) throws IOException {
    target.grow(diskSize);
    checkpointer.ifPresent(running -> running.grown(diskSize));
  }

  @Override
  public void write(long offset, ByteBuffer src) throws IOException {
    int length = src.remaining();
    target.write(offset, src);
    checkpointer.ifPresent(running -> running.written(length));
  }

  /** Writes down that the disk is complete: whoever comes next finds nothing to do. */
  @Override
  public void finish() throws IOException {
    checkpointer.ifPresent(Checkpointer::stop);
    target.finish();
    if (checkpointer.isPresent() && store.orElseThrow().outlivesDisk()) {
      writeComplete(checkpointer.get(), store.get());
    }
  }

  /** The disk is complete, whether or not there is room to say so. */
  private static void writeComplete(Checkpointer checkpointer, JournalStore store)
      throws IOException {
    try {
      checkpointer.complete();
    } catch (IOException e) {
      store.remove();
    }
  }

  /** What is durable by now is what the next run goes on with. */
  @Override
  public void abandon() throws IOException {
    if (!target.isFinished()) {
      checkpointer.ifPresent(Checkpointer::stopAfterLastOne);
    }
    target.abandon();
  }

  @Override
  public void close() throws IOException {
    try (Target _ = target) {
      checkpointer.ifPresent(Checkpointer::stop);
    } finally {
      if (store.isPresent()) {
        store.get().close();
      }
    }
  }
}
