import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.tukaani.xz.FinishableWrapperOutputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZ;
import org.tukaani.xz.check.CRC64;
import org.tukaani.xz.common.EncoderUtil;

/**
 * An xz file as {@code xz -T} makes it, with sizes in the headers of blocks, so that they are
 * decoded side by side; one block is without, as {@code xz -T1} makes them. XZ for Java writes no
 * sizes. See .xz file format 1.2.
 */
final class XzFile {

  private static final byte[] MAGIC = {(byte) 0xFD, '7', 'z', 'X', 'Z', 0};
  private static final byte[] END = {'Y', 'Z'};

  /** Of these, several hold nothing but zeros; one in the middle is written without sizes. */
  private static final int BLOCK = 2 << 20;

  private static final int UNSIZED = 5 * BLOCK;
  private static final int DICTIONARY = 1 << 20;
  private static final byte DICTIONARY_CODE = 16;

  private XzFile() {}

  /** Returns the file; the disk is a multiple of the block. */
  static byte[] of(byte[] disk) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    byte[] flags = {0, XZ.CHECK_CRC64};
    file.writeBytes(MAGIC);
    file.writeBytes(withCrc32(flags));
    ByteArrayOutputStream index = new ByteArrayOutputStream();
    index.write(0);
    EncoderUtil.encodeVLI(index, disk.length / BLOCK);
    for (int at = 0; at < disk.length; at += BLOCK) {
      byte[] content = Arrays.copyOfRange(disk, at, at + BLOCK);
      int start = file.size();
      int unpadded = block(file, content, at != UNSIZED) - start;
      EncoderUtil.encodeVLI(index, unpadded);
      EncoderUtil.encodeVLI(index, BLOCK);
    }
    pad(index);
    byte[] wholeIndex = withCrc32(index.toByteArray());
    file.writeBytes(wholeIndex);
    ByteBuffer footer = ByteBuffer.allocate(6).order(ByteOrder.LITTLE_ENDIAN);
    byte[] end = footer.putInt(wholeIndex.length / 4 - 1).put(flags).array();
    file.writeBytes(crc32(end));
    file.writeBytes(end);
    file.writeBytes(END);
    return file.toByteArray();
  }

  /** Returns where the block ends but for its padding, as the index counts it. */
  private static int block(ByteArrayOutputStream file, byte[] content, boolean sized)
      throws IOException {
    byte[] data = lzma2(content);
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    header.write(0); // its size, below
    header.write(sized ? 0xC0 : 0);
    if (sized) {
      EncoderUtil.encodeVLI(header, data.length);
      EncoderUtil.encodeVLI(header, content.length);
    }
    header.writeBytes(new byte[] {0x21, 1, DICTIONARY_CODE});
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
    options.setDictSize(DICTIONARY);
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
}
