package io.gantry.codec;

import static io.gantry.codec.HuffmanTable.CODE_BITS_MASK;
import static io.gantry.codec.HuffmanTable.CODE_BITS_SHIFT;
import static io.gantry.codec.HuffmanTable.CONSUME_MASK;
import static io.gantry.codec.HuffmanTable.DISTANCE_ROOT_BITS;
import static io.gantry.codec.HuffmanTable.END_OF_BLOCK;
import static io.gantry.codec.HuffmanTable.LITERAL_ROOT_BITS;
import static io.gantry.codec.HuffmanTable.PRECODE_ROOT_BITS;
import static io.gantry.codec.HuffmanTable.SPECIAL;
import static io.gantry.codec.HuffmanTable.SUB_TABLE;
import static io.gantry.codec.HuffmanTable.VALUE_SHIFT;

import io.gantry.image.MalformedImageException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Decodes raw deflate (RFC 1951) from one array into another.
 *
 * <p>The caller sets the input and output fields and calls {@link #run} until it has what it wants;
 * decoding goes on where it stopped. The output array is the window: distances reach back to {@link
 * #outStart}, so a caller that decodes a stream in pieces keeps the last 32 KiB in front of {@link
 * #outPos}. Nothing outside {@code [outPos, outEnd)} is written, and what the format calls an error
 * is one here: the rules are those of zlib's {@code inflate}, which QEMU uses, including what it
 * lets pass.
 *
 * <p>Input is taken 8 bytes at a time into a 64-bit buffer, first bit lowest. Far from both ends,
 * {@link #decodeFast} runs without checks of its own (Java's array bounds remain); near them {@link
 * #decodeCarefully} goes on symbol by symbol.
 */
final class Inflate {

  /** Why {@link #run} returned. */
  enum Stop {
    /** Needs input behind {@link #inEnd}; what lies from {@link #inPos} on must come again. */
    INPUT_LOW,
    /** {@link #outPos} has reached {@link #outEnd}. */
    OUTPUT_FULL,
    /** The final block has ended; {@link #inPos} is the first byte behind it. */
    END
  }

  private enum State {
    BLOCK_HEADER,
    STORED,
    CODES,
    END
  }

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** A dynamic header: 14 bits, 19 lengths of 3 bits, 320 lengths of up to 7 + 7 bits. */
  private static final int HEADER_BYTES_MAX = 600;

  /** A length and a distance: codewords of 15 bits, extra bits of 5 and 13. */
  private static final int SYMBOL_BITS_MAX = 48;

  /** A distance and the look at the next literal or length. */
  private static final int DISTANCE_AND_LOOK_BITS = 28 + LITERAL_ROOT_BITS;

  private static final int LITERALS_MAX = 286;
  private static final int DISTANCES_MAX = 30;

  /** Section 3.2.7. */
  private static final byte[] PRECODE_ORDER = {
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15
  };

  /** What repeats the low 1 to 7 bytes of a word, by multiplying, as often as they fit in it. */
  private static final long[] REPEAT = {
    0,
    0x0101010101010101L,
    0x0001000100010001L,
    0x0001000001000001L,
    0x0000000100000001L,
    0x0000010000000001L,
    0x0001000000000001L,
    0x0100000000000001L
  };

  /** Bytes of such a word that are whole repetitions: from there on, the same word again. */
  private static final int[] REPEAT_BYTES = {0, 8, 8, 6, 8, 5, 6, 7};

  byte[] in = new byte[0];
  int inPos;
  int inEnd;

  /** Whether the stream has no bytes behind {@link #inEnd}: wanting more is an error then. */
  boolean inComplete;

  byte[] out = new byte[0];
  int outStart;
  int outPos;
  int outEnd;

  private long bits;
  private int bitCount;
  private State state = State.BLOCK_HEADER;
  private boolean lastBlock;
  private int storedLeft;
  private int matchLeft;
  private int matchDistance;

  private final HuffmanTable dynamicLiterals = HuffmanTable.literals();
  private final HuffmanTable dynamicDistances = HuffmanTable.distances();
  private final HuffmanTable precode = HuffmanTable.precode();
  private final byte[] lengths = new byte[LITERALS_MAX + DISTANCES_MAX];
  private int[] literals = dynamicLiterals.entries;
  private int[] distances = dynamicDistances.entries;

  /** Forgets the stream before; the fields of input and output are the caller's. */
  void reset() {
    bits = 0;
    bitCount = 0;
    state = State.BLOCK_HEADER;
    lastBlock = false;
    storedLeft = 0;
    matchLeft = 0;
  }

  /** Decodes until the output is full, the input runs low or the stream ends. */
  Stop run() throws MalformedImageException {
    while (true) {
      if (matchLeft > 0) {
        copyMatch();
      }
      if (outPos == outEnd && state != State.END) {
        return Stop.OUTPUT_FULL;
      }
      switch (state) {
        case BLOCK_HEADER -> {
          if (!inComplete && inEnd - inPos < HEADER_BYTES_MAX) {
            return stop(Stop.INPUT_LOW);
          }
          readBlockHeader();
        }
        case STORED -> {
          if (!copyStored()) {
            return stop(Stop.INPUT_LOW);
          }
        }
        case CODES -> {
          if (!decodeFast() && !decodeCarefully()) {
            return stop(Stop.INPUT_LOW);
          }
        }
        case END -> {
          return stop(Stop.END);
        }
      }
    }
  }

  private Stop stop(Stop why) {
    returnInput();
    return why;
  }

  /** Puts back the whole bytes that wait in the bit buffer. */
  private void returnInput() {
    inPos -= bitCount >>> 3;
    bitCount &= 7;
    bits &= (1L << bitCount) - 1;
  }

  private void endBlock() {
    state = lastBlock ? State.END : State.BLOCK_HEADER;
  }

  private void readBlockHeader() throws MalformedImageException {
    int header = take(3);
    lastBlock = (header & 1) != 0;
    switch (header >>> 1) {
      case 0 -> readStoredHeader();
      case 1 -> {
        literals = HuffmanTable.FIXED_LITERALS.entries;
        distances = HuffmanTable.FIXED_DISTANCES.entries;
        state = State.CODES;
      }
      case 2 -> {
        readDynamicHeader();
        literals = dynamicLiterals.entries;
        distances = dynamicDistances.entries;
        state = State.CODES;
      }
      default -> throw corrupt("block type 3");
    }
  }

  /** Section 3.2.4: the rest of the byte is skipped, then come LEN and its complement. */
  private void readStoredHeader() throws MalformedImageException {
    take(bitCount & 7);
    int length = take(16);
    int complement = take(16);
    if (length != (complement ^ 0xffff)) {
      throw corrupt("stored length %04x with complement %04x".formatted(length, complement));
    }
    returnInput();
    storedLeft = length;
    state = State.STORED;
  }

  private boolean copyStored() throws MalformedImageException {
    int count = Math.min(storedLeft, Math.min(inEnd - inPos, outEnd - outPos));
    System.arraycopy(in, inPos, out, outPos, count);
    inPos += count;
    outPos += count;
    storedLeft -= count;
    if (storedLeft == 0) {
      endBlock();
    } else if (outPos < outEnd) {
      if (inComplete) {
        throw cutShort();
      }
      return false;
    }
    return true;
  }

  /** Section 3.2.7; what is refused here, zlib refuses with the same words. */
  private void readDynamicHeader() throws MalformedImageException {
    int counts = take(14);
    int literalCount = (counts & 31) + 257;
    int distanceCount = ((counts >>> 5) & 31) + 1;
    int precodeCount = (counts >>> 10) + 4;
    if (literalCount > LITERALS_MAX || distanceCount > DISTANCES_MAX) {
      throw corrupt("%d length and %d distance symbols".formatted(literalCount, distanceCount));
    }
    Arrays.fill(lengths, 0, PRECODE_ORDER.length, (byte) 0);
    for (int i = 0; i < precodeCount; i++) {
      lengths[PRECODE_ORDER[i]] = (byte) take(3);
    }
    if (!precode.build(lengths, 0, PRECODE_ORDER.length)) {
      throw corrupt("code lengths set is not a code");
    }
    readLengths(literalCount + distanceCount);
    if (lengths[256] == 0) {
      throw corrupt("no code for the end of the block");
    }
    if (!dynamicLiterals.build(lengths, 0, literalCount)) {
      throw corrupt("literal and length set is not a code");
    }
    if (!dynamicDistances.build(lengths, literalCount, distanceCount)) {
      throw corrupt("distances set is not a code");
    }
  }

  private void readLengths(int count) throws MalformedImageException {
    int at = 0;
    while (at < count) {
      refill();
      int entry = precode.entries[(int) bits & ((1 << PRECODE_ROOT_BITS) - 1)];
      consume(entry & CONSUME_MASK);
      int symbol = entry >>> VALUE_SHIFT;
      if (symbol < 16) {
        lengths[at++] = (byte) symbol;
        continue;
      }
      byte length = 0;
      int repeat;
      if (symbol == 16) {
        if (at == 0) {
          throw corrupt("a length repeated before the first");
        }
        length = lengths[at - 1];
        repeat = 3 + takeBuffered(2);
      } else if (symbol == 17) {
        repeat = 3 + takeBuffered(3);
      } else {
        repeat = 11 + takeBuffered(7);
      }
      if (repeat > count - at) {
        throw corrupt("%d lengths repeated, %d left".formatted(repeat, count - at));
      }
      Arrays.fill(lengths, at, at + repeat, length);
      at += repeat;
    }
  }

  /**
   * Decodes symbols while at least 32 bytes of input and 16 of output are left. One long method on
   * purpose: the compiler keeps the buffer and both positions in registers, and replaces the loop
   * while it runs.
   *
   * <p>The next entry is looked up before a match is copied and before the buffer is refilled, so
   * that the processor waits for neither. Each refill leaves at least 56 bits: enough for two
   * literals of the root table (22), a length (20) and the look at a distance (8), or for three
   * literals and the look at the next symbol. A distance and that look take 39 more.
   *
   * <p>A repeated byte is no case of its own: a path that the first clusters do not take is
   * compiled as a trap, and springing it costs more than a thousand symbols.
   *
   * @return whether the block ended or the output is full; otherwise an end is near
   */
  private boolean decodeFast() throws MalformedImageException {
    final byte[] in = this.in;
    final byte[] out = this.out;
    final int[] literals = this.literals;
    final int[] distances = this.distances;
    final int inLast = inEnd - 32;
    final int outLast = outEnd - 16;
    final int outStart = this.outStart;
    int inPos = this.inPos;
    int outPos = this.outPos;
    long bits = this.bits;
    int bitCount = this.bitCount;
    boolean ended = false;
    if (inPos > inLast || outPos > outLast) {
      return false;
    }
    bits |= (long) LONG.get(in, inPos) << bitCount;
    inPos += 7 - ((bitCount >>> 3) & 7);
    bitCount |= 56;
    int entry = literals[(int) bits & ((1 << LITERAL_ROOT_BITS) - 1)];
    while (inPos <= inLast && outPos <= outLast) {
      long before = bits;
      bits >>>= entry;
      bitCount -= entry;
      if (entry < 0) {
        out[outPos++] = (byte) (entry >>> VALUE_SHIFT);
        entry = literals[(int) bits & ((1 << LITERAL_ROOT_BITS) - 1)];
        before = bits;
        bits >>>= entry;
        bitCount -= entry;
        if (entry < 0) {
          out[outPos++] = (byte) (entry >>> VALUE_SHIFT);
          entry = literals[(int) bits & ((1 << LITERAL_ROOT_BITS) - 1)];
          before = bits;
          bits >>>= entry;
          bitCount -= entry;
          if (entry < 0) {
            out[outPos++] = (byte) (entry >>> VALUE_SHIFT);
            entry = literals[(int) bits & ((1 << LITERAL_ROOT_BITS) - 1)];
            bits |= (long) LONG.get(in, inPos) << bitCount;
            inPos += 7 - ((bitCount >>> 3) & 7);
            bitCount |= 56;
            continue;
          }
        }
      }
      if ((entry & SPECIAL) != 0) {
        if ((entry & SUB_TABLE) != 0) {
          int mask = (1 << ((entry >>> CODE_BITS_SHIFT) & CODE_BITS_MASK)) - 1;
          entry = literals[(entry >>> VALUE_SHIFT) + ((int) bits & mask)];
          before = bits;
          bits >>>= entry;
          bitCount -= entry;
          if (entry < 0) {
            out[outPos++] = (byte) (entry >>> VALUE_SHIFT);
            bits |= (long) LONG.get(in, inPos) << bitCount;
            inPos += 7 - ((bitCount >>> 3) & 7);
            bitCount |= 56;
            entry = literals[(int) bits & ((1 << LITERAL_ROOT_BITS) - 1)];
            continue;
          }
        }
        if ((entry & SPECIAL) != 0) {
          if ((entry & END_OF_BLOCK) == 0) {
            throw noSuchCode("length");
          }
          ended = true;
          break;
        }
      }
      int length =
          (entry >>> VALUE_SHIFT)
              + (int) ((before & ((1L << entry) - 1)) >>> (entry >>> CODE_BITS_SHIFT));
      entry = distances[(int) bits & ((1 << DISTANCE_ROOT_BITS) - 1)];
      if ((bitCount & CONSUME_MASK) < DISTANCE_AND_LOOK_BITS) {
        bits |= (long) LONG.get(in, inPos) << bitCount;
        inPos += 7 - ((bitCount >>> 3) & 7);
        bitCount |= 56;
      }
      if ((entry & SPECIAL) != 0) {
        if ((entry & SUB_TABLE) == 0) {
          throw noSuchCode("distance");
        }
        bits >>>= entry;
        bitCount -= entry;
        int mask = (1 << ((entry >>> CODE_BITS_SHIFT) & CODE_BITS_MASK)) - 1;
        entry = distances[(entry >>> VALUE_SHIFT) + ((int) bits & mask)];
        if ((entry & SPECIAL) != 0) {
          throw noSuchCode("distance");
        }
      }
      int distance =
          (entry >>> VALUE_SHIFT)
              + (int) ((bits & ((1L << entry) - 1)) >>> (entry >>> CODE_BITS_SHIFT));
      bits >>>= entry;
      bitCount -= entry;
      int from = outPos - distance;
      if (from < outStart) {
        throw tooFar(distance, outPos);
      }
      if (length > outLast - outPos) {
        matchLeft = length;
        matchDistance = distance;
        ended = true;
        break;
      }
      entry = literals[(int) bits & ((1 << LITERAL_ROOT_BITS) - 1)];
      bits |= (long) LONG.get(in, inPos) << bitCount;
      inPos += 7 - ((bitCount >>> 3) & 7);
      bitCount |= 56;
      int to = outPos;
      outPos += length;
      if (distance >= 8) {
        LONG.set(out, to, (long) LONG.get(out, from));
        LONG.set(out, to + 8, (long) LONG.get(out, from + 8));
        while (to + 16 < outPos) {
          to += 16;
          from += 16;
          LONG.set(out, to, (long) LONG.get(out, from));
          LONG.set(out, to + 8, (long) LONG.get(out, from + 8));
        }
      } else {
        long word = (long) LONG.get(out, from);
        word = (word & ((1L << (8 * distance)) - 1)) * REPEAT[distance];
        int step = REPEAT_BYTES[distance];
        do {
          LONG.set(out, to, word);
          to += step;
        } while (to < outPos);
      }
    }
    this.inPos = inPos;
    this.outPos = outPos;
    this.bits = bits;
    this.bitCount = bitCount & CONSUME_MASK;
    if (ended && matchLeft == 0) {
      endBlock();
    }
    return ended;
  }

  /**
   * Decodes symbol by symbol, counting every bit.
   *
   * @return whether the block ended or the output is full; otherwise the input is low
   */
  private boolean decodeCarefully() throws MalformedImageException {
    while (outPos < outEnd) {
      refill();
      if (bitCount < SYMBOL_BITS_MAX && !inComplete) {
        return false;
      }
      int entry = symbol(literals, LITERAL_ROOT_BITS);
      if (entry < 0) {
        consume(entry & CONSUME_MASK);
        out[outPos++] = (byte) (entry >>> VALUE_SHIFT);
        continue;
      }
      if ((entry & SPECIAL) != 0) {
        consume(entry & CONSUME_MASK);
        if ((entry & END_OF_BLOCK) == 0) {
          throw noSuchCode("length");
        }
        endBlock();
        return true;
      }
      int length = value(entry);
      entry = symbol(distances, DISTANCE_ROOT_BITS);
      if ((entry & SPECIAL) != 0) {
        throw noSuchCode("distance");
      }
      int distance = value(entry);
      if (distance > outPos - outStart) {
        throw tooFar(distance, outPos);
      }
      matchLeft = length;
      matchDistance = distance;
      copyMatch();
    }
    return true;
  }

  /** Returns the entry of the next codeword, having consumed what led to its sub-table. */
  private int symbol(int[] table, int rootBits) throws MalformedImageException {
    int entry = table[(int) bits & ((1 << rootBits) - 1)];
    if ((entry & SPECIAL) != 0 && (entry & SUB_TABLE) != 0) {
      consume(entry & CONSUME_MASK);
      int mask = (1 << ((entry >>> CODE_BITS_SHIFT) & CODE_BITS_MASK)) - 1;
      entry = table[(entry >>> VALUE_SHIFT) + ((int) bits & mask)];
    }
    return entry;
  }

  private int value(int entry) throws MalformedImageException {
    int extra = (int) ((bits & ((1L << entry) - 1)) >>> (entry >>> CODE_BITS_SHIFT));
    consume(entry & CONSUME_MASK);
    return (entry >>> VALUE_SHIFT) + extra;
  }

  /** Copies as much of the match as there is room for. */
  private void copyMatch() {
    int count = Math.min(matchLeft, outEnd - outPos);
    int from = outPos - matchDistance;
    for (int i = 0; i < count; i++) {
      out[outPos + i] = out[from + i];
    }
    outPos += count;
    matchLeft -= count;
  }

  private int take(int count) throws MalformedImageException {
    refill();
    return takeBuffered(count);
  }

  private int takeBuffered(int count) throws MalformedImageException {
    int value = (int) bits & ((1 << count) - 1);
    consume(count);
    return value;
  }

  private void consume(int count) throws MalformedImageException {
    if (count > bitCount) {
      throw cutShort();
    }
    bits >>>= count;
    bitCount -= count;
  }

  private void refill() {
    if (inEnd - inPos >= Long.BYTES) {
      bits |= (long) LONG.get(in, inPos) << bitCount;
      inPos += (63 - bitCount) >>> 3;
      bitCount |= 56;
      return;
    }
    while (bitCount < 56 && inPos < inEnd) {
      bits |= (in[inPos++] & 0xffL) << bitCount;
      bitCount += 8;
    }
  }

  private MalformedImageException noSuchCode(String kind) {
    return corrupt("a " + kind + " code that is none");
  }

  private MalformedImageException tooFar(int distance, int at) {
    return corrupt(
        "distance %d reaches before the first byte, %d bytes back"
            .formatted(distance, at - outStart));
  }

  private MalformedImageException cutShort() {
    return new MalformedImageException("deflate data is cut short");
  }

  private static MalformedImageException corrupt(String what) {
    return new MalformedImageException("deflate data is corrupt: " + what);
  }
}
