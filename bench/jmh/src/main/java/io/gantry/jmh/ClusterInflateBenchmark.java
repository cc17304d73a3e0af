package io.gantry.jmh;

import io.gantry.codec.ClusterDecoder;
import io.gantry.codec.ClusterDecoders;
import io.gantry.image.ClusterCompression;
import io.gantry.image.Limits;
import io.gantry.image.MalformedImageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
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

/** Inflates clusters of this machine's programs, one per operation, next to the JDK's zlib. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class ClusterInflateBenchmark {

  /** Enough to be new to the branch predictor each time round. */
  private static final int CONTENT_BYTES = 32 << 20;

  @Param({"65536", "4096", "512"})
  int clusterSize;

  private final ClusterDecoder decoder =
      ClusterDecoders.create(ClusterCompression.DEFLATE, Limits.DEFAULT);
  private final Inflater inflater = new Inflater(true);
  private List<byte[]> clusters = List.of();
  private byte[] cluster = new byte[0];
  private int next;

  @Setup
  public void deflateThePrograms() throws IOException {
    List<byte[]> deflated = new ArrayList<>();
    try (DirectoryStream<Path> programs = Files.newDirectoryStream(Path.of("/usr/bin"))) {
      int bytes = 0;
      for (Path program : programs) {
        if (bytes < CONTENT_BYTES && Files.isRegularFile(program)) {
          bytes += addClusters(Files.readAllBytes(program), deflated);
        }
      }
    }
    clusters = deflated;
    cluster = new byte[clusterSize];
  }

  private int addClusters(byte[] content, List<byte[]> deflated) {
    byte[] buffer = new byte[2 * clusterSize];
    for (int at = 0; at + clusterSize <= content.length; at += clusterSize) {
      try (Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true)) {
        deflater.setInput(content, at, clusterSize);
        deflater.finish();
        deflated.add(Arrays.copyOf(buffer, deflater.deflate(buffer)));
      }
    }
    return content.length;
  }

  private byte[] next() {
    next = next + 1 < clusters.size() ? next + 1 : 0;
    return clusters.get(next);
  }

  @Benchmark
  public byte[] gantry() throws MalformedImageException {
    byte[] data = next();
    decoder.decode(ByteBuffer.wrap(data), ByteBuffer.wrap(cluster));
    return cluster;
  }

  @Benchmark
  public byte[] jdk() throws DataFormatException {
    inflater.reset();
    inflater.setInput(next());
    int count = inflater.inflate(cluster);
    if (count != cluster.length) {
      throw new IllegalStateException("inflated " + count + " bytes");
    }
    return cluster;
  }
}
