package io.gantry.registry;

import io.gantry.archive.ArchiveLimits;
import io.gantry.archive.TarMember;
import io.gantry.archive.TarMembers;
import io.gantry.codec.Unwrapped;
import io.gantry.format.Format;
import io.gantry.format.FormatDetector;
import io.gantry.image.Limits;
import io.gantry.image.MalformedImageException;
import io.gantry.image.UnsupportedImageException;
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
 * @param artifact whether it belongs to no container image
 * @param only whether there is no other layer
 */
record Layer(Descriptor descriptor, VerifiedChannel blob, boolean artifact, boolean only) {

  /** A layer is decoded by the thread that reads it: the disk inside is what others work on. */
  private static final int THREADS = 1;

  /**
   * A disk, found but not yet read.
   *
   * @param member of a tar, if it is one
   * @param length bytes that it has, where the layer says so
   * @param content ends with the disk, not with the layer
   */
  record Found(Optional<TarMember> member, OptionalLong length, ReadableByteChannel content) {

    /** Refuses what was found when the image is not one that CDI would take. */
    void requireFile() throws UnsupportedImageException {
      if (member.isPresent()) {
        DiskEntry.requireFile(member.get());
      }
    }
  }

  /**
   * Looks for a disk, either a member of a tar or all there is.
   *
   * @return nothing when the layer holds none
   * @throws io.gantry.image.ImageException when the layer makes no sense
   */
  Optional<Found> find() throws IOException {
    Unwrapped content =
        Unwrapped.open(new KeptOpen(blob), descriptor.digest().toString(), Limits.DEFAULT, THREADS);
    try {
      return find(content);
    } catch (IOException | RuntimeException e) {
      content.channel().close();
      throw e;
    }
  }

  private Optional<Found> find(Unwrapped content) throws IOException {
    if (TarMembers.isTar(content.head())) {
      return findMember(content.channel());
    }
    if (isDisk(content.head())) {
      return Optional.of(new Found(Optional.empty(), length(content), content.channel()));
    }
    if (isEmpty(content.head())) {
      content.channel().close();
      return Optional.empty();
    }
    throw new MalformedImageException(
        "it is no tar, and no disk image that can be told by its first bytes");
  }

  private static Optional<Found> findMember(ReadableByteChannel content) throws IOException {
    TarMembers members = new TarMembers(content, ArchiveLimits.DEFAULT);
    Optional<TarMember> member = members.next();
    while (member.isPresent() && !DiskEntry.wins(member.get())) {
      member = members.next();
    }
    if (member.isEmpty()) {
      members.close();
      return Optional.empty();
    }
    DiskEntry.requireInside(member.get());
    return Optional.of(new Found(member, OptionalLong.of(member.get().size()), members.content()));
  }

  /**
   * Artifacts hold disks without a tar around them, which some tools call a tar all the same; a
   * layer of a container image that should be one, and is not, makes no sense. A raw disk looks
   * like nothing, so it is believed to be one only where there is nothing else, and nobody calls it
   * a tar.
   */
  private boolean isDisk(ByteBuffer head) {
    boolean tar = MediaTypes.isTar(descriptor.mediaType());
    return FormatDetector.detect(head) == Format.RAW ? only && !tar : artifact || !tar;
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
