package io.gantry.jmh;

import io.gantry.format.ImageOpener;
import io.gantry.format.OpenOptions;
import io.gantry.image.CompressedCluster;
import io.gantry.image.Image;
import io.gantry.image.LayoutVisitor;
import io.gantry.io.RandomAccessInput;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Walks the tables of a 10 GiB QCOW2 image: what a copy does before its first byte of data. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class LayoutBenchmark {

  /** How the guest's clusters lie in the file: as written in one go, or each by itself. */
  @Param({"contiguous", "scattered"})
  String order = "";

  private final Pieces pieces = new Pieces();
  private Image image;

  @Setup
  public void openImage() throws IOException {
    RandomAccessInput tables = new TablesInput(order.equals("scattered"));
    image = ImageOpener.open(tables, null, OpenOptions.DEFAULT);
  }

  @TearDown
  public void closeImage() throws IOException {
    image.close();
  }

  @Benchmark
  public long layout() throws IOException {
    image.layout(0, image.info().virtualSize(), pieces);
    return pieces.bytes;
  }

  /** Looks at every piece, and keeps none. */
  private static final class Pieces implements LayoutVisitor {

    long bytes;

    @Override
    public void data(
        long guestOffset, long length, RandomAccessInput input, long hostOffset, int depth) {
      bytes += length ^ hostOffset;
    }

    @Override
    public void compressed(
        long guestOffset, long length, CompressedCluster cluster, int skip, int depth) {
      bytes += length ^ cluster.hostOffset();
    }

    @Override
    public void zero(long guestOffset, long length, long hostOffset, int depth) {
      bytes += length;
    }

    @Override
    public void unallocated(long guestOffset, long length) {
      bytes += length;
    }
  }
}
