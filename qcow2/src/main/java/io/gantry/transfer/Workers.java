package io.gantry.transfer;

import io.gantry.image.Limits;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The threads that decode and write. The first failure stops all of them and is the one reported;
 * work that was still waiting is released without being done.
 */
final class Workers implements AutoCloseable {

  /** How long a blocked thread goes without looking whether the others have failed. */
  private static final long LOOK_MILLIS = 20;

  private static final Work LAST = _ -> {};

  /** Hands out work until there is no more. */
  @FunctionalInterface
  interface Feeder {

    void feed() throws IOException;
  }

  private final BlockingQueue<Work> queue;
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final Runnable onFailure;
  private volatile boolean stopped;

  /**
   * Starts the threads.
   *
   * @param onFailure unblocks whoever waits for input that no longer matters
   */
  Workers(int count, Limits limits, Runnable onFailure) {
    this.queue = new ArrayBlockingQueue<>(2 * count);
    this.onFailure = onFailure;
    for (int i = 0; i < count; i++) {
      threads.add(Thread.ofPlatform().daemon().name("copy-" + i).start(() -> runWorker(limits)));
    }
  }

  /** Hands out {@code work}, waiting for room; throws the failure of others instead. */
  void submit(Work work) throws IOException {
    try {
      while (!queue.offer(work, LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        checkFailure();
      }
    } catch (InterruptedException e) {
      work.release();
      throw interrupted();
    } catch (IOException | RuntimeException | Error e) {
      work.release();
      throw e;
    }
  }

  /**
   * Hands out all there is to do. When a worker fails, the input is closed under the feeder; that
   * is only an echo of the failure, which is thrown in its place.
   */
  void feed(Feeder feeder) throws IOException {
    try {
      feeder.feed();
    } catch (IOException | RuntimeException e) {
      checkFailure();
      throw e;
    }
  }

  /** Waits until everything handed out is done. */
  void finish() throws IOException {
    for (int i = 0; i < threads.size(); i++) {
      submit(LAST);
    }
    join();
    checkFailure();
  }

  /** Throws the first failure, if there is one. */
  void checkFailure() throws IOException {
    Throwable first = failure.get();
    if (first != null) {
      rethrow(first);
    }
  }

  private static void rethrow(Throwable failure) throws IOException {
    switch (failure) {
      case IOException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IOException(failure);
    }
  }

  /** Stops at once; what was not done is released. */
  @Override
  public void close() {
    stopped = true;
    boolean alive = threads.stream().anyMatch(Thread::isAlive);
    if (alive) {
      onFailure.run();
      threads.forEach(Thread::interrupt);
    }
    for (Work work = queue.poll(); work != null; work = queue.poll()) {
      work.release();
    }
    try {
      join();
    } catch (IOException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void join() throws IOException {
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private void runWorker(Limits limits) {
    try (WorkerTools tools = new WorkerTools(limits)) {
      for (Work work = next(); !work.equals(LAST); work = next()) {
        try {
          work.run(tools);
        } finally {
          work.release();
        }
      }
    } catch (InterruptedException e) {
      fail(interrupted());
    } catch (Throwable e) {
      fail(e);
    }
  }

  private Work next() throws InterruptedException {
    while (!stopped && failure.get() == null) {
      Work work = queue.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
      if (work != null) {
        return work;
      }
    }
    return LAST;
  }

  private void fail(Throwable e) {
    if (!stopped && failure.compareAndSet(null, e)) {
      onFailure.run();
    }
  }

  private static InterruptedIOException interrupted() {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("interrupted while copying");
  }
}
