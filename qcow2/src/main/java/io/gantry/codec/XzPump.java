package io.gantry.codec;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedChannelException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads an xz file in a thread of its own and hands its blocks to decoders on other threads.
 *
 * <p>A block whose header says how long it is can be read without being decoded, so the next one
 * can be begun beside it; {@code xz -T} writes such blocks. Any other block is decoded by the
 * reading thread itself, since only the decoder finds its end.
 *
 * <p>As many blocks are on their way as there are decoders: a decoder begins with the first bytes
 * of its block, so reading further ahead would only take memory. A block whose decoder alone takes
 * more than all of them may have is decoded by the reading thread, too.
 */
final class XzPump {

  private static final long STOP_SECONDS = 5;

  private final XzInput in;
  private final XzStreams streams;
  private final XzDelivery delivery;
  private final XzMemory.Decoders memory;
  private final XzChunkPool pool;
  private final XzShared shared;
  private final Semaphore idle;
  private final ExecutorService workers;
  private final Set<XzChunks> unread = ConcurrentHashMap.newKeySet();
  private final Thread thread;
  private volatile boolean stopped;

  /**
   * Starts.
   *
   * @param begun a block that was begun in another way, to go on with; {@code in} and {@code
   *     streams} stand inside it
   * @param position of that block in the decoded stream, or else of the next one
   */
  XzPump(
      XzInput in,
      XzStreams streams,
      int threads,
      XzShared shared,
      XzDelivery delivery,
      @Nullable XzBlockDecoder begun,
      long position) {
    XzMemory available = XzMemory.available();
    this.in = in;
    this.streams = streams;
    this.delivery = delivery;
    this.memory = new XzMemory.Decoders(available.decoderBytes());
    this.pool = new XzChunkPool(available.chunkBytes());
    this.shared = shared;
    this.idle = new Semaphore(threads);
    this.workers =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name("xz " + in.name() + " ", 1).factory());
    this.thread =
        Thread.ofPlatform().daemon().name("xz " + in.name()).start(() -> readAll(begun, position));
  }

  /** Says whether a block can be decoded beside the reading of what follows it. */
  static boolean canHandOn(XzBlock block) {
    XzBlockHeader header = block.header();
    return header.isSized()
        && header.filters().memory(header.uncompressedSize())
            <= XzMemory.available().decoderBytes();
  }

  private void readAll(@Nullable XzBlockDecoder begun, long start) {
    try {
      long position = begun == null ? start : start + process(begun.block(), begun, start);
      for (XzBlock block = streams.next(); block != null; block = streams.next()) {
        position += process(block, null, position);
      }
      delivery.ended(position);
    } catch (Throwable e) {
      delivery.failed(e);
    } finally {
      workers.shutdown();
    }
  }

  /** Returns the uncompressed size of the block. */
  private long process(XzBlock block, @Nullable XzBlockDecoder begun, long start)
      throws IOException, InterruptedException {
    XzBlockHeader header = block.header();
    int share = memory.acquire(header.filters().memory(header.uncompressedSize()));
    if (!canHandOn(block)) {
      return decodeHere(begun != null ? begun : decoder(block, in), start, share);
    }
    idle.acquire();
    XzChunks chunks = new XzChunks(pool);
    XzBlockDecoder decoder = begun != null ? begun : decoder(block, chunks);
    long left = block.paddedSize(header.compressedSize()) - (in.position() - block.dataAt());
    decoder.continueFrom(chunks);
    XzTask task = new XzTask(decoder, start);
    unread.add(chunks);
    delivery.begin(task);
    workers.execute(() -> decodeThere(task, chunks, share));
    fill(chunks, left);
    streams.completed(block.unpaddedSize(header.compressedSize()), header.uncompressedSize());
    return header.uncompressedSize();
  }

  private XzBlockDecoder decoder(XzBlock block, InputStream data) throws IOException {
    return new XzBlockDecoder(block, data, in.name(), shared);
  }

  private long decodeHere(XzBlockDecoder decoder, long start, int share)
      throws IOException, InterruptedException {
    try {
      XzTask task = new XzTask(decoder, start);
      delivery.begin(task);
      if (!delivery.run(task)) {
        throw new ClosedChannelException(); // of no interest behind the failure of the task
      }
      streams.completed(decoder.unpaddedSize(), decoder.uncompressed());
      return decoder.uncompressed();
    } finally {
      memory.release(share);
    }
  }

  private void decodeThere(XzTask task, XzChunks chunks, int share) {
    try {
      delivery.run(task);
    } finally {
      unread.remove(chunks);
      chunks.close();
      memory.release(share);
      idle.release();
    }
  }

  /** Reads the rest of a block; a failure is the block's as well, behind what was read. */
  private void fill(XzChunks chunks, long bytes) throws IOException, InterruptedException {
    long left = bytes;
    while (left > 0) {
      byte[] chunk = pool.take();
      int length = (int) Math.min(left, chunk.length);
      try {
        in.readFully(chunk, 0, length);
      } catch (IOException e) {
        chunks.fail(e);
        throw e;
      }
      chunks.put(chunk, length);
      left -= length;
    }
  }

  /** Stops all threads and closes the input. */
  void close() throws IOException {
    if (stopped) {
      return;
    }
    stopped = true;
    delivery.stop();
    thread.interrupt();
    try {
      in.close();
    } finally {
      unread.forEach(XzChunks::abort);
      workers.shutdown();
      awaitEnd();
    }
  }

  /**
   * Waits until no decoder is running: what it writes to would be taken away under it. The reading
   * thread may hang in an input that does not react to being closed; it is left to itself then.
   */
  private void awaitEnd() {
    try {
      thread.join(TimeUnit.SECONDS.toMillis(STOP_SECONDS));
      unread.forEach(XzChunks::abort);
      workers.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
