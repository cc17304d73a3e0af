package io.gantry.codec;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.tukaani.xz.ArrayCache;
import org.tukaani.xz.CorruptedInputException;

/**
 * LZMA2: chunks of at most 64 KiB, compressed by LZMA or stored, each with what it resets; "LZMA
 * SDK", and .xz file format 1.2, section 5.3.1. Used by one thread at a time.
 */
final class Lzma2InputStream extends InputStream {

  private static final int CHUNK_MAX = 1 << 16;

  /**
   * Decoded in one call to begin with: the call after it may run in code that the JVM has compiled
   * meanwhile.
   */
  private static final int FIRST_STEP = 512;

  /** How many more calls, of all threads, are to be cut that short. */
  private static final AtomicInteger FIRST_STEPS = new AtomicInteger(2000);

  // Control bytes: the end, a stored chunk without and with anything before it forgotten, and the
  // least of those that begin a compressed chunk which resets the state, the parameters,
  // everything.
  private static final int END = 0x00;
  private static final int STORED_AFTER_RESET = 0x01;
  private static final int STORED = 0x02;
  private static final int COMPRESSED = 0x80;
  private static final int STATE_RESET = 0xA0;
  private static final int PARAMETERS = 0xC0;
  private static final int EVERYTHING_RESET = 0xE0;

  // Behind it: the size, that of the compressed data, and a byte of parameters.
  private static final int STORED_HEADER = 2;
  private static final int HEADER_MAX = 5;

  private final InputStream in;
  private final ArrayCache arrays;
  private final byte[] bytes;
  private final LzmaWindow window;
  private final LzmaDecoder decoder;
  private final byte[] chunk = new byte[CHUNK_MAX + LzmaDecoder.INPUT_SLACK];
  private final byte[] header = new byte[HEADER_MAX];
  private int chunkEnd;
  private int left;
  private boolean stored;
  private boolean needsReset = true;
  private boolean needsParameters = true;
  private boolean ended;
  private boolean closed;

  /**
   * @param dictionarySize how far back matches go, bytes
   */
  Lzma2InputStream(InputStream in, int dictionarySize, ArrayCache arrays) {
    this.in = in;
    this.arrays = arrays;
    this.bytes = arrays.getByteArray(LzmaWindow.length(dictionarySize), false);
    this.window = new LzmaWindow(bytes);
    this.decoder = new LzmaDecoder(window);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] dst, int offset, int length) throws IOException {
    return read(ByteBuffer.wrap(dst, offset, length));
  }

  /** Fills {@code dst}, or as much of it as there is; -1 at the end. */
  int read(ByteBuffer dst) throws IOException {
    int start = dst.position();
    while (dst.hasRemaining()) {
      if (left == 0 && !begin()) {
        break;
      }
      decode(dst);
    }
    int count = dst.position() - start;
    return count == 0 && dst.hasRemaining() ? -1 : count;
  }

  private void decode(ByteBuffer dst) throws IOException {
    int step = Math.min(left, dst.remaining());
    if (step > FIRST_STEP && FIRST_STEPS.get() > 0 && FIRST_STEPS.getAndDecrement() > 0) {
      step = FIRST_STEP;
    }
    window.allow(step);
    if (!stored) {
      decoder.decode(chunk, chunkEnd);
    } else if (!window.readFrom(in)) {
      throw new EOFException();
    }
    left -= window.read(dst);
    if (left == 0 && !stored && !decoder.isFinished(chunkEnd)) {
      throw new CorruptedInputException();
    }
  }

  /** Begins the next chunk, if there is one. */
  private boolean begin() throws IOException {
    if (ended) {
      return false;
    }
    int control = readByte();
    if (control == END) {
      ended = true;
      return false;
    }
    if (control >= EVERYTHING_RESET || control == STORED_AFTER_RESET) {
      needsReset = false;
      needsParameters = true;
      window.reset();
    } else if (needsReset) {
      throw new CorruptedInputException();
    }
    if (control >= COMPRESSED) {
      beginCompressed(control);
    } else if (control <= STORED) {
      readFully(header, STORED_HEADER);
      left = headerShort(0) + 1;
      stored = true;
    } else {
      throw new CorruptedInputException();
    }
    return true;
  }

  private void beginCompressed(int control) throws IOException {
    // At once: to read one byte is as much work.
    readFully(header, control >= PARAMETERS ? HEADER_MAX : HEADER_MAX - 1);
    left = ((control & 0x1f) << 16) + headerShort(0) + 1;
    stored = false;
    int size = headerShort(2) + 1;
    if (control >= PARAMETERS) {
      needsParameters = false;
      configure(header[HEADER_MAX - 1] & 0xff);
    } else if (needsParameters) {
      throw new CorruptedInputException();
    } else if (control >= STATE_RESET) {
      decoder.reset();
    }
    readFully(chunk, size);
    chunkEnd = size;
    decoder.begin(chunk, 0);
  }

  /** One byte holds {@code (pb * 5 + lp) * 9 + lc}. */
  private void configure(int parameters) throws CorruptedInputException {
    int pb = parameters / 45;
    int lp = (parameters % 45) / 9;
    int lc = parameters % 9;
    if (pb > 4 || lc + lp > 4) {
      throw new CorruptedInputException();
    }
    decoder.configure(lc, lp, pb);
  }

  private int headerShort(int at) {
    return ((header[at] & 0xff) << 8) | (header[at + 1] & 0xff);
  }

  private void readFully(byte[] dst, int size) throws IOException {
    if (in.readNBytes(dst, 0, size) < size) {
      throw new EOFException();
    }
  }

  private int readByte() throws IOException {
    int value = in.read();
    if (value < 0) {
      throw new EOFException();
    }
    return value;
  }

  /** Hands the window back; the input is not closed. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      arrays.putArray(bytes);
    }
  }
}
