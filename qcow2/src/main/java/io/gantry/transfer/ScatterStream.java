package io.gantry.transfer;

import io.gantry.format.qcow2.ForwardMap;
import io.gantry.format.qcow2.Reference;
import io.gantry.image.Limits;
import io.gantry.image.MalformedImageException;
import io.gantry.target.Target;
import io.gantry.transfer.ConsumedRuns.Written;
import io.gantry.transfer.DecodedRun.Part;
import io.gantry.transfer.WorkerTools.ClusterName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Decodes a QCOW2 file that comes once, from front to back.
 *
 * <pre>
 *   stream ─▶ chunk ─▶ map: which clusters are tables, which are data, and of which guest clusters?
 *                       ├─ data known            ─▶ workers: decode, write at its guest offset
 *                       ├─ not (yet) explained   ─▶ held: window, then scratch
 *                       └─ a table               ─▶ map learns; what it says of held data is done
 * </pre>
 *
 * <p>The host clusters of {@code qemu-img convert} come behind their tables, with few exceptions
 * that a small window bridges. Where a host cluster has more than one guest cluster and the second
 * is learnt of late, its content is copied within the target. At the end of the file every table
 * and every cluster that something refers to has been seen, or the file was cut short.
 */
final class ScatterStream {

  /** Small enough for the cache, long enough to keep two workers busy. */
  private static final int CHUNK = 512 << 10;

  /** Compressed data is counted in sectors. */
  private static final int SECTOR = 512;

  private final ForwardMap map;
  private final HeldClusters held;
  private final SparseWriter writer;
  private final Target target;
  private final Workers workers;
  private final String name;
  private final WorkerTools tools;
  private final ExpansionGuard guard;
  private final ConsumedRuns consumed = new ConsumedRuns();
  private final Carry carry = new Carry();
  private final List<Reference> unfinished = new ArrayList<>();
  private final List<Reference> lateUnfinished = new ArrayList<>();
  private final List<Alias> aliases = new ArrayList<>();
  private long plainTo;
  private long payloadTo;
  private long lastCompressedOffset = -1;
  private int referencesHere;

  /** Guest data that is a copy of other guest data. */
  private record Alias(long from, long to, long length) {}

  ScatterStream(
      ForwardMap map,
      HeldClusters held,
      SparseWriter writer,
      Target target,
      Workers workers,
      Limits limits,
      String name,
      WorkerTools tools) {
    this.map = map;
    this.held = held;
    this.writer = writer;
    this.target = target;
    this.workers = workers;
    this.name = name;
    this.tools = tools;
    this.guard = new ExpansionGuard(limits, 0);
  }

  /** Reads {@code in} to its end; returns when the last byte has been handed to the target. */
  void run(ReadableByteChannel in, int threads) throws IOException {
    ChunkPool pool = new ChunkPool(threads + 3, Math.max(CHUNK, map.clusterSize()));
    long position = 0;
    while (true) {
      ByteBuffer chunk = pool.take(workers);
      boolean ended = fill(chunk, in);
      position = takeIn(chunk.flip(), position, pool);
      if (ended) {
        break;
      }
    }
    finishCut(position);
    map.finish(position);
    workers.finish();
    copyAliases();
  }

  private static boolean fill(ByteBuffer chunk, ReadableByteChannel in) throws IOException {
    while (chunk.hasRemaining()) {
      if (in.read(chunk) < 0) {
        return true;
      }
    }
    return false;
  }

  /** Takes in a chunk that begins at {@code start}; returns where it ends. */
  private long takeIn(ByteBuffer chunk, long start, ChunkPool pool) throws IOException {
    long end = start + chunk.limit();
    List<Reference> ready = new ArrayList<>();
    finishCarried(chunk, start, ready);
    for (long at = start; at < end; at += map.clusterSize()) {
      takeInCluster(at, chunk, start, ready);
    }
    carry.keep(chunk, start, unfinished);
    if (ready.isEmpty()) {
      pool.giveBack(chunk);
    } else {
      workers.submit(new ChunkWork(chunk, start, ready, pool));
    }
    return end;
  }

  private void takeInCluster(long at, ByteBuffer chunk, long chunkStart, List<Reference> ready)
      throws IOException {
    int length = (int) Math.min(map.clusterSize(), chunkStart + chunk.limit() - at);
    ByteBuffer cluster = chunk.slice((int) (at - chunkStart), length);
    boolean table = map.accept(at, cluster);
    referencesHere = payloadTo > at ? 1 : 0;
    boolean explained = takeReferences(at, at + length, chunkStart + chunk.limit(), ready);
    if (!lateUnfinished.isEmpty() || !(table || explained || map.allTablesSeen())) {
      held.hold(at, cluster, referencesHere);
    }
    for (Reference late = map.late().poll(); late != null; late = map.late().poll()) {
      takeLate(late, at + length);
    }
    finishLate(at + length);
    if (map.allTablesSeen() && lateUnfinished.isEmpty()) {
      held.clear();
    }
  }

  /**
   * Takes what begins in the cluster {@code [from, to)}.
   *
   * @return whether all of the cluster is accounted for. A standard cluster belongs to one
   *     reference, however much of it that reads. Compressed clusters account for it only if one of
   *     them fills it: their lengths count whole sectors, and a small one that nobody knows of yet
   *     may hide between two others.
   */
  private boolean takeReferences(long from, long to, long chunkEnd, List<Reference> ready)
      throws IOException {
    boolean filled = plainTo > from || payloadTo - SECTOR >= to;
    for (Reference next = map.nextBefore(to); next != null; next = map.nextBefore(to)) {
      referencesHere++;
      if (next.compressed()) {
        payloadTo = Math.max(payloadTo, next.hostEnd());
        takeCompressed(next, chunkEnd, ready);
      } else {
        filled = true;
        plainTo = Math.max(plainTo, roundUp(next.hostEnd(), map.clusterSize()));
        takePlain(next, chunkEnd, ready);
      }
    }
    return filled;
  }

  private static long roundUp(long value, long granularity) {
    return (value + granularity - 1) / granularity * granularity;
  }

  private void takePlain(Reference reference, long chunkEnd, List<Reference> ready)
      throws IOException {
    Reference here = reference;
    if (reference.hostEnd() > chunkEnd) {
      here = reference.before(chunkEnd);
      unfinished.add(reference.from(chunkEnd));
    }
    guard.data(here.length(), chunkEnd);
    consumed.add(here);
    ready.add(here);
  }

  private void takeCompressed(Reference reference, long chunkEnd, List<Reference> ready)
      throws IOException {
    guard.repeated(reference.hostOffset() == lastCompressedOffset ? reference.length() : 0);
    lastCompressedOffset = reference.hostOffset();
    consumed.add(reference);
    if (reference.hostEnd() <= chunkEnd) {
      ready.add(reference);
    } else {
      unfinished.add(reference);
    }
  }

  /** Goes on with what began in earlier chunks. */
  private void finishCarried(ByteBuffer chunk, long start, List<Reference> ready)
      throws IOException {
    long end = start + chunk.limit();
    List<Reference> open = List.copyOf(unfinished);
    unfinished.clear();
    for (Reference reference : open) {
      if (!reference.compressed() && end > start) {
        takePlain(reference, end, ready);
      } else if (reference.compressed() && reference.hostEnd() <= end) {
        decodeCarried(reference, (int) reference.hostLength(), chunk, start);
      } else {
        unfinished.add(reference);
      }
    }
  }

  private void decodeCarried(Reference reference, int available, ByteBuffer chunk, long start)
      throws IOException {
    ByteBuffer payload = ByteBuffer.allocate(available);
    carry.read(reference.hostOffset(), payload);
    long at = reference.hostOffset() + payload.position();
    payload.put(chunk.slice((int) (at - start), payload.remaining()));
    decodeAlone(reference, payload.flip());
  }

  /** At the end of the file: a compressed cluster's last sector may lie beyond it. */
  private void finishCut(long fileSize) throws IOException {
    for (Iterator<Reference> open = unfinished.iterator(); open.hasNext(); ) {
      Reference reference = open.next();
      if (reference.compressed() && reference.hostOffset() < fileSize) {
        int available = (int) (fileSize - reference.hostOffset());
        ByteBuffer payload = ByteBuffer.allocate(available);
        carry.read(reference.hostOffset(), payload);
        decodeAlone(reference, payload.flip());
        open.remove();
      }
    }
    for (Reference late : lateUnfinished) {
      takeHeld(late, (int) (fileSize - late.hostOffset()));
    }
    if (!unfinished.isEmpty()) {
      Reference reference = unfinished.getFirst();
      throw new MalformedImageException(
          "%s: truncated: the cluster at guest offset %d needs bytes up to %d, the file ends at %d"
              .formatted(name, reference.guestOffset(), reference.hostEnd(), fileSize));
    }
  }

  /** Data that had gone by when its table came: it is held, or was written for another guest. */
  private void takeLate(Reference reference, long passed) throws IOException {
    if (reference.hostEnd() > passed) {
      lateUnfinished.add(reference);
    } else if (held.take(reference)) {
      takeHeld(reference, (int) reference.hostLength());
    } else {
      takeAlias(reference);
    }
  }

  /** Compressed clusters of which part had gone by when their table came. */
  private void finishLate(long passed) throws IOException {
    for (Iterator<Reference> late = lateUnfinished.iterator(); late.hasNext(); ) {
      Reference reference = late.next();
      if (reference.hostEnd() <= passed) {
        late.remove();
        takeHeld(reference, (int) reference.hostLength());
      }
    }
  }

  private void takeAlias(Reference reference) throws IOException {
    Reference rest = reference;
    while (true) {
      Written written = consumed.find(rest);
      if (written == null) {
        throw held.notKept(rest.hostOffset());
      }
      long length = Math.min(rest.length(), written.length());
      guard.repeated(length);
      aliases.add(new Alias(written.guestOffset(), rest.guestOffset(), length));
      if (length == rest.length()) {
        return;
      }
      rest = rest.from(rest.hostOffset() + length);
    }
  }

  private void takeHeld(Reference reference, int available) throws IOException {
    if (reference.compressed()) {
      ByteBuffer payload = ByteBuffer.allocate(available);
      held.read(reference.hostOffset(), payload);
      decodeAlone(reference, payload.flip());
      return;
    }
    guard.data(reference.length(), reference.hostEnd());
    long done = 0;
    while (done < reference.length()) {
      int count = (int) Math.min(HostWindow.PIECE, reference.length() - done);
      ByteBuffer bytes = tools.buffer(HostWindow.PIECE).slice(0, count);
      held.read(reference.hostOffset() + done, bytes);
      writer.write(reference.guestOffset() + done, bytes.flip());
      done += count;
    }
  }

  private void decodeAlone(Reference reference, ByteBuffer payload) throws IOException {
    DecodedRun decoded = new DecodedRun(writer, tools);
    decode(reference, payload, decoded);
    decoded.flush();
  }

  private void decode(Reference reference, ByteBuffer payload, DecodedRun decoded)
      throws IOException {
    decoded.add(
        new Part(reference.guestOffset(), map.clusterSize(), 0, (int) reference.length()),
        map.compression(),
        payload,
        new ClusterName(name, reference.guestOffset(), reference.hostOffset()));
  }

  private void copyAliases() throws IOException {
    ByteBuffer buffer = tools.buffer(HostWindow.PIECE);
    for (Alias alias : aliases) {
      long done = 0;
      while (done < alias.length()) {
        int count = (int) Math.min(HostWindow.PIECE, alias.length() - done);
        ByteBuffer bytes = buffer.slice(0, count);
        target.readFully(alias.from() + done, bytes);
        writer.write(alias.to() + done, bytes.flip());
        done += count;
      }
    }
  }

  /** The references that lie wholly in one chunk. */
  private final class ChunkWork implements Work {

    private final ByteBuffer chunk;
    private final long start;
    private final List<Reference> references;
    private final ChunkPool pool;

    ChunkWork(ByteBuffer chunk, long start, List<Reference> references, ChunkPool pool) {
      this.chunk = chunk;
      this.start = start;
      this.references = references;
      this.pool = pool;
    }

    @Override
    public void run(WorkerTools workerTools) throws IOException {
      DecodedRun decoded = new DecodedRun(writer, workerTools);
      for (Reference reference : references) {
        ByteBuffer bytes =
            chunk.slice((int) (reference.hostOffset() - start), (int) reference.hostLength());
        if (reference.compressed()) {
          decode(reference, bytes, decoded);
        } else {
          writer.write(reference.guestOffset(), bytes);
        }
      }
      decoded.flush();
    }

    @Override
    public void release() {
      pool.giveBack(chunk);
    }
  }
}
