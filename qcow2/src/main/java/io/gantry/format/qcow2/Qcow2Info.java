package io.gantry.format.qcow2;

import io.gantry.image.ClusterCompression;
import io.gantry.image.ImageInfo;
import io.gantry.image.SnapshotInfo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/** Describes a header in the words of {@code qemu-img info}. */
final class Qcow2Info {

  private static final long COMPATIBLE_LAZY_REFCOUNTS = 1;
  private static final long AUTOCLEAR_DATA_FILE_RAW = 1 << 1;

  private static final int CRYPT_AES = 1;

  private Qcow2Info() {}

  static ImageInfo describe(
      Qcow2Header header, long virtualSize, long fileSize, List<SnapshotInfo> snapshots) {
    return new ImageInfo(
        "qcow2",
        virtualSize,
        fileSize,
        header.geometry().clusterSize(),
        header.backingFile(),
        header.backingFile().isPresent() ? header.extensions().backingFormat() : Optional.empty(),
        header.usesDataFile()
            ? Optional.of(header.extensions().dataFile().orElse(""))
            : Optional.empty(),
        header.encrypted(),
        header.dirty(),
        header.corrupt(),
        snapshots,
        details(header));
  }

  private static SequencedMap<String, Object> details(Qcow2Header header) {
    SequencedMap<String, Object> details = new LinkedHashMap<>();
    boolean v3 = header.version() >= 3;
    details.put("compat", v3 ? "1.1" : "0.10");
    details.put(
        "compression-type", header.compression() == ClusterCompression.ZSTD ? "zstd" : "zlib");
    if (v3) {
      details.put("lazy-refcounts", (header.compatible() & COMPATIBLE_LAZY_REFCOUNTS) != 0);
    }
    details.put("refcount-bits", refcountBits(header));
    if (header.encrypted()) {
      String method = header.cryptMethod() == CRYPT_AES ? "aes" : "luks";
      details.put("encrypt", Map.of("format", method));
    }
    if (v3 && header.usesDataFile()) {
      header.extensions().dataFile().ifPresent(name -> details.put("data-file", name));
      details.put("data-file-raw", (header.autoclear() & AUTOCLEAR_DATA_FILE_RAW) != 0);
    }
    if (v3) {
      details.put("corrupt", header.corrupt());
      details.put("extended-l2", header.geometry().extendedL2());
    }
    return details;
  }

  /** Width of a refcount; a nonsensical order, which readers do not need, is shown as it stands. */
  private static int refcountBits(Qcow2Header header) {
    int order = header.refcountOrder();
    return order >= 0 && order <= 6 ? 1 << order : order;
  }
}
