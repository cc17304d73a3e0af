package io.gantry.codec;

import io.gantry.image.ImageTooLargeException;
import io.gantry.image.Limits;
import io.gantry.image.MalformedImageException;
import io.gantry.io.RandomAccessInput;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An xz file of several blocks that can be read at any position.
 *
 * <p>Its index says where each block begins and how long it is decoded, so every decoder reads its
 * own block, and nothing is read ahead or waits for its turn. Also works where the blocks
 * themselves do not say how long they are ({@code xz -T1 --block-size}).
 *
 * <p>Meant for local files: a remote one would be asked for every block, where one request for
 * everything serves {@link Unwrapped#scatter} as well.
 */
public final class XzBlocks {

  private final RandomAccessInput input;
  private final Limits limits;
  private final List<XzIndex.Entry> entries;
  private final long[] positions;
  private final long length;

  private XzBlocks(
      RandomAccessInput input, Limits limits, List<XzIndex.Entry> entries, long[] positions) {
    this.input = input;
    this.limits = limits;
    this.entries = entries;
    this.positions = positions;
    this.length = positions[entries.size()];
  }

  /**
   * Reads the indexes of {@code input}, which is left open. Empty when there is nothing to gain: a
   * single block, or more of them than it is worth to keep a list of.
   */
  public static Optional<XzBlocks> read(RandomAccessInput input, Limits limits) throws IOException {
    Optional<List<XzIndex.Entry>> entries = new XzIndex(input).read();
    if (entries.isEmpty() || entries.get().size() < 2) {
      return Optional.empty();
    }
    long[] positions = positions(entries.get(), input, limits);
    return Optional.of(new XzBlocks(input, limits, entries.get(), positions));
  }

  private static long[] positions(
      List<XzIndex.Entry> entries, RandomAccessInput input, Limits limits)
      throws ImageTooLargeException {
    long[] positions = new long[entries.size() + 1];
    for (int i = 0; i < entries.size(); i++) {
      long size = entries.get(i).uncompressedSize();
      if (size > limits.virtualSizeMax() - positions[i]) {
        throw new ImageTooLargeException(
            "%s: xz: block of %d bytes at position %d, over the limit of %d in all"
                .formatted(input.name(), size, positions[i], limits.virtualSizeMax()));
      }
      positions[i + 1] = positions[i] + size;
    }
    return positions;
  }

  /** Returns the number of decoded bytes, as the index says; {@link #decode} verifies it. */
  public long length() {
    return length;
  }

  /**
   * Decodes all blocks on up to {@code threads} threads and hands the bytes to {@code sink} by
   * their positions; the bytes of a block in order, from one thread. Returns when everything has
   * been verified and accepted. The first failure, of the sink as well, stops all and is thrown.
   */
  public void decode(int threads, PositionedSink sink) throws IOException {
    XzScatter scatter = new XzScatter(sink);
    XzMemory available = XzMemory.available();
    XzMemory.Decoders memory = new XzMemory.Decoders(available.total());
    XzShared shared = XzShared.of(limits, threads);
    AtomicInteger next = new AtomicInteger();
    var factory = Thread.ofPlatform().daemon().name("xz " + input.name() + " ", 1).factory();
    try (ExecutorService workers = Executors.newFixedThreadPool(threads, factory)) {
      for (int i = 0; i < threads; i++) {
        workers.execute(() -> decodeSome(next, scatter, memory, shared));
      }
    } // waits for all of them
    scatter.ended(length);
    scatter.await();
  }

  private void decodeSome(
      AtomicInteger next, XzScatter scatter, XzMemory.Decoders memory, XzShared shared) {
    for (int i = next.getAndIncrement(); i < entries.size(); i = next.getAndIncrement()) {
      if (scatter.isOver()) {
        return;
      }
      try {
        decode(entries.get(i), positions[i], scatter, memory, shared);
      } catch (Throwable e) {
        scatter.failed(e);
      }
    }
  }

  private void decode(
      XzIndex.Entry entry,
      long position,
      XzScatter scatter,
      XzMemory.Decoders memory,
      XzShared shared)
      throws IOException, InterruptedException {
    try (XzRange data = new XzRange(input, entry.at(), entry.end())) {
      XzBlock block = block(entry, data);
      int share = memory.acquire(block.header().filters().memory(entry.uncompressedSize()));
      try {
        XzTask task = new XzTask(new XzBlockDecoder(block, data, input.name(), shared), position);
        scatter.begin(task);
        scatter.run(task);
      } finally {
        memory.release(share);
      }
    }
  }

  /** Reads the block's header; what the index says is added to it and must not contradict it. */
  private XzBlock block(XzIndex.Entry entry, XzRange data) throws IOException {
    String where = input.name() + ": xz: at compressed offset " + entry.at();
    int first = data.read();
    byte[] bytes = new byte[XzBlockHeader.sizeOf(first)];
    bytes[0] = (byte) first;
    long compressedSize = entry.unpaddedSize() - bytes.length - entry.check().size();
    if (first == 0 || compressedSize <= 0) {
      throw new MalformedImageException(
          "%s: index says a block of %d bytes, found a header of %d"
              .formatted(where, entry.unpaddedSize(), bytes.length));
    }
    data.readNBytes(bytes, 1, bytes.length - 1);
    XzBlockHeader header = XzBlockHeader.parse(bytes, where);
    if ((header.compressedSize() >= 0 && header.compressedSize() != compressedSize)
        || (header.uncompressedSize() >= 0
            && header.uncompressedSize() != entry.uncompressedSize())) {
      throw new MalformedImageException(where + ": sizes in the block header and index differ");
    }
    XzBlockHeader complete =
        new XzBlockHeader(
            header.size(), compressedSize, entry.uncompressedSize(), header.filters());
    return new XzBlock(complete, entry.check(), entry.at() + bytes.length);
  }
}
