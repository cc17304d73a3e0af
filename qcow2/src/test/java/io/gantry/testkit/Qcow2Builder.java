package io.gantry.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.Deflater;

/**
 * Lays out QCOW2 images byte by byte, in the order of the calls, so that a test shows what is odd.
 *
 * <pre>{@code
 * new Qcow2Builder(16).size(1 << 20).l1().l2(0).data(3, content).build()
 * }</pre>
 *
 * <p>The header is cluster 0. {@link #l1}, {@link #l2} and {@link #data} take the next free
 * cluster; {@link #compressed} packs payloads behind each other as qemu-img does.
 */
public final class Qcow2Builder {

  private static final long COPIED = 1L << 63;
  private static final long COMPRESSED = 1L << 62;
  private static final int EXTENDED_L2 = 1 << 4;

  private final int clusterBits;
  private final ByteArrayOutputStream file = new ByteArrayOutputStream();
  private final Map<Integer, Long> l2Offsets = new LinkedHashMap<>();
  private final Map<Long, Long> entries = new TreeMap<>();
  private final Map<Long, Long> bitmaps = new TreeMap<>();
  private final Map<Integer, long[]> headerFields = new TreeMap<>();
  private long size;
  private int version = 3;
  private boolean extendedL2;
  private long l1Offset;
  private String backingFile = "";
  private String backingFormat = "";

  public Qcow2Builder(int clusterBits) {
    this.clusterBits = clusterBits;
    file.writeBytes(new byte[clusterSize()]);
  }

  public int clusterSize() {
    return 1 << clusterBits;
  }

  public Qcow2Builder size(long size) {
    this.size = size;
    return this;
  }

  public Qcow2Builder version(int version) {
    this.version = version;
    return this;
  }

  public Qcow2Builder extendedL2() {
    extendedL2 = true;
    return this;
  }

  public Qcow2Builder backing(String name, String format) {
    backingFile = name;
    backingFormat = format;
    return this;
  }

  /** Overwrites a header field at the end: {@code width} bytes at {@code offset}. */
  public Qcow2Builder field(int offset, int width, long value) {
    headerFields.put(offset, new long[] {width, value});
    return this;
  }

  /** Places the L1 table here. */
  public Qcow2Builder l1() {
    l1Offset = align();
    file.writeBytes(new byte[roundUp(l1Size() * Long.BYTES)]);
    return this;
  }

  /** Places L2 table {@code index} here. */
  public Qcow2Builder l2(int index) {
    l2Offsets.put(index, align());
    file.writeBytes(new byte[clusterSize()]);
    return this;
  }

  /** Lets another L1 entry name the table of {@code index}. */
  public Qcow2Builder sameL2(int otherIndex, int index) {
    l2Offsets.put(otherIndex, l2Offsets.get(index));
    return this;
  }

  /** Places a host cluster here, and lets {@code guestCluster} refer to it. */
  public Qcow2Builder data(long guestCluster, byte[] content) {
    return entry(guestCluster, COPIED | garbage(content));
  }

  /** Places a host cluster that nothing refers to; returns its offset. */
  public long garbage(byte[] content) {
    long offset = align();
    file.writeBytes(content);
    file.writeBytes(new byte[clusterSize() - content.length]);
    return offset;
  }

  /** Places a compressed cluster (raw deflate) right behind the last byte written. */
  public Qcow2Builder compressed(long guestCluster, byte[] content) {
    return compressedPayload(guestCluster, deflate(content));
  }

  /** Places any payload, and declares as many sectors as it touches. */
  public Qcow2Builder compressedPayload(long guestCluster, byte[] payload) {
    long offset = file.size();
    file.writeBytes(payload);
    return entry(guestCluster, compressedEntry(offset, payload.length));
  }

  private long compressedEntry(long offset, int length) {
    long sectors = ((offset & 511) + length - 1) / 512;
    return COMPRESSED | (sectors << (62 - (clusterBits - 8))) | offset;
  }

  /** Sets the L2 entry of a guest cluster. */
  public Qcow2Builder entry(long guestCluster, long bits) {
    entries.put(guestCluster, bits);
    return this;
  }

  /** Returns the L2 entry of a guest cluster. */
  public long entry(long guestCluster) {
    return entries.get(guestCluster);
  }

  /** Sets the subcluster bitmap of a guest cluster. */
  public Qcow2Builder bitmap(long guestCluster, long bits) {
    bitmaps.put(guestCluster, bits);
    return this;
  }

  public int l2EntryCount() {
    return clusterSize() / l2EntrySize();
  }

  private int l2EntrySize() {
    return extendedL2 ? 16 : 8;
  }

  public int l1Size() {
    long coverage = (long) l2EntryCount() * clusterSize();
    return (int) ((size + coverage - 1) / coverage);
  }

  public byte[] build() {
    byte[] image = file.toByteArray();
    ByteBuffer bytes = ByteBuffer.wrap(image);
    writeHeader(bytes);
    l2Offsets.forEach(
        (index, offset) -> bytes.putLong((int) (l1Offset + index * 8L), COPIED | offset));
    entries.forEach((cluster, bits) -> bytes.putLong(entryOffset(cluster), bits));
    bitmaps.forEach((cluster, bits) -> bytes.putLong(entryOffset(cluster) + 8, bits));
    headerFields.forEach((offset, field) -> put(bytes, offset, (int) field[0], field[1]));
    return image;
  }

  private int entryOffset(long cluster) {
    Long table = l2Offsets.get((int) (cluster / l2EntryCount()));
    if (table == null) {
      throw new IllegalStateException("no L2 table for guest cluster " + cluster);
    }
    return (int) (table + cluster % l2EntryCount() * l2EntrySize());
  }

  private void writeHeader(ByteBuffer bytes) {
    bytes.putInt(0, 0x514649fb).putInt(4, version).putInt(20, clusterBits).putLong(24, size);
    bytes.putInt(36, l1Size()).putLong(40, l1Offset).putLong(48, 0);
    if (version >= 3) {
      bytes.putLong(72, extendedL2 ? EXTENDED_L2 : 0).putInt(96, 4).putInt(100, 104);
    }
    if (!backingFile.isEmpty()) {
      writeBacking(bytes, version >= 3 ? 104 : 72);
    }
  }

  private void writeBacking(ByteBuffer bytes, int extensions) {
    byte[] format = backingFormat.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    byte[] name = backingFile.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    int at = extensions;
    if (format.length > 0) {
      bytes.putInt(at, 0xe2792aca).putInt(at + 4, format.length).put(at + 8, format);
      at += 8 + ((format.length + 7) & ~7);
    }
    at += 8;
    bytes.putLong(8, at).putInt(16, name.length).put(at, name);
  }

  private static void put(ByteBuffer bytes, int offset, int width, long value) {
    switch (width) {
      case 1 -> bytes.put(offset, (byte) value);
      case 4 -> bytes.putInt(offset, (int) value);
      case 8 -> bytes.putLong(offset, value);
      default -> throw new IllegalArgumentException("width=" + width);
    }
  }

  private long align() {
    file.writeBytes(new byte[roundUp(file.size()) - file.size()]);
    return file.size();
  }

  private int roundUp(int bytes) {
    return (bytes + clusterSize() - 1) & -clusterSize();
  }

  /** Returns {@code content} as raw deflate. */
  public static byte[] deflate(byte[] content) {
    Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    deflater.setInput(content);
    deflater.finish();
    byte[] payload = new byte[content.length * 2 + 64];
    int length = deflater.deflate(payload);
    deflater.end();
    return java.util.Arrays.copyOf(payload, length);
  }
}
