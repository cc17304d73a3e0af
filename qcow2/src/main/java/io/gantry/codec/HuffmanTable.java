package io.gantry.codec;

import java.util.Arrays;

/**
 * Decoding tables for the Huffman codes of deflate (RFC 1951, section 3.2).
 *
 * <p>The next bits of the input, first bit lowest, index the root table. An entry is an int that
 * holds all that follows from a codeword:
 *
 * <pre>
 *   31        literal
 *   30 … 16   literal byte, base of a length or distance, or index of a sub-table
 *   15        special: not a plain length or distance
 *   14        special: sub-table for codewords longer than the root
 *   13        special: end of block;   special without 14 and 13: not a code
 *   11 …  8   bits of the codeword (what the root has not consumed); bits of the sub-table's index
 *    5 …  0   bits to consume: codeword and extra bits together
 * </pre>
 *
 * <p>The low bits need no mask: Java shifts a long by the low six bits of an int.
 */
final class HuffmanTable {

  static final int LITERAL = 1 << 31;
  static final int SPECIAL = 1 << 15;
  static final int SUB_TABLE = 1 << 14;
  static final int END_OF_BLOCK = 1 << 13;
  static final int VALUE_SHIFT = 16;
  static final int CODE_BITS_SHIFT = 8;
  static final int CODE_BITS_MASK = 15;
  static final int CONSUME_MASK = 63;

  /** Longest codeword of lengths, literals and distances. */
  static final int CODE_BITS_MAX = 15;

  /** One bit more of codeword is one bit more to consume. */
  private static final int PER_CODE_BIT = (1 << CODE_BITS_SHIFT) | 1;

  static final int LITERAL_ROOT_BITS = 11;
  static final int DISTANCE_ROOT_BITS = 8;
  static final int PRECODE_ROOT_BITS = 7;

  private static final int[] LITERAL_SYMBOLS = literalSymbols();
  private static final int[] DISTANCE_SYMBOLS = distanceSymbols();
  private static final int[] PRECODE_SYMBOLS = precodeSymbols();

  /** Section 3.2.6; the 288 and 32 codes are complete, though not all of them mean something. */
  static final HuffmanTable FIXED_LITERALS = fixedLiterals();

  static final HuffmanTable FIXED_DISTANCES = fixedDistances();

  final int[] entries;
  private final int rootBits;
  private final int[] symbols;
  private final boolean mayBeIncomplete;
  private final int[] counts = new int[CODE_BITS_MAX + 1];
  private final int[] codewords = new int[CODE_BITS_MAX + 1];

  /** A sub-table serves two codewords or more, so that there are at most half as many of them. */
  private HuffmanTable(int rootBits, int[] symbols, boolean mayBeIncomplete) {
    int subTables = symbols.length / 2;
    this.entries = new int[(1 << rootBits) + (subTables << (CODE_BITS_MAX - rootBits))];
    this.rootBits = rootBits;
    this.symbols = symbols;
    this.mayBeIncomplete = mayBeIncomplete;
  }

  static HuffmanTable literals() {
    return new HuffmanTable(LITERAL_ROOT_BITS, LITERAL_SYMBOLS, true);
  }

  static HuffmanTable distances() {
    return new HuffmanTable(DISTANCE_ROOT_BITS, DISTANCE_SYMBOLS, true);
  }

  static HuffmanTable precode() {
    return new HuffmanTable(PRECODE_ROOT_BITS, PRECODE_SYMBOLS, false);
  }

  /**
   * Builds the table of the code whose codeword lengths are {@code lengths[from, from + count)}.
   *
   * <p>What zlib refuses is refused (its {@code inflate_table}): a code that promises more
   * codewords than there are, and one that leaves some unused; except, for literals and distances,
   * a single codeword of one bit, or none at all when nothing uses the code. Unused codewords of
   * those are marked as no code.
   *
   * <p>Codewords are dealt in ascending order of length and symbol (section 3.2.2). They come with
   * their first bit lowest, so each one is reversed and stands at every index that ends in it.
   *
   * <p>One method on purpose, too long to be inlined. Cut into pieces, it was compiled into the
   * header's reader three times over, which took the compiler longer than all the rest of inflate:
   * more than half of its work in a conversion that lasts two seconds.
   *
   * @return whether the code is one
   */
  boolean build(byte[] lengths, int from, int count) {
    final int[] entries = this.entries;
    final int[] counts = this.counts;
    final int[] codewords = this.codewords;
    final int[] symbols = this.symbols;
    final int rootBits = this.rootBits;
    final int rootSize = 1 << rootBits;
    Arrays.fill(counts, 0);
    for (int symbol = 0; symbol < count; symbol++) {
      counts[lengths[from + symbol]]++;
    }
    int codeword = 0;
    int longest = 0;
    for (int bits = 1; bits <= CODE_BITS_MAX; bits++) {
      codewords[bits] = codeword;
      codeword += counts[bits];
      if (codeword > 1 << bits) {
        return false;
      }
      codeword <<= 1;
      if (counts[bits] > 0) {
        longest = bits;
      }
    }
    if (codeword != 2 << CODE_BITS_MAX) {
      if (longest > 1 || !mayBeIncomplete) {
        return false;
      }
      Arrays.fill(entries, 0, rootSize, SPECIAL | PER_CODE_BIT);
    }
    int subTableBits = Math.max(0, longest - rootBits);
    if (subTableBits > 0) {
      Arrays.fill(entries, 0, rootSize, 0);
    }
    int free = rootSize;
    for (int symbol = 0; symbol < count; symbol++) {
      int bits = lengths[from + symbol];
      if (bits == 0) {
        continue;
      }
      int reversed = Integer.reverse(codewords[bits]++) >>> (Integer.SIZE - bits);
      int at = reversed;
      int end = rootSize;
      if (bits > rootBits) {
        int prefix = reversed & (rootSize - 1);
        if (entries[prefix] == 0) {
          entries[prefix] =
              (free << VALUE_SHIFT)
                  | SPECIAL
                  | SUB_TABLE
                  | (subTableBits << CODE_BITS_SHIFT)
                  | rootBits;
          free += 1 << subTableBits;
        }
        int start = entries[prefix] >>> VALUE_SHIFT;
        at = start + (reversed >>> rootBits);
        end = start + (1 << subTableBits);
        bits -= rootBits;
      }
      int entry = symbols[symbol] + bits * PER_CODE_BIT;
      int step = 1 << bits;
      do {
        entries[at] = entry;
        at += step;
      } while (at < end);
    }
    return true;
  }

  private static int[] literalSymbols() {
    int[] symbols = new int[288];
    for (int i = 0; i < 256; i++) {
      symbols[i] = LITERAL | (i << VALUE_SHIFT);
    }
    symbols[256] = SPECIAL | END_OF_BLOCK;
    int base = 3;
    for (int i = 0; i < 28; i++) {
      int extraBits = i < 8 ? 0 : (i >> 2) - 1;
      symbols[257 + i] = (base << VALUE_SHIFT) | extraBits;
      base += 1 << extraBits;
    }
    symbols[285] = 258 << VALUE_SHIFT;
    symbols[286] = SPECIAL;
    symbols[287] = SPECIAL;
    return symbols;
  }

  private static int[] distanceSymbols() {
    int[] symbols = new int[32];
    int base = 1;
    for (int i = 0; i < 30; i++) {
      int extraBits = i < 4 ? 0 : (i >> 1) - 1;
      symbols[i] = (base << VALUE_SHIFT) | extraBits;
      base += 1 << extraBits;
    }
    symbols[30] = SPECIAL;
    symbols[31] = SPECIAL;
    return symbols;
  }

  private static int[] precodeSymbols() {
    int[] symbols = new int[19];
    for (int i = 0; i < symbols.length; i++) {
      symbols[i] = i << VALUE_SHIFT;
    }
    return symbols;
  }

  private static HuffmanTable fixedLiterals() {
    byte[] lengths = new byte[288];
    Arrays.fill(lengths, 0, 144, (byte) 8);
    Arrays.fill(lengths, 144, 256, (byte) 9);
    Arrays.fill(lengths, 256, 280, (byte) 7);
    Arrays.fill(lengths, 280, 288, (byte) 8);
    HuffmanTable table = literals();
    table.build(lengths, 0, lengths.length);
    return table;
  }

  private static HuffmanTable fixedDistances() {
    byte[] lengths = new byte[32];
    Arrays.fill(lengths, (byte) 5);
    HuffmanTable table = distances();
    table.build(lengths, 0, lengths.length);
    return table;
  }
}
