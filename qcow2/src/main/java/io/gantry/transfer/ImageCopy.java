package io.gantry.transfer;

import io.gantry.image.CompressedCluster;
import io.gantry.image.Image;
import io.gantry.image.LayoutVisitor;
import io.gantry.image.Limits;
import io.gantry.io.AccessCost;
import io.gantry.io.RandomAccessInput;
import io.gantry.target.RangeSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Copies an image that can be read at any position.
 *
 * <p>Tables first: the layout is walked in guest order, some ten thousand pieces at a time. Then
 * data: the pieces are sorted by host offset and joined to segments, each one request, which the
 * workers read, decode and write side by side. Nothing is read that no guest cluster refers to,
 * apart from gaps too small to be worth another request.
 *
 * <p>Memory: a batch of pieces (a few MiB), and per worker a window of 256 KiB and 512 KiB of
 * decoded clusters.
 */
final class ImageCopy implements LayoutVisitor {

  private static final int BATCH_PIECES = 1 << 16;

  /** Clusters whose layout is asked for at once; with subclusters, each may be 32 pieces. */
  private static final long LAYOUT_CLUSTERS = 1 << 14;

  private final Image image;
  private final SparseWriter writer;
  private final Workers workers;
  private final Progress progress;
  private final ExpansionGuard guard;
  private final List<HostPiece> batch = new ArrayList<>();

  ImageCopy(Image image, SparseWriter writer, Workers workers, Progress progress, Limits limits) {
    this.image = image;
    this.writer = writer;
    this.workers = workers;
    this.progress = progress;
    this.guard = new ExpansionGuard(limits, image.info().fileSize());
  }

  /** Copies all of it; returns when the last byte has been handed to the target. */
  void copy() throws IOException {
    image.readTablesAhead();
    long virtualSize = image.info().virtualSize();
    long step = LAYOUT_CLUSTERS * Math.max(image.info().clusterSize(), 64 << 10);
    for (long at = 0; at < virtualSize; at += Math.min(step, virtualSize - at)) {
      image.layout(at, at + Math.min(step, virtualSize - at), this);
      if (batch.size() >= BATCH_PIECES) {
        submitBatch();
      }
    }
    submitBatch();
    workers.finish();
  }

  @Override
  public void data(
      long guestOffset, long length, RandomAccessInput input, long hostOffset, int depth)
      throws IOException {
    guard.data(image.info().format().equals("raw") ? 0 : length, input.size());
    for (RangeSet.Range part : writer.missing(guestOffset, length)) {
      addPieces(part, input, hostOffset + (part.start() - guestOffset));
    }
  }

  private void addPieces(RangeSet.Range part, RandomAccessInput input, long hostOffset) {
    long pieceMax = Math.min(input.cost().requestMax(), 1 << 30);
    long done = 0;
    while (done < part.length()) {
      int count = (int) Math.min(pieceMax, part.length() - done);
      batch.add(
          new HostPiece(input, hostOffset + done, count, part.start() + done, count, null, 0));
      done += count;
    }
  }

  @Override
  public void compressed(
      long guestOffset, long length, CompressedCluster cluster, int skip, int depth) {
    if (writer.isDone(guestOffset, length)) {
      return;
    }
    batch.add(
        new HostPiece(
            cluster.input(),
            cluster.hostOffset(),
            cluster.hostLength(),
            guestOffset,
            (int) length,
            cluster,
            skip));
  }

  @Override
  public void zero(long guestOffset, long length, long hostOffset, int depth) throws IOException {
    unallocated(guestOffset, length);
  }

  @Override
  public void unallocated(long guestOffset, long length) throws IOException {
    if (writer.startsZeroed()) {
      progress.skipped(length);
      progress.work(length);
      return;
    }
    for (RangeSet.Range part : writer.missing(guestOffset, length)) {
      workers.submit(
          _ -> {
            writer.zero(part.start(), part.length());
            progress.work(part.length());
          });
    }
  }

  private void submitBatch() throws IOException {
    batch.sort(HostOrder.INSTANCE);
    List<HostPiece> segment = new ArrayList<>();
    for (HostPiece piece : batch) {
      if (!segment.isEmpty() && !continues(segment, piece)) {
        workers.submit(new Segment(segment, writer, progress));
        segment = new ArrayList<>();
      }
      if (!segment.isEmpty() && piece.cluster() != null) {
        guard.repeated(segment.getLast().hostOffset() == piece.hostOffset() ? piece.length() : 0);
      }
      segment.add(piece);
    }
    if (!segment.isEmpty()) {
      workers.submit(new Segment(segment, writer, progress));
    }
    batch.clear();
  }

  private static boolean continues(List<HostPiece> segment, HostPiece piece) {
    HostPiece last = segment.getLast();
    AccessCost cost = piece.input().cost();
    return piece.input().equals(last.input())
        && piece.hostOffset() - last.hostEnd() <= cost.gapMax()
        && piece.hostEnd() - segment.getFirst().hostOffset() <= cost.requestMax();
  }
}
