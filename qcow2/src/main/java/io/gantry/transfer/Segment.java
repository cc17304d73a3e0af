package io.gantry.transfer;

import io.gantry.image.CompressedCluster;
import io.gantry.io.RandomAccessInput;
import io.gantry.transfer.DecodedRun.Part;
import io.gantry.transfer.WorkerTools.ClusterName;
import java.io.IOException;
import java.util.List;

/** Neighbouring host pieces, read with one request and written wherever they belong. */
final class Segment implements Work {

  private final List<HostPiece> pieces;
  private final SparseWriter writer;
  private final Progress progress;

  /**
   * @param pieces of one input, in host order
   */
  Segment(List<HostPiece> pieces, SparseWriter writer, Progress progress) {
    this.pieces = pieces;
    this.writer = writer;
    this.progress = progress;
  }

  @Override
  public void run(WorkerTools tools) throws IOException {
    RandomAccessInput input = pieces.getFirst().input();
    long end = pieces.stream().mapToLong(HostPiece::hostEnd).max().orElseThrow();
    try (HostWindow window =
        new HostWindow(input, pieces.getFirst().hostOffset(), end, tools, progress)) {
      DecodedRun decoded = new DecodedRun(writer, tools);
      for (HostPiece piece : pieces) {
        CompressedCluster cluster = piece.cluster();
        if (cluster == null) {
          copy(piece, window);
        } else {
          decode(piece, cluster, window, decoded);
        }
      }
      decoded.flush();
    }
  }

  private void copy(HostPiece piece, HostWindow window) throws IOException {
    int done = 0;
    while (done < piece.length()) {
      int count = Math.min(window.piece(), piece.length() - done);
      writer.write(piece.guestOffset() + done, window.require(piece.hostOffset() + done, count));
      done += count;
    }
  }

  private static void decode(
      HostPiece piece, CompressedCluster cluster, HostWindow window, DecodedRun decoded)
      throws IOException {
    decoded.add(
        new Part(piece.guestOffset(), cluster.clusterSize(), piece.skip(), piece.length()),
        cluster.compression(),
        window.require(piece.hostOffset(), piece.hostLength()),
        new ClusterName(
            piece.input().name(), piece.guestOffset() - piece.skip(), piece.hostOffset()));
  }
}
