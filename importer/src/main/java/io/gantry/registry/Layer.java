package io.gantry.registry;

import io.gantry.codec.Unwrapped;
import io.gantry.format.Format;
import io.gantry.format.FormatDetector;
import io.gantry.image.Limits;
import io.gantry.image.MalformedImageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One layer, read once from its beginning: the search for the disk and its delivery are the same
 * pass.
 *
 * @param blob as it is in the store, compressed
 * @param only whether the image has no other layer
 */
record Layer(Descriptor descriptor, VerifiedChannel blob, boolean only) {

  /** A layer is decoded by the thread that reads it: the disk inside is what others work on. */
  private static final int THREADS = 1;

  /**
   * A disk, found but not yet read.
   *
   * @param length bytes that it has, where the layer says so
   * @param content ends with the disk, not with the layer
   */
  record Found(OptionalLong length, ReadableByteChannel content) {}

  /**
   * Looks for a disk, either a member of a tar or all there is.
   *
   * @return nothing when the layer holds none
   * @throws io.gantry.image.MalformedImageException when the layer makes no sense
   */
  Optional<Found> find() throws IOException {
    Unwrapped content =
        Unwrapped.open(new KeptOpen(blob), descriptor.digest().toString(), Limits.DEFAULT, THREADS);
    if (TarMembers.isTar(content.head())) {
      return findMember(content.channel());
    }
    if (isDisk(content.head())) {
      return Optional.of(new Found(length(content), content.channel()));
    }
    content.channel().close();
    if (isEmpty(content.head())) {
      return Optional.empty();
    }
    throw new MalformedImageException(
        "it is no tar, and no disk image that can be told by its first bytes");
  }

  private static Optional<Found> findMember(ReadableByteChannel content) throws IOException {
    TarMembers members = new TarMembers(content);
    Optional<LayerMember> entry = members.next();
    while (entry.isPresent() && !DiskEntry.wins(entry.get())) {
      entry = members.next();
    }
    if (entry.isEmpty()) {
      content.close();
      return Optional.empty();
    }
    LayerMember disk = entry.get();
    DiskEntry.requireFile(disk);
    return Optional.of(
        new Found(
            OptionalLong.of(disk.size()),
            new MemberChannel(members, content, disk.name(), disk.size())));
  }

  /**
   * Artifacts hold disks without a tar around them. One that is raw looks like nothing, so it is
   * believed to be a disk only where there is nothing else, and nobody calls it a tar.
   */
  private boolean isDisk(ByteBuffer head) {
    boolean told = FormatDetector.detect(head) != Format.RAW;
    return told || (only && !MediaTypes.isTar(descriptor.mediaType()));
  }

  private OptionalLong length(Unwrapped content) {
    return content.compressions().isEmpty()
        ? OptionalLong.of(descriptor.size())
        : OptionalLong.empty();
  }

  /** A tar without members is two blocks of zeros; some tools write nothing at all. */
  private static boolean isEmpty(ByteBuffer head) {
    for (int i = head.position(); i < head.limit(); i++) {
      if (head.get(i) != 0) {
        return false;
      }
    }
    return true;
  }
}
