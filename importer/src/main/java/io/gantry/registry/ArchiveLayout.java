package io.gantry.registry;

import io.gantry.archive.ArchiveLimits;
import io.gantry.archive.TarMember;
import io.gantry.archive.TarMembers;
import io.gantry.codec.Compression;
import io.gantry.image.MalformedImageException;
import io.gantry.image.UnsupportedImageException;
import io.gantry.io.FileInput;
import io.gantry.source.SourceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A layout that is a tar, read where it lies: one pass over the headers says where every file is,
 * and nothing is unpacked.
 */
final class ArchiveLayout implements LayoutFiles {

  /** A layout has a file a blob; what is above this is another tar. */
  private static final int FILES_MAX = 100_000;

  private static final int HEAD_LENGTH = 512;

  private record Member(long offset, long size) {}

  private final FileInput file;
  private final Map<String, Member> members;

  private ArchiveLayout(FileInput file, Map<String, Member> members) {
    this.file = file;
    this.members = members;
  }

  /** Opens a local file and looks through it. */
  static ArchiveLayout open(Path path) throws IOException {
    FileInput file = file(path);
    try {
      requireTar(file);
      return new ArchiveLayout(file, members(path));
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static FileInput file(Path path) throws IOException {
    try {
      return FileInput.open(path);
    } catch (NoSuchFileException e) {
      throw new SourceException(path + ": no such file", false, e);
    } catch (AccessDeniedException e) {
      throw new SourceException(path + ": permission denied", false, e);
    }
  }

  private static void requireTar(FileInput file) throws IOException {
    ByteBuffer head = ByteBuffer.allocate((int) Math.min(HEAD_LENGTH, file.size()));
    file.readFully(0, head);
    head.flip();
    Optional<Compression> compression = Compression.detect(head);
    if (compression.isPresent()) {
      throw new UnsupportedImageException(
          "%s is compressed (%s): unpack it, an archive is read at any position"
              .formatted(file.name(), compression.get().id()));
    }
    if (!TarMembers.isTar(head)) {
      throw new MalformedImageException(file.name() + " is no tar");
    }
  }

  private static Map<String, Member> members(Path path) throws IOException {
    Map<String, Member> members = new HashMap<>();
    try (TarMembers tar =
        new TarMembers(FileChannel.open(path, StandardOpenOption.READ), ArchiveLimits.DEFAULT)) {
      for (var next = tar.next(); next.isPresent(); next = tar.next()) {
        TarMember member = next.get();
        if (member.kind() == TarMember.Kind.FILE && !member.sparse()) {
          members.put(plainName(member), new Member(member.at(), member.size()));
        }
        if (members.size() > FILES_MAX) {
          throw new MalformedImageException(
              "%s has more than %d files: it is no image".formatted(path, FILES_MAX));
        }
      }
    }
    return members;
  }

  private static String plainName(TarMember member) {
    String name = member.name();
    return name.startsWith("./") ? name.substring(2) : name;
  }

  @Override
  public String name() {
    return file.name();
  }

  @Override
  public ReadableByteChannel open(String path) throws IOException {
    Member member = members.get(path);
    if (member == null) {
      throw new NoSuchFileException(file.name() + ": " + path);
    }
    return new RangeChannel(file, member.offset(), member.size());
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
