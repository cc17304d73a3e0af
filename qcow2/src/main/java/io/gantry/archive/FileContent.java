package io.gantry.archive;

import io.gantry.linux.Fd;
import io.gantry.linux.Libc;
import io.gantry.transfer.Progress;
import io.gantry.transfer.ZeroScan;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Fills new files. What the archive says is a hole stays one, and zeros of 4 KiB and more become
 * one: a file that is created has only zeros until it is written.
 */
final class FileContent {

  private final ArchiveInput in;
  private final DirtyFiles dirtyFiles;
  private final Progress progress;

  FileContent(ArchiveInput in, DirtyFiles dirtyFiles, Progress progress) {
    this.in = in;
    this.dirtyFiles = dirtyFiles;
    this.progress = progress;
  }

  /** Writes what follows in the archive to {@code file}, which is new and empty. */
  void write(Fd file, SparseMap content) throws IOException {
    dirtyFiles.begin();
    long end = 0;
    for (int i = 0; i < content.count(); i++) {
      end = Math.max(end, writePiece(file, content.offset(i), content.length(i)));
    }
    if (end < content.size()) {
      Libc.ftruncate(file, content.size());
    }
    progress.skipped(content.size() - content.storedBytes());
    dirtyFiles.end();
  }

  /** Returns where the last byte that was written ends. */
  private long writePiece(Fd file, long offset, long length) throws IOException {
    long at = offset;
    long end = 0;
    while (at < offset + length) {
      ByteBuffer bytes = in.takeSome(offset + length - at);
      int count = bytes.limit();
      end = Math.max(end, writeData(file, at, bytes));
      at += count;
    }
    return end;
  }

  private long writeData(Fd file, long offset, ByteBuffer bytes) throws IOException {
    int limit = bytes.limit();
    long end = 0;
    int at = 0;
    while (at < limit) {
      int dataStart = ZeroScan.endOfZeros(bytes, offset, at, limit);
      progress.skipped(dataStart - at);
      int dataEnd = ZeroScan.endOfData(bytes, offset, dataStart, limit);
      if (dataEnd > dataStart) {
        writeAll(file, offset + dataStart, bytes.slice(dataStart, dataEnd - dataStart));
        end = offset + dataEnd;
      }
      at = dataEnd;
    }
    return end;
  }

  private void writeAll(Fd file, long offset, ByteBuffer data) throws IOException {
    int length = data.remaining();
    while (data.hasRemaining()) {
      Libc.pwrite(file, data, offset + data.position());
    }
    progress.data(length);
    dirtyFiles.written(file, offset + length, length);
  }
}
