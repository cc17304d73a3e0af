package io.gantry.transfer;

import io.gantry.codec.Compression;
import io.gantry.codec.Unwrapped;
import io.gantry.format.qcow2.ForwardMap;
import io.gantry.image.Image;
import io.gantry.source.Source;
import io.gantry.transfer.TransferPlan.CopyImage;
import io.gantry.transfer.TransferPlan.ScatterQcow2;
import io.gantry.transfer.TransferPlan.SpoolThenCopy;
import io.gantry.transfer.TransferPlan.WriteRaw;
import io.gantry.transfer.TransferPlan.WriteXzBlocks;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a transfer would do, found out without moving the data: only the beginning of the source and
 * the tables it needs are read.
 *
 * @param format {@code raw} or {@code qcow2}
 * @param compressions what is around the image, outermost first
 * @param virtualSize the disk as the guest sees it, bytes; not known for a compressed raw disk
 * @param plan how it would be read: {@code ranges}, {@code stream}, {@code scratch}
 * @param scratchReason why scratch space is needed, when that is certain
 */
public record Preflight(
    String format,
    List<String> compressions,
    OptionalLong virtualSize,
    String plan,
    Optional<String> scratchReason) {

  /** Looks at {@code source}, which is of no use for a transfer afterwards. */
  public static Preflight of(Source source, TransferOptions options) throws IOException {
    TransferPlan plan = new Planner(source, options, new Progress(), null).plan();
    return switch (plan) {
      case CopyImage(Image image) -> ofImage(image, plan.id());
      case WriteRaw(Unwrapped stream) -> ofRaw(stream, source, plan.id());
      case WriteXzBlocks(var blocks) ->
          new Preflight(
              "raw",
              List.of(Compression.XZ.id()),
              OptionalLong.of(blocks.length()),
              plan.id(),
              Optional.empty());
      case ScatterQcow2(Unwrapped stream, _) ->
          ofQcow2(stream, source, options, plan.id(), Optional.empty());
      case SpoolThenCopy(Unwrapped stream, String reason) ->
          ofQcow2(stream, source, options, plan.id(), Optional.of(reason));
    };
  }

  private static Preflight ofImage(Image image, String plan) throws IOException {
    try (image) {
      return new Preflight(
          image.info().format(),
          List.of(),
          OptionalLong.of(image.info().virtualSize()),
          plan,
          Optional.empty());
    }
  }

  private static Preflight ofRaw(Unwrapped stream, Source source, String plan) throws IOException {
    try (ReadableByteChannel _ = stream.channel()) {
      List<String> compressions = ids(stream);
      OptionalLong size = compressions.isEmpty() ? source.length() : OptionalLong.empty();
      return new Preflight("raw", compressions, size, plan, Optional.empty());
    }
  }

  private static Preflight ofQcow2(
      Unwrapped stream,
      Source source,
      TransferOptions options,
      String plan,
      Optional<String> scratchReason)
      throws IOException {
    try (ReadableByteChannel _ = stream.channel()) {
      ForwardMap map =
          ForwardMap.start(
              stream.head().duplicate(), source.name(), options.open(), (_, _) -> {}, (_, _) -> {});
      OptionalLong size = OptionalLong.of(map.info().virtualSize());
      return new Preflight("qcow2", ids(stream), size, plan, scratchReason);
    }
  }

  private static List<String> ids(Unwrapped stream) {
    return stream.compressions().stream().map(Compression::id).toList();
  }
}
