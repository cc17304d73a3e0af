package io.gantry.journal;

import io.gantry.target.RangeSet;
import io.gantry.target.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Makes what was written durable, and writes it down, beside the workers.
 *
 * <p>As soon as there is something worth it, and the longer a run lasts, the less often: a kill
 * loses a fraction of what the run did, which is little for one that is killed at once. In the long
 * run no more than a fifth of the time is spent on it: where a sync takes a second, it happens
 * every five; a run that is younger than some syncs does not wait so long for the next one.
 */
final class Checkpointer {

  /** What a killed run loses, beside what is on its way. */
  private static final long WORTH_IT = 512L << 10;

  private static final long PAUSE_FACTOR = 4;
  private static final Duration PAUSE_MIN = Duration.ofMillis(10);
  private static final Duration PAUSE_MAX = Duration.ofMillis(250);

  /** Of the time that the run has lasted. */
  private static final int PAUSE_FRACTION = 32;

  /** Of the same time: what a slow sync can make of a pause. */
  private static final int PAUSE_FRACTION_MAX = 8;

  private final Target target;
  private final Journal journal;
  private final String source;
  private final long room;
  private final Thread thread;
  private final long bornNanos = System.nanoTime();
  private long diskSize;
  private long pending;

  /** Whether the thread waits for work; while it pauses, writers do not wake it. */
  private boolean idle;

  private boolean stopped;

  /** Not this object's own lock, which the thread needs to end. */
  private final ReentrantLock lastOne = new ReentrantLock();

  private boolean ended;

  Checkpointer(Target target, Journal journal, String source, long diskSize, long room) {
    this.target = target;
    this.journal = journal;
    this.source = source;
    this.diskSize = diskSize;
    this.room = room;
    this.thread = Thread.ofPlatform().daemon().name("checkpoint").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  synchronized void written(long length) {
    pending += length;
    if (idle && pending >= WORTH_IT) {
      notifyAll();
    }
  }

  synchronized void grown(long larger) {
    diskSize = larger;
  }

  private void run() {
    try {
      while (awaitWork()) {
        long startNanos = System.nanoTime();
        checkpoint();
        long endNanos = System.nanoTime();
        pause(pauseNanos(endNanos - bornNanos, endNanos - startNanos));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | IllegalStateException e) {
      // A sync that failed fails the next write too, and is told there. A journal that cannot be
      // written, on a full volume say, is no reason to give up: the entry before still holds.
    }
  }

  private static long pauseNanos(long lastedNanos, long syncNanos) {
    long pace = Math.clamp(lastedNanos / PAUSE_FRACTION, PAUSE_MIN.toNanos(), PAUSE_MAX.toNanos());
    long share = Math.min(PAUSE_FACTOR * syncNanos, lastedNanos / PAUSE_FRACTION_MAX);
    return Math.max(pace, share);
  }

  private synchronized boolean awaitWork() throws InterruptedException {
    idle = true;
    while (pending < WORTH_IT && !stopped) {
      wait();
    }
    idle = false;
    pending = 0;
    return !stopped;
  }

  private void checkpoint() throws IOException {
    target.checkpoint();
    RangeSet durable = target.durable();
    long size;
    synchronized (this) {
      size = diskSize;
    }
    journal.write(source, size, room, false, durable);
  }

  private synchronized void pause(long nanos) throws InterruptedException {
    long until = System.nanoTime() + nanos;
    long left = until - System.nanoTime();
    while (left > 0 && !stopped) {
      wait(Math.max(1, left / 1_000_000));
      left = until - System.nanoTime();
    }
  }

  /** Ends the thread; waits for a checkpoint that is under way. */
  void stop() {
    synchronized (this) {
      stopped = true;
      notifyAll();
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the thread, and keeps for the next run what has been written up to now; once. */
  void stopAfterLastOne() {
    stop();
    lastOne.lock();
    try {
      if (!ended) {
        ended = true;
        checkpoint();
      }
    } catch (IOException | IllegalStateException _) {
      // The next run goes on from the entry before.
    } finally {
      lastOne.unlock();
    }
  }

  /** Writes down that all of it is durable. */
  void complete() throws IOException {
    RangeSet all = new RangeSet();
    if (diskSize > 0) {
      all.add(0, diskSize);
    }
    journal.write(source, diskSize, room, true, all);
  }
}
