package io.gantry.image;

import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * What an image says of itself.
 *
 * @param format name as the field uses it: {@code qcow2}, {@code raw}
 * @param virtualSize disk as the guest sees it, bytes
 * @param fileSize bytes in the file
 * @param clusterSize bytes; 0 for a format without clusters
 * @param backingFile name stored in the image, as it stands there
 * @param backingFormat format stored beside it
 * @param dataFile name of the external data file stored in the image; {@code ""} if one is used but
 *     not named
 * @param encrypted whether guest data is encrypted
 * @param dirty refcounts may be stale (lazy refcounts, unclean shutdown)
 * @param corrupt a writer marked the image as corrupt
 * @param snapshots internal snapshots, in table order
 * @param details format specific fields in the order and by the names of {@code qemu-img info
 *     --output=json} ({@code compat}, {@code compression-type}, …); values are strings, booleans,
 *     integers, and maps of these
 */
public record ImageInfo(
    String format,
    long virtualSize,
    long fileSize,
    int clusterSize,
    Optional<String> backingFile,
    Optional<String> backingFormat,
    Optional<String> dataFile,
    boolean encrypted,
    boolean dirty,
    boolean corrupt,
    List<SnapshotInfo> snapshots,
    SequencedMap<String, Object> details) {}
