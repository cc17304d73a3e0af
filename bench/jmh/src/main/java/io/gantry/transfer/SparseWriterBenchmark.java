package io.gantry.transfer;

import io.gantry.target.Preallocation;
import io.gantry.target.RangeSet;
import io.gantry.target.Target;
import io.gantry.target.TargetReport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
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
import org.openjdk.jmh.annotations.Warmup;

/** Looks for zeros in one piece of 256 KiB, and writes the rest to nowhere. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SparseWriterBenchmark {

  /** What the piece holds. Leading zeros: the first word of no granule tells that it is data. */
  @Param({"data", "zeros", "leading-zeros", "every-other-granule"})
  String content = "";

  private final ByteBuffer piece = ByteBuffer.allocateDirect(HostWindow.PIECE);
  private final SparseWriter writer = new SparseWriter(new Nowhere(), new Progress(), _ -> {});

  @Setup
  public void fill() {
    SplittableRandom random = new SplittableRandom(1);
    for (int at = 0; at < piece.capacity(); at++) {
      piece.put(at, isZero(at) ? 0 : (byte) (1 + random.nextInt(255)));
    }
  }

  private boolean isZero(int at) {
    int granule = at / ZeroScan.GRANULE;
    return switch (content) {
      case "zeros" -> true;
      case "leading-zeros" -> at % ZeroScan.GRANULE < ZeroScan.GRANULE / 2;
      case "every-other-granule" -> granule % 2 == 0;
      default -> false;
    };
  }

  @Benchmark
  public void write() throws IOException {
    writer.write(0, piece.clear());
  }

  /** A new file that forgets what it is given. */
  private static final class Nowhere implements Target {

    @Override
    public String name() {
      return "nowhere";
    }

    @Override
    public long capacity() {
      return Long.MAX_VALUE;
    }

    @Override
    public void prepare(long diskSize) {}

    @Override
    public void grow(long diskSize) {}

    @Override
    public boolean startsZeroed() {
      return true;
    }

    @Override
    public void write(long offset, ByteBuffer src) {
      src.position(src.limit());
    }

    @Override
    public void zero(long offset, long length) {}

    @Override
    public void readFully(long offset, ByteBuffer dst) throws IOException {
      throw new IOException("nothing was kept");
    }

    @Override
    public void checkpoint() {}

    @Override
    public RangeSet durable() {
      return new RangeSet();
    }

    @Override
    public void finish() {}

    @Override
    public void abandon() {}

    @Override
    public boolean isFinished() {
      return false;
    }

    @Override
    public TargetReport report() {
      return new TargetReport("none", Preallocation.OFF, false);
    }

    @Override
    public void close() {}
  }
}
