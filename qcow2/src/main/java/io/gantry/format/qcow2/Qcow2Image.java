package io.gantry.format.qcow2;

import io.gantry.codec.ClusterDecoders;
import io.gantry.image.CompressedCluster;
import io.gantry.image.Extent;
import io.gantry.image.Image;
import io.gantry.image.ImageInfo;
import io.gantry.image.LayoutVisitor;
import io.gantry.image.Limits;
import io.gantry.image.MalformedImageException;
import io.gantry.io.RandomAccessInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A QCOW2 image read at any position. See {@link Image} for what it promises. */
final class Qcow2Image implements Image {

  private final RandomAccessInput input;
  private final RandomAccessInput dataInput;
  private final Qcow2Header header;
  private final Geometry geometry;
  private final ImageInfo info;
  private final L1Table l1;
  private final L2Tables l2Tables;
  private final L2Walk walk;
  private final @Nullable Image backing;
  private final GuestReader reader;

  /**
   * @param geometry that of the layer read: a snapshot's size may differ from the active layer's
   * @param dataInput the file that holds standard clusters: {@code input} or the data file
   */
  Qcow2Image(
      RandomAccessInput input,
      RandomAccessInput dataInput,
      Qcow2Header header,
      Geometry geometry,
      L1Table l1,
      ImageInfo info,
      @Nullable Image backing,
      Limits limits) {
    this.input = input;
    this.dataInput = dataInput;
    this.header = header;
    this.geometry = geometry;
    this.l1 = l1;
    this.info = info;
    this.backing = backing;
    this.l2Tables = new L2Tables(input, geometry, l1);
    this.walk = new L2Walk(header, geometry, input.name());
    this.reader = new GuestReader(this, limits);
  }

  @Override
  public ImageInfo info() {
    return info;
  }

  @Override
  public void layout(long from, long to, LayoutVisitor visitor) throws IOException {
    Objects.checkFromToIndex(from, to, geometry.virtualSize());
    LayoutMerger merger = new LayoutMerger(from, to, visitor);
    ClusterSink sink = new Layer(merger);
    long endIndex = (to + geometry.l2Coverage() - 1) >>> geometry.l2CoverageBits();
    long index = from >>> geometry.l2CoverageBits();
    while (index < endIndex) {
      long allocated = l1.nextAllocated(index, endIndex);
      if (allocated > index) {
        long start = Math.max(from, index << geometry.l2CoverageBits());
        sink.unallocated(start, Math.min(to, allocated << geometry.l2CoverageBits()) - start);
        index = allocated;
      } else {
        walkTable(index, from, to, sink);
        index++;
      }
    }
    merger.flush();
  }

  private void walkTable(long index, long from, long to, ClusterSink sink) throws IOException {
    long tableStart = index << geometry.l2CoverageBits();
    int first = (int) (Math.max(from - tableStart, 0) >>> geometry.clusterBits());
    int needed = geometry.l2EntriesNeeded(index);
    long clustersToEnd = (to - tableStart + geometry.clusterSize() - 1) >>> geometry.clusterBits();
    int last = (int) Math.min(needed, clustersToEnd);
    walk.walk(l2Tables.load(l1.l2Offset(index), needed), tableStart, first, last, sink);
  }

  @Override
  public Extent extentAt(long offset, long end) throws IOException {
    return FirstExtent.of(this, offset, end);
  }

  @Override
  public long tableRequests(long gapMax) {
    return l1.requests(geometry.clusterSize(), gapMax);
  }

  @Override
  public void readTablesAhead() throws IOException {
    ClusterDecoders.prepare(header.compression());
    l2Tables.readAhead();
  }

  @Override
  public int requestsInFlight() {
    return input.cost().requestsInFlight();
  }

  @Override
  public void readFully(long offset, ByteBuffer dst) throws IOException {
    reader.readFully(offset, dst);
  }

  @Override
  public void close() throws IOException {
    try (input;
        RandomAccessInput _ = dataInput;
        Image _ = backing) {
      reader.close();
    }
  }

  /** Gives clusters their files and checks that the files hold them. */
  private final class Layer implements ClusterSink {

    private final LayoutVisitor visitor;

    Layer(LayoutVisitor visitor) {
      this.visitor = visitor;
    }

    @Override
    public void data(long guestOffset, long length, long hostOffset) throws IOException {
      if (hostOffset > dataInput.size() - length) {
        throw truncated(guestOffset, hostOffset, hostOffset + length, dataInput);
      }
      visitor.data(guestOffset, length, dataInput, hostOffset, 0);
    }

    @Override
    public void compressed(long guestOffset, long length, long hostOffset, int hostLength)
        throws IOException {
      long available = Math.min(hostLength, input.size() - hostOffset);
      if (available <= 0) {
        throw truncated(guestOffset, hostOffset, hostOffset + hostLength, input);
      }
      CompressedCluster cluster =
          new CompressedCluster(
              input, hostOffset, (int) available, geometry.clusterSize(), header.compression());
      visitor.compressed(guestOffset, length, cluster, 0, 0);
    }

    @Override
    public void zero(long guestOffset, long length, long hostOffset) throws IOException {
      visitor.zero(guestOffset, length, hostOffset, 0);
    }

    @Override
    public void unallocated(long guestOffset, long length) throws IOException {
      if (backing == null) {
        visitor.unallocated(guestOffset, length);
        return;
      }
      long end = guestOffset + length;
      long backed = Math.clamp(backing.info().virtualSize(), guestOffset, end);
      if (backed > guestOffset) {
        backing.layout(guestOffset, backed, new Deeper(visitor));
      }
      if (backed < end) {
        visitor.unallocated(backed, end - backed);
      }
    }

    private MalformedImageException truncated(
        long guestOffset, long from, long to, RandomAccessInput file) {
      return new MalformedImageException(
          "%s: truncated: the cluster at guest offset %d needs bytes %d to %d, the file ends at %d"
              .formatted(file.name(), guestOffset, from, to, file.size()));
    }
  }

  /** Passes on a backing file's layout, one level deeper. */
  private record Deeper(LayoutVisitor visitor) implements LayoutVisitor {

    @Override
    public void data(
        long guestOffset, long length, RandomAccessInput input, long hostOffset, int depth)
        throws IOException {
      visitor.data(guestOffset, length, input, hostOffset, depth + 1);
    }

    @Override
    public void compressed(
        long guestOffset, long length, CompressedCluster cluster, int skip, int depth)
        throws IOException {
      visitor.compressed(guestOffset, length, cluster, skip, depth + 1);
    }

    @Override
    public void zero(long guestOffset, long length, long hostOffset, int depth) throws IOException {
      visitor.zero(guestOffset, length, hostOffset, depth + 1);
    }

    @Override
    public void unallocated(long guestOffset, long length) throws IOException {
      visitor.unallocated(guestOffset, length);
    }
  }
}
