import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.tukaani.xz.FinishableWrapperOutputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZ;
import org.tukaani.xz.check.CRC64;
import org.tukaani.xz.common.EncoderUtil;

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

  private static final byte[] XZ_MAGIC = {(byte) 0xFD, '7', 'z', 'X', 'Z', 0};
  private static final byte[] XZ_END = {'Y', 'Z'};

  /** Of these, several hold nothing but zeros; one in the middle is written without sizes. */
  private static final int XZ_BLOCK = 2 << 20;

  private static final int XZ_UNSIZED = 5 * XZ_BLOCK;
  private static final int XZ_DICTIONARY = 1 << 20;
  private static final byte XZ_DICTIONARY_CODE = 16;

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
    Files.write(dir.resolve("disk.raw.xz"), xz(disk));
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

  /**
   * As {@code xz -T} makes it, with sizes in the headers of blocks, so that they are decoded side
   * by side; one block is without, as {@code xz -T1} makes them. XZ for Java writes no sizes.
   */
  private static byte[] xz(byte[] disk) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    byte[] flags = {0, XZ.CHECK_CRC64};
    file.writeBytes(XZ_MAGIC);
    file.writeBytes(withCrc32(flags));
    ByteArrayOutputStream index = new ByteArrayOutputStream();
    index.write(0);
    EncoderUtil.encodeVLI(index, disk.length / XZ_BLOCK);
    for (int at = 0; at < disk.length; at += XZ_BLOCK) {
      byte[] content = Arrays.copyOfRange(disk, at, at + XZ_BLOCK);
      int start = file.size();
      int unpadded = xzBlock(file, content, at != XZ_UNSIZED) - start;
      EncoderUtil.encodeVLI(index, unpadded);
      EncoderUtil.encodeVLI(index, XZ_BLOCK);
    }
    pad(index);
    byte[] wholeIndex = withCrc32(index.toByteArray());
    file.writeBytes(wholeIndex);
    ByteBuffer footer = ByteBuffer.allocate(6).order(ByteOrder.LITTLE_ENDIAN);
    byte[] end = footer.putInt(wholeIndex.length / 4 - 1).put(flags).array();
    file.writeBytes(crc32(end));
    file.writeBytes(end);
    file.writeBytes(XZ_END);
    return file.toByteArray();
  }

  /** Returns where the block ends but for its padding, as the index counts it. */
  private static int xzBlock(ByteArrayOutputStream file, byte[] content, boolean sized)
      throws IOException {
    byte[] data = lzma2(content);
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    header.write(0); // its size, below
    header.write(sized ? 0xC0 : 0);
    if (sized) {
      EncoderUtil.encodeVLI(header, data.length);
      EncoderUtil.encodeVLI(header, content.length);
    }
    header.writeBytes(new byte[] {0x21, 1, XZ_DICTIONARY_CODE});
    pad(header);
    byte[] fields = header.toByteArray();
    fields[0] = (byte) (fields.length / 4);
    file.writeBytes(withCrc32(fields));
    file.writeBytes(data);
    int padding = -data.length & 3;
    file.writeBytes(new byte[padding]);
    CRC64 check = new CRC64();
    check.update(content);
    file.writeBytes(check.finish());
    return file.size() - padding;
  }

  /**
   * With the default preset: faster ones have no short repetitions, and the compiler would leave
   * them out. And with a dictionary so small that it is used up, as on a real disk.
   */
  private static byte[] lzma2(byte[] content) throws IOException {
    LZMA2Options options = new LZMA2Options(LZMA2Options.PRESET_DEFAULT);
    options.setDictSize(XZ_DICTIONARY);
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    try (OutputStream out = options.getOutputStream(new FinishableWrapperOutputStream(data))) {
      out.write(content);
    }
    return data.toByteArray();
  }

  private static void pad(ByteArrayOutputStream bytes) {
    bytes.writeBytes(new byte[-bytes.size() & 3]);
  }

  private static byte[] withCrc32(byte[] bytes) {
    byte[] both = Arrays.copyOf(bytes, bytes.length + 4);
    System.arraycopy(crc32(bytes), 0, both, bytes.length, 4);
    return both;
  }

  private static byte[] crc32(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return ByteBuffer.allocate(4)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt((int) crc.getValue())
        .array();
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
