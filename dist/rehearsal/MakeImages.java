import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Makes the rehearsal's images: one small disk in every form that gantry reads.
 *
 * <p>What it holds decides how the decoders are compiled on later runs: the profile taken here is
 * all that the compiler sees. On numbered lines, which compress like nothing on a real disk, the
 * profile was so far off that a conversion of deflate took 9 % more processor time. So the content
 * is machine code and classes of the JDK that runs this, which every machine has that builds
 * gantry, with zeros in between and some bytes that do not compress.
 */
final class MakeImages {

  private static final int CLUSTER = 1 << 16;
  private static final int DISK_BYTES = 16 << 20;
  private static final int SECTOR = 512;

  /** Where the parts lie, as {@code qemu-img convert} has them: all tables, then the data. */
  private static final int REFCOUNT_TABLE = CLUSTER;

  private static final int REFCOUNT_BLOCK = 2 * CLUSTER;
  private static final int L1_TABLE = 3 * CLUSTER;
  private static final int L2_TABLE = 4 * CLUSTER;
  private static final int DATA = 5 * CLUSTER;

  private static final long COPIED = 1L << 63;
  private static final long COMPRESSED = 1L << 62;

  private interface Compressor {
    byte[] compress(byte[] cluster) throws IOException;
  }

  private interface Wrapper {
    OutputStream wrap(OutputStream out) throws IOException;
  }

  public static void main(String[] args) throws IOException {
    Path dir = Path.of(args[0]);
    byte[] disk = disk();
    Files.write(dir.resolve("plain.qcow2"), qcow2(disk, 0, cluster -> cluster));
    Files.write(dir.resolve("deflate.qcow2"), qcow2(disk, 0, MakeImages::deflate));
    Files.write(dir.resolve("zstd.qcow2"), qcow2(disk, 1, Zstd::compress));
    Files.write(dir.resolve("disk.raw.gz"), wrap(disk, GZIPOutputStream::new));
    Files.write(dir.resolve("disk.raw.zst"), wrap(disk, ZstdOutputStream::new));
    Files.write(dir.resolve("disk.raw.xz"), XzFile.of(disk));
  }

  private static byte[] disk() throws IOException {
    byte[] disk = new byte[DISK_BYTES];
    Path jdk = Path.of(System.getProperty("java.home"));
    byte[] noise = new byte[100_000];
    new Random(1).nextBytes(noise);
    put(disk, CLUSTER, jdk.resolve("lib/server/libjvm.so"), 6 << 20, 3 << 20);
    put(disk, 5 << 20, jdk.resolve("lib/modules"), 20 << 20, 3 << 20);
    put(disk, 10 << 20, jdk.resolve("lib/libjava.so"), 0, 200_000);
    System.arraycopy(noise, 0, disk, 12 << 20, noise.length);
    // Files rarely fill their last block.
    Arrays.fill(disk, (11 << 20) + 1000, (11 << 20) + 9000, (byte) 'x');
    return disk;
  }

  /** Copies what there is of a part of a file. */
  private static void put(byte[] disk, int at, Path file, long from, int length)
      throws IOException {
    try (var in = Files.newByteChannel(file)) {
      in.position(from);
      ByteBuffer part = ByteBuffer.wrap(disk, at, length);
      while (part.hasRemaining() && in.read(part) >= 0) {}
    }
  }

  private static byte[] wrap(byte[] disk, Wrapper wrapper) throws IOException {
    ByteArrayOutputStream wrapped = new ByteArrayOutputStream();
    try (OutputStream out = wrapper.wrap(wrapped)) {
      out.write(disk);
    }
    return wrapped.toByteArray();
  }

  private static byte[] deflate(byte[] cluster) {
    try (Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true)) {
      deflater.setInput(cluster);
      deflater.finish();
      byte[] deflated = new byte[2 * cluster.length];
      return Arrays.copyOf(deflated, deflater.deflate(deflated));
    }
  }

  /** Writes version 3 with one L2 table; compressed clusters follow each other without a gap. */
  private static byte[] qcow2(byte[] disk, int compressionType, Compressor compressor)
      throws IOException {
    ByteBuffer image = ByteBuffer.allocate(DATA + 2 * DISK_BYTES);
    header(image, compressionType);
    image.putLong(REFCOUNT_TABLE, REFCOUNT_BLOCK);
    image.putLong(L1_TABLE, L2_TABLE | COPIED);
    for (int at = 0; at < DATA; at += CLUSTER) {
      refer(image, at);
    }
    int end = DATA;
    for (int index = 0; index < DISK_BYTES / CLUSTER; index++) {
      byte[] cluster = Arrays.copyOfRange(disk, index * CLUSTER, (index + 1) * CLUSTER);
      if (Arrays.equals(cluster, new byte[CLUSTER])) {
        continue;
      }
      byte[] data = compressor.compress(cluster);
      long entry;
      if (data.length < CLUSTER) {
        int sectors = (end % SECTOR + data.length - 1) / SECTOR;
        entry = COMPRESSED | (long) sectors << (62 - (16 - 8)) | end;
      } else {
        data = cluster;
        end = up(end, CLUSTER);
        entry = COPIED | end;
      }
      image.putLong(L2_TABLE + 8 * index, entry);
      image.put(end, data);
      for (int at = end - end % CLUSTER; at < end + data.length; at += CLUSTER) {
        refer(image, at);
      }
      end += data.length;
    }
    return Arrays.copyOf(image.array(), up(end, CLUSTER));
  }

  private static void header(ByteBuffer image, int compressionType) {
    int headerLength = 112;
    image.putInt(0x514649fb).putInt(3).putLong(0).putInt(0).putInt(16).putLong(DISK_BYTES);
    image.putInt(0).putInt(1).putLong(L1_TABLE).putLong(REFCOUNT_TABLE).putInt(1);
    image.putInt(0).putLong(0);
    image.putLong(compressionType == 0 ? 0 : 1 << 3).putLong(0).putLong(0);
    image.putInt(4).putInt(headerLength).put((byte) compressionType);
  }

  private static void refer(ByteBuffer image, int at) {
    int count = REFCOUNT_BLOCK + 2 * (at / CLUSTER);
    image.putShort(count, (short) (image.getShort(count) + 1));
  }

  private static int up(int value, int unit) {
    return (value + unit - 1) / unit * unit;
  }
}
