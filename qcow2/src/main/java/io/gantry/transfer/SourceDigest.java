package io.gantry.transfer;

import io.gantry.io.Completion;
import io.gantry.source.Source;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.security.MessageDigest;
import java.util.concurrent.FutureTask;

/**
 * Digests a local source beside the copy that reads it by ranges. The file is read twice, the
 * second time from the page cache; the copy keeps its order, and needs no scratch space.
 */
final class SourceDigest {

  private static final int PIECE = 64 << 10;

  private final FutureTask<Void> task;

  private SourceDigest(FutureTask<Void> task) {
    this.task = task;
  }

  /** Starts reading {@code source} from its beginning, feeding {@code digest}. */
  static SourceDigest start(Source source, MessageDigest digest) {
    FutureTask<Void> task =
        new FutureTask<>(
            () -> {
              readAll(source, digest);
              return null;
            });
    Thread.ofPlatform().daemon().name("checksum").start(task);
    return new SourceDigest(task);
  }

  /** Feeds {@code digest} with all of {@code source}. */
  static void readAll(Source source, MessageDigest digest) throws IOException {
    ByteBuffer piece = ByteBuffer.allocate(PIECE);
    try (ReadableByteChannel in = source.open()) {
      while (in.read(piece.clear()) >= 0) {
        digest.update(piece.flip());
      }
    }
  }

  /** Waits until every byte has been digested. */
  void await() throws IOException {
    Completion.await(task, "computing the checksum");
  }
}
