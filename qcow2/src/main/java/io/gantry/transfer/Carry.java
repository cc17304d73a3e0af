package io.gantry.transfer;

import io.gantry.format.qcow2.Reference;
import java.nio.ByteBuffer;
import java.util.List;

/** The end of the chunks gone by, from the first compressed cluster that was still unfinished. */
final class Carry {

  private long start;
  private int length;
  private byte[] bytes = new byte[0];

  /** Keeps what the unfinished references need of {@code chunk}, which begins at {@code at}. */
  void keep(ByteBuffer chunk, long at, List<Reference> unfinished) {
    long end = at + chunk.limit();
    long needed =
        unfinished.stream()
            .filter(Reference::compressed)
            .mapToLong(Reference::hostOffset)
            .min()
            .orElse(end);
    long from = needed < at ? Math.max(needed, start) : needed;
    int kept = from < at ? (int) (at - from) : 0;
    int added = (int) (end - Math.max(from, at));
    byte[] next = kept + added > bytes.length ? new byte[kept + added] : bytes;
    if (kept > 0) {
      System.arraycopy(bytes, (int) (from - start), next, 0, kept);
    }
    chunk.get((int) (Math.max(from, at) - at), next, kept, added);
    bytes = next;
    start = from;
    length = kept + added;
  }

  /** Puts what there is from {@code hostOffset} on into {@code dst}, as far as it goes. */
  void read(long hostOffset, ByteBuffer dst) {
    int from = (int) (hostOffset - start);
    dst.put(bytes, from, Math.min(dst.remaining(), length - from));
  }
}
