package io.gantry.archive;

import io.gantry.codec.Compression;
import io.gantry.codec.CountingChannel;
import io.gantry.codec.ReadAhead;
import io.gantry.codec.Unwrapped;
import io.gantry.format.ContentGuard;
import io.gantry.image.ImageException;
import io.gantry.image.ImageTooLargeException;
import io.gantry.image.MalformedImageException;
import io.gantry.image.TooShortException;
import io.gantry.image.UnsupportedImageException;
import io.gantry.image.WrongContentException;
import io.gantry.linux.ErrnoException;
import io.gantry.linux.Fd;
import io.gantry.linux.Libc;
import io.gantry.source.DigestingChannel;
import io.gantry.source.ExpectedDigest;
import io.gantry.source.Source;
import io.gantry.target.Diagnosis;
import io.gantry.target.TargetException;
import io.gantry.transfer.Progress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks a tar archive into a directory: what {@code tar --preserve-permissions --no-same-owner
 * -xC DIRECTORY} of GNU tar 1.34 makes of an archive that means well, and a refusal of any other.
 *
 * <p>Nothing outside of the directory is created, changed, linked or read ({@link Tree}). Modes are
 * kept exactly, whatever the umask; owners are not. Files and links replace what is there,
 * directories are kept, the directory is not emptied first. Holes stay holes.
 *
 * <p>Stricter than GNU tar, always: an archive without its end marker is cut short; the first bad
 * header is an error and not something to skip; no member is written through a symbolic link.
 * Devices are refused, as they are to GNU tar without privileges. Named pipes are created. What
 * follows the end marker is read and ignored, so that the source is whole and its checksum right.
 *
 * <p>On failure the directory keeps what was unpacked until then; emptying it is the caller's.
 */
public final class TarExtractor {

  private final Source source;
  private final ArchiveOptions options;
  private final Progress progress;
  private final Path directory;
  private final @Nullable MessageDigest sourceDigest;
  private final List<String> warnings = new ArrayList<>();
  private final DelayedDirectories delayed;
  private long fileBytes;

  private TarExtractor(Source source, Path directory, ArchiveOptions options, Progress progress) {
    this.source = source;
    this.directory = directory;
    this.options = options;
    this.progress = progress;
    this.delayed = new DelayedDirectories(options.limits());
    this.sourceDigest =
        options
            .checksum()
            .map(expected -> ExpectedDigest.newMessageDigest(expected.algorithm()))
            .orElse(null);
  }

  /**
   * Unpacks the archive in {@code source}, with gzip, xz or zstd around it or not. When this
   * returns, the source has been read to its end and verified, and everything is on disk.
   *
   * @param directory that exists; the last component may be a symbolic link, none below it is
   *     followed
   * @throws io.gantry.image.ImageException for an archive that is malformed, over a limit, or not
   *     to be unpacked
   * @throws TargetException when the directory cannot be written to, or is full
   */
  public static ArchiveReceipt extract(
      Source source, Path directory, ArchiveOptions options, Progress progress) throws IOException {
    if (!Libc.isAvailable()) {
      throw new TargetException(
          TargetException.Kind.NOT_WRITABLE,
          directory + ": archives can be unpacked on 64-bit Linux only");
    }
    return new TarExtractor(source, directory, options, progress).run();
  }

  private ArchiveReceipt run() throws IOException {
    progress.enter(Progress.Phase.OPEN, -1);
    try (Tree tree = openTree();
        ReadableByteChannel counted = openSource()) {
      Unwrapped stream =
          Unwrapped.open(counted, source.name(), options.wrapping(), options.threads());
      long members;
      try (ArchiveInput in =
          new ArchiveInput(new AheadPieces(new ReadAhead(stream.channel(), source.name())))) {
        judge(stream.head());
        progress.enter(Progress.Phase.COPY, source.length().orElse(-1));
        members = extractAll(tree, in);
        in.drain();
      }
      Optional<String> verified = verifySource();
      finish(tree);
      return receipt(stream, members, verified);
    }
  }

  private void judge(ByteBuffer head) throws WrongContentException {
    boolean tooShort = head.remaining() < HeaderBlock.BYTES;
    try {
      ContentGuard.check(head, source.name());
    } catch (WrongContentException e) {
      throw tooShort ? new TooShortException(e) : e;
    }
    if (tooShort) {
      throw new TooShortException(source.name(), head.remaining(), HeaderBlock.BYTES);
    }
  }

  private Tree openTree() throws IOException {
    try {
      return Tree.open(directory);
    } catch (ErrnoException e) {
      throw Diagnosis.of(directory.toString(), "open the directory", false, e);
    }
  }

  private ReadableByteChannel openSource() throws IOException {
    ReadableByteChannel channel =
        new CountingChannel(
            source.open(),
            bytes -> {
              progress.read(bytes);
              progress.work(bytes);
            });
    if (sourceDigest != null) {
      channel = new DigestingChannel(channel, sourceDigest);
    }
    return new ReadAhead(channel, source.name());
  }

  private long extractAll(Tree tree, ArchiveInput in) throws IOException {
    FileContent content = new FileContent(in, new DirtyFiles(tree.root()), progress);
    TarReader reader = TarReader.ofUnverifiedBytes(in, options.limits());
    try {
      for (Member member = reader.next(); member != null; member = reader.next()) {
        extract(MemberName.parse(member.name(), options.limits()), member, tree, in, content);
        in.skipToBlock();
      }
      return reader.members();
    } catch (ImageException e) {
      throw named(e);
    }
  }

  /** Says whose fault it is; the decoders around the archive have said so already. */
  private ImageException named(ImageException e) {
    String message = String.valueOf(e.getMessage());
    if (message.startsWith(source.name() + ": ")) {
      return e;
    }
    String named = source.name() + ": " + message;
    return switch (e) {
      case MalformedImageException _ -> new MalformedImageException(named, e);
      case UnsupportedImageException _ -> new UnsupportedImageException(named, e);
      case ImageTooLargeException _ -> new ImageTooLargeException(named, e);
      case WrongContentException _ -> e;
    };
  }

  private void extract(
      MemberName name, Member member, Tree tree, ArchiveInput in, FileContent content)
      throws IOException {
    try {
      if (member.isDirectory()) {
        extractDirectory(name, member, tree);
        in.skip(member.content().storedBytes());
        return;
      }
      if (name.isRoot()) {
        throw new MalformedImageException(
            "member %s: has no name, and is not a directory".formatted(name));
      }
      switch (member.type()) {
        case Member.HARD_LINK -> extractHardLink(name, member, tree);
        case Member.SYMBOLIC_LINK -> extractSymbolicLink(name, member, tree);
        case Member.FIFO -> {
          try (Fd fifo = tree.createFifo(name)) {
            setAttributes(fifo, member);
          }
        }
        case Member.CHARACTER_DEVICE, Member.BLOCK_DEVICE ->
            throw new UnsupportedImageException(
                "member %s: is a device; pack the archive without it".formatted(name));
        case Member.GNU_CONTINUED_FILE ->
            throw new UnsupportedImageException(
                "member %s: goes on from another volume; pack the archive in one piece"
                    .formatted(name));
        default -> extractFile(name, member, tree, content);
      }
    } catch (ErrnoException e) {
      throw Diagnosis.of(directory.toString(), "unpack member " + name, false, e);
    }
  }

  private void extractDirectory(MemberName name, Member member, Tree tree) throws IOException {
    if (!name.isRoot()) {
      tree.createDirectory(name, member.mode());
    }
    delayed.add(name, member);
  }

  private void extractFile(MemberName name, Member member, Tree tree, FileContent content)
      throws IOException {
    if (!member.isFile()) {
      warn(
          "member %s: has the unknown type %s and became a file"
              .formatted(name, ByteText.shown(String.valueOf(member.type()))));
    }
    try (Fd file = tree.createFile(name)) {
      content.write(file, member.content());
      setAttributes(file, member);
    }
    fileBytes += member.content().size();
  }

  /** The time first: changing the mode does not change it. The mode last: writing takes setuid. */
  private static void setAttributes(Fd file, Member member) throws IOException {
    Libc.futimens(file, member.modified());
    Libc.fchmod(file, member.mode());
  }

  private void extractHardLink(MemberName name, Member member, Tree tree) throws IOException {
    MemberName target;
    try {
      target = MemberName.parse(member.linkTarget(), options.limits());
    } catch (MalformedImageException e) {
      throw new MalformedImageException(
          "member %s: is a hard link to %s, which could lie outside of the directory"
              .formatted(name, ByteText.shown(member.linkTarget())),
          e);
    }
    tree.createHardLink(name, target);
  }

  private void extractSymbolicLink(MemberName name, Member member, Tree tree) throws IOException {
    String target = member.linkTarget();
    if (target.isEmpty() || target.indexOf('\0') >= 0) {
      throw new MalformedImageException(
          "member %s: is a symbolic link to %s, which is no path"
              .formatted(name, ByteText.shown(target)));
    }
    tree.createSymbolicLink(name, member);
  }

  private void warn(String warning) {
    if (warnings.size() < ArchiveReceipt.WARNINGS_MAX) {
      warnings.add(warning);
    }
  }

  private Optional<String> verifySource() throws IOException {
    return sourceDigest == null
        ? Optional.empty()
        : Optional.of(options.checksum().orElseThrow().verify(sourceDigest, source.name()));
  }

  private void finish(Tree tree) throws IOException {
    progress.enter(Progress.Phase.SYNC, -1);
    try {
      delayed.apply(tree, this::warn);
      tree.sync();
    } catch (ErrnoException e) {
      throw Diagnosis.of(directory.toString(), "complete the directories", false, e);
    }
    progress.enter(Progress.Phase.DONE, 0);
  }

  private ArchiveReceipt receipt(Unwrapped stream, long members, Optional<String> verified) {
    Progress.Counts counts = progress.counts();
    return new ArchiveReceipt(
        source.name(),
        verified,
        stream.compressions().stream().map(Compression::id).toList(),
        members,
        fileBytes,
        counts.dataBytes(),
        counts.bytesRead(),
        List.copyOf(warnings));
  }
}
