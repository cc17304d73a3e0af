package io.gantry.transfer;

import io.gantry.codec.Compression;
import io.gantry.codec.CountingChannel;
import io.gantry.codec.PeekedChannel;
import io.gantry.codec.ReadAhead;
import io.gantry.codec.Unwrapped;
import io.gantry.codec.XzBlocks;
import io.gantry.format.ContentGuard;
import io.gantry.format.Format;
import io.gantry.format.FormatDetector;
import io.gantry.format.ImageOpener;
import io.gantry.format.qcow2.ForwardMap;
import io.gantry.image.Image;
import io.gantry.image.ImageException;
import io.gantry.image.TooShortException;
import io.gantry.image.UnsupportedImageException;
import io.gantry.io.AccessCost;
import io.gantry.io.RandomAccessInput;
import io.gantry.source.DigestingChannel;
import io.gantry.source.FileSource;
import io.gantry.source.Source;
import io.gantry.source.StreamSource;
import io.gantry.transfer.TransferPlan.CopyImage;
import io.gantry.transfer.TransferPlan.ScatterQcow2;
import io.gantry.transfer.TransferPlan.SpoolThenCopy;
import io.gantry.transfer.TransferPlan.WriteRaw;
import io.gantry.transfer.TransferPlan.WriteXzBlocks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Looks at the beginning of a source and decides how it will be read. */
final class Planner {

  /**
   * Most requests for second-level tables before one long request for everything is better. Images
   * of {@code qemu-img convert} have a table per 512 MiB of disk; with 4 KiB clusters it is one per
   * 2 MiB, strewn all over the file.
   */
  private static final int TABLE_REQUESTS_MAX = 24;

  private final Source source;
  private final TransferOptions options;
  private final Progress progress;
  private final @Nullable MessageDigest sourceDigest;
  private @Nullable LastingStream digested;

  /**
   * @param sourceDigest fed with every byte of the source, in order, if given; except by a plan to
   *     copy a local file by ranges, which can be read once more for that
   */
  Planner(
      Source source,
      TransferOptions options,
      Progress progress,
      @Nullable MessageDigest sourceDigest) {
    this.source = source;
    this.options = options;
    this.progress = progress;
    this.sourceDigest = sourceDigest;
  }

  TransferPlan plan() throws IOException {
    Optional<RandomAccessInput> ranges = source.ranges();
    if (ranges.isEmpty()) {
      return planStream(Optional.empty());
    }
    RandomAccessInput input = ranges.get();
    ByteBuffer head = head(input);
    if (Compression.detect(head).isPresent()) {
      return planStream(Optional.empty());
    }
    guard(head);
    boolean inOneStream = sourceDigest != null && !(source instanceof FileSource);
    if (!inOneStream) {
      Image image = ImageOpener.open(input, place(source), options.open());
      if (!tablesAreStrewn(image, input.cost())) {
        return new CopyImage(image);
      }
    }
    return planStream(Optional.of(input));
  }

  /** Returns the file or directory at which relative names in the image are resolved, if any. */
  static @Nullable Path place(Source source) {
    if (source instanceof FileSource file) {
      return file.path();
    }
    return source instanceof StreamSource stream ? stream.directory().orElse(null) : null;
  }

  private static ByteBuffer head(RandomAccessInput input) throws IOException {
    ByteBuffer head = ByteBuffer.allocate((int) Math.min(Unwrapped.HEAD_BYTES, input.size()));
    input.readFully(0, head);
    return head.flip();
  }

  /** Before anything else is done with them: a head shorter than it could be is all there is. */
  private void guard(ByteBuffer head) throws ImageException {
    if (options.contentGuard()) {
      ContentGuard.check(head, source.name());
    }
    if (head.remaining() < options.rawBytesMin() && format(head) == Format.RAW) {
      throw new TooShortException(source.name(), head.remaining(), options.rawBytesMin());
    }
  }

  private Format format(ByteBuffer head) {
    return options.open().format().orElse(FormatDetector.detect(head));
  }

  private boolean tablesAreStrewn(Image image, AccessCost cost) {
    return options.open().snapshot().isEmpty()
        && cost.requestMax() > AccessCost.LOCAL.requestMax()
        && image.tableRequests(cost.gapMax()) > TABLE_REQUESTS_MAX;
  }

  private TransferPlan planStream(Optional<RandomAccessInput> again) throws IOException {
    Unwrapped stream =
        Unwrapped.open(openSource(), source.name(), options.open().limits(), options.threads());
    try {
      guard(stream.head());
      Format format = format(stream.head());
      return switch (format) {
        case RAW -> planRaw(stream);
        case QCOW2 -> planQcow2(stream, again);
        default -> throw ImageOpener.refusal(format, stream.head(), source.name());
      };
    } catch (IOException | RuntimeException e) {
      stream.channel().close();
      throw e;
    }
  }

  /** The source's bytes, counted, digested, and read ahead while what follows is busy with them. */
  private ReadableByteChannel openSource() throws IOException {
    LongConsumer observer = progress::read;
    ReadableByteChannel channel = new CountingChannel(source.open(), observer);
    if (sourceDigest == null) {
      return new ReadAhead(channel, source.name());
    }
    digested =
        new LastingStream(
            new ReadAhead(new DigestingChannel(channel, sourceDigest), source.name()));
    return digested;
  }

  /** Returns the stream that feeds the digest, if the plan has one. */
  Optional<LastingStream> digested() {
    return Optional.ofNullable(digested);
  }

  private TransferPlan planRaw(Unwrapped stream) throws IOException {
    if (options.open().snapshot().isPresent()) {
      throw new UnsupportedImageException(source.name() + ": is a raw image and has no snapshots");
    }
    Optional<XzBlocks> blocks = xzBlocks(stream);
    if (blocks.isPresent()) {
      stream.channel().close();
      return new WriteXzBlocks(blocks.get());
    }
    return new WriteRaw(stream);
  }

  /** The blocks of a local xz file; a remote one is better read with one request. */
  private Optional<XzBlocks> xzBlocks(Unwrapped stream) throws IOException {
    boolean local = source instanceof FileSource && source.ranges().isPresent();
    return local && sourceDigest == null && stream.compressions().equals(List.of(Compression.XZ))
        ? XzBlocks.read(source.ranges().orElseThrow(), options.open().limits())
        : Optional.empty();
  }

  private TransferPlan planQcow2(Unwrapped stream, Optional<RandomAccessInput> again)
      throws IOException {
    int wanted = ForwardMap.headerBytesWanted(stream.head(), source.name());
    PeekedChannel peeked = PeekedChannel.peek(stream.channel(), wanted);
    Unwrapped whole = new Unwrapped(stream.compressions(), peeked, peeked.head());
    Optional<String> reason = reasonToSpool(whole, again);
    return reason.isPresent()
        ? new SpoolThenCopy(whole, reason.get())
        : new ScatterQcow2(whole, again);
  }

  private Optional<String> reasonToSpool(Unwrapped stream, Optional<RandomAccessInput> again)
      throws IOException {
    if (options.open().snapshot().isPresent()) {
      return Optional.of("an internal snapshot can lie anywhere in the file");
    }
    ForwardMap map =
        ForwardMap.start(
            stream.head().duplicate(), source.name(), options.open(), (_, _) -> {}, (_, _) -> {});
    long l1Offset = map.l1Offset();
    boolean tableFarBehind = l1Offset > options.open().limits().windowBytesMax();
    return map.needsOtherFiles()
        .or(
            () ->
                tableFarBehind && again.isEmpty()
                    ? Optional.of("the L1 table comes late, at " + l1Offset)
                    : Optional.empty());
  }
}
