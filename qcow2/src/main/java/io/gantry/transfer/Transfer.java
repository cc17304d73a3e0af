package io.gantry.transfer;

import io.gantry.codec.Compression;
import io.gantry.codec.PositionedSink;
import io.gantry.codec.ReadAhead;
import io.gantry.codec.Unwrapped;
import io.gantry.codec.XzBlocks;
import io.gantry.format.ImageOpener;
import io.gantry.format.qcow2.ForwardMap;
import io.gantry.image.DamagedStreamException;
import io.gantry.image.Image;
import io.gantry.image.ImageException;
import io.gantry.image.Limits;
import io.gantry.io.RandomAccessInput;
import io.gantry.source.DigestMismatchException;
import io.gantry.source.ExpectedDigest;
import io.gantry.source.Source;
import io.gantry.target.Target;
import io.gantry.transfer.TransferPlan.CopyImage;
import io.gantry.transfer.TransferPlan.ScatterQcow2;
import io.gantry.transfer.TransferPlan.SpoolThenCopy;
import io.gantry.transfer.TransferPlan.WriteRaw;
import io.gantry.transfer.TransferPlan.WriteXzBlocks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** One disk from a source to a target. */
public final class Transfer {

  private static final int SECTOR = 512;

  private final Source source;
  private final Target target;
  private final TransferOptions options;
  private final Limits limits;
  private final Progress progress;
  private final StageClock clock = new StageClock();
  private final @Nullable MessageDigest sourceDigest;
  private final Planner planner;

  private String format = "raw";
  private List<String> compressions = List.of();
  private long virtualSize;
  private long diskSize;

  private Transfer(Source source, Target target, TransferOptions options, Progress progress) {
    this.source = source;
    this.target = target;
    this.options = options;
    this.limits = options.open().limits();
    this.progress = progress;
    this.sourceDigest =
        options
            .checksum()
            .map(expected -> ExpectedDigest.newMessageDigest(expected.algorithm()))
            .orElse(null);
    this.planner = new Planner(source, options, progress, sourceDigest);
  }

  /**
   * Fills {@code target} from {@code source}: everything is decided once, then done once. When this
   * returns {@link TransferResult.Done}, the disk is complete and synced; in every other case the
   * target has been abandoned. The caller closes both ends.
   */
  public static TransferResult run(
      Source source, Target target, TransferOptions options, Progress progress) throws IOException {
    Transfer transfer = new Transfer(source, target, options, progress);
    try {
      return new TransferResult.Done(transfer.run());
    } catch (ScratchRequiredException e) {
      target.abandon();
      return new TransferResult.ScratchRequired(source.name() + ": " + e.getMessage());
    } catch (IOException | RuntimeException | Error e) {
      abandonAfter(e, target);
      if (e instanceof ImageException undecodable) {
        transfer.verifyDespite(undecodable);
      }
      throw e;
    } finally {
      transfer.letGo();
    }
  }

  private static void abandonAfter(Throwable failure, Target target) {
    try {
      target.abandon();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private Receipt run() throws IOException {
    progress.enter(Progress.Phase.OPEN, -1);
    clock.enter("open");
    TransferPlan plan = planner.plan();
    carryOut(plan);
    Optional<String> verified = verifySource();
    clock.enter("sync");
    progress.enter(Progress.Phase.SYNC, -1);
    target.finish();
    Optional<String> contentDigest = digestContent();
    clock.stop();
    progress.enter(Progress.Phase.DONE, 0);
    return receipt(plan, verified, contentDigest);
  }

  /** Not a switch over patterns: linking its first one takes 10 ms, a cold start's tenth. */
  private void carryOut(TransferPlan plan) throws IOException {
    if (plan instanceof CopyImage copy) {
      copyVerified(copy.image());
    } else if (plan instanceof WriteRaw raw && raw.stream().canScatter()) {
      scatterRaw(raw.stream());
    } else if (plan instanceof WriteRaw raw) {
      writeRaw(raw.stream());
    } else if (plan instanceof WriteXzBlocks xz) {
      writeBlocks(xz.blocks());
    } else if (plan instanceof ScatterQcow2 qcow2) {
      scatter(qcow2.stream(), qcow2.again());
    } else if (plan instanceof SpoolThenCopy spool) {
      spool(spool.stream(), spool.reason());
    } else {
      throw new AssertionError("no such plan: " + plan);
    }
  }

  private void copyVerified(Image image) throws IOException {
    if (sourceDigest == null) {
      copyImage(image);
      return;
    }
    SourceDigest beside = SourceDigest.start(source, sourceDigest);
    copyImage(image);
    beside.await();
  }

  private void copyImage(Image image) throws IOException {
    try (image) {
      format = image.info().format();
      prepare(image.info().virtualSize());
      clock.enter("copy");
      progress.enter(Progress.Phase.COPY, virtualSize);
      SparseWriter writer = new SparseWriter(target, progress, progress::work);
      try (Workers workers = new Workers(threadsFor(image), limits, () -> abort(image))) {
        workers.feed(new ImageCopy(image, writer, workers, progress, limits)::copy);
      }
      zeroTail(writer);
    }
  }

  private int threadsFor(Image image) {
    return Math.max(options.threads(), image.requestsInFlight());
  }

  private static void abort(AutoCloseable input) {
    try {
      input.close();
    } catch (Exception _) {
      // The failure that led here is the one to report.
    }
  }

  private void writeRaw(Unwrapped stream) throws IOException {
    compressions = stream.compressions().stream().map(Compression::id).toList();
    OptionalLong length = stream.compressions().isEmpty() ? source.length() : OptionalLong.empty();
    try (ReadAhead in = new ReadAhead(stream.channel(), source.name())) {
      prepare(length.orElse(0));
      clock.enter("copy");
      progress.enter(Progress.Phase.COPY, length.orElse(-1));
      SparseWriter writer = new SparseWriter(target, progress, progress::work);
      virtualSize = new StreamRaw(target, writer, length).run(in);
      diskSize = diskSizeFor(virtualSize);
      target.grow(diskSize);
      zeroTail(writer);
    }
  }

  /** Several decoders deliver a raw disk of a length that only its end tells. */
  private void scatterRaw(Unwrapped stream) throws IOException {
    compressions = stream.compressions().stream().map(Compression::id).toList();
    try (ReadableByteChannel _ = stream.channel()) {
      prepare(0);
      clock.enter("copy");
      progress.enter(Progress.Phase.COPY, -1);
      SparseWriter writer = new SparseWriter(target, progress, progress::work);
      virtualSize = stream.scatter(new GrowingSink(target, writer));
      diskSize = diskSizeFor(virtualSize);
      target.grow(diskSize);
      zeroTail(writer);
    }
  }

  /** For a disk whose length is not known before its end. */
  private record GrowingSink(Target target, SparseWriter writer) implements PositionedSink {

    @Override
    public void accept(long offset, ByteBuffer data) throws IOException {
      target.grow(offset + data.remaining());
      writer.accept(offset, data);
    }

    @Override
    public void acceptZeros(long offset, long length) throws IOException {
      target.grow(offset + length);
      writer.acceptZeros(offset, length);
    }
  }

  private void writeBlocks(XzBlocks blocks) throws IOException {
    compressions = List.of(Compression.XZ.id());
    prepare(blocks.length());
    clock.enter("copy");
    progress.enter(Progress.Phase.COPY, virtualSize);
    SparseWriter writer = new SparseWriter(target, progress, progress::work);
    blocks.decode(options.threads(), writer);
    progress.read(source.length().orElse(0));
    zeroTail(writer);
  }

  private void scatter(Unwrapped stream, Optional<RandomAccessInput> again) throws IOException {
    compressions = stream.compressions().stream().map(Compression::id).toList();
    format = "qcow2";
    try (ReadableByteChannel in = stream.channel();
        WorkerTools tools = new WorkerTools(limits);
        Workers workers = new Workers(options.threads(), limits, () -> abort(in))) {
      StreamLink link = new StreamLink();
      ForwardMap map =
          ForwardMap.start(
              stream.head().duplicate(), source.name(), options.open(), link::past, link::zero);
      prepare(map.info().virtualSize());
      clock.enter("copy");
      progress.enter(Progress.Phase.COPY, virtualSize);
      SparseWriter writer = new SparseWriter(target, progress, progress::work);
      try (HeldClusters held =
          new HeldClusters(
              map.clusterSize(),
              limits.windowBytesMax(),
              again,
              options.scratch(),
              map::refcount,
              progress)) {
        link.connect(held, writer, workers, progress);
        ScatterStream scatter =
            new ScatterStream(map, held, writer, target, workers, limits, source.name(), tools);
        workers.feed(() -> scatter.run(in, options.threads()));
      }
      zeroTail(writer);
    }
  }

  private void spool(Unwrapped stream, String reason) throws IOException {
    compressions = stream.compressions().stream().map(Compression::id).toList();
    if (options.scratch().isEmpty()) {
      stream.channel().close();
      throw new ScratchRequiredException(reason);
    }
    progress.enter(Progress.Phase.SPOOL, source.length().orElse(-1));
    clock.enter("spool");
    Scratch scratch = Scratch.create(options.scratch().get(), progress);
    try (ReadAhead in = new ReadAhead(stream.channel(), source.name())) {
      long position = 0;
      for (ByteBuffer bytes = in.next(); bytes != null; bytes = in.next()) {
        int count = bytes.remaining();
        scratch.write(position, bytes);
        progress.work(count);
        position += count;
      }
    } catch (IOException | RuntimeException e) {
      scratch.close();
      throw e;
    }
    copyImage(
        ImageOpener.open(scratch.asInput(source.name()), Planner.place(source), options.open()));
  }

  private void prepare(long imageSize) throws IOException {
    virtualSize = imageSize;
    diskSize = diskSizeFor(imageSize);
    target.prepare(diskSize);
  }

  private long diskSizeFor(long imageSize) {
    return roundUp(Math.max(imageSize, options.size().orElse(0)));
  }

  private static long roundUp(long size) {
    return Math.addExact(size, SECTOR - 1) / SECTOR * SECTOR;
  }

  /**
   * Beyond the image: zeros wherever the disk goes on. It does on a device too, up to the end of
   * the last sector, as with qemu-img; what lies behind the disk is not ours.
   */
  private void zeroTail(SparseWriter writer) throws IOException {
    if (diskSize > virtualSize) {
      writer.zero(virtualSize, diskSize - virtualSize);
    }
  }

  private Optional<String> verifySource() throws IOException {
    return sourceDigest == null
        ? Optional.empty()
        : Optional.of(options.checksum().orElseThrow().verify(sourceDigest, source.name()));
  }

  /**
   * Judges the bytes before what they mean: of an image that cannot be decoded because it is not
   * the one that was promised, nobody needs to know more. Whatever is compressed around an image is
   * part of getting at it, so damage there comes first.
   */
  private void verifyDespite(ImageException undecodable) throws DigestMismatchException {
    if (sourceDigest == null || undecodable instanceof DamagedStreamException) {
      return;
    }
    ExpectedDigest expected = options.checksum().orElseThrow();
    try {
      Optional<LastingStream> begun = planner.digested();
      MessageDigest digest =
          begun.isPresent() ? sourceDigest : ExpectedDigest.newMessageDigest(expected.algorithm());
      if (begun.isPresent()) {
        begun.get().drain();
      } else {
        SourceDigest.readAll(source, digest);
      }
      expected.verify(digest, source.name());
    } catch (DigestMismatchException e) {
      e.addSuppressed(undecodable);
      throw e;
    } catch (IOException e) {
      undecodable.addSuppressed(e);
    }
  }

  private void letGo() {
    planner.digested().ifPresent(LastingStream::letGo);
  }

  private Optional<String> digestContent() throws IOException {
    if (options.digestAlgorithm().isEmpty()) {
      return Optional.empty();
    }
    clock.enter("digest");
    return Optional.of(
        ContentDigest.of(target, diskSize, options.digestAlgorithm().get(), progress));
  }

  private Receipt receipt(
      TransferPlan plan, Optional<String> verified, Optional<String> contentDigest) {
    Progress.Counts counts = progress.counts();
    return new Receipt(
        source.name(),
        source.length(),
        verified,
        compressions,
        format,
        plan.id(),
        virtualSize,
        diskSize,
        counts.bytesRead(),
        counts.dataBytes(),
        counts.zeroBytes(),
        counts.skippedBytes(),
        counts.scratchBytes(),
        contentDigest,
        target.report(),
        clock.seconds());
  }
}
