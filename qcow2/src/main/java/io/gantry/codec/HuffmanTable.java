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

  /** Most entries for 288 codes with 11 root bits, as zlib's {@code enough} counts them. */
  private static final int LITERAL_ENTRIES = 2342;

  /** Most entries for 32 codes with 8 root bits. */
  private static final int DISTANCE_ENTRIES = 402;

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
  private final int[] counts = new int[CODE_BITS_MAX + 2];
  private final int[] starts = new int[CODE_BITS_MAX + 2];
  private final short[] sorted;

  private HuffmanTable(int rootBits, int entryCount, int[] symbols, boolean mayBeIncomplete) {
    this.entries = new int[entryCount];
    this.rootBits = rootBits;
    this.symbols = symbols;
    this.mayBeIncomplete = mayBeIncomplete;
    this.sorted = new short[symbols.length];
  }

  static HuffmanTable literals() {
    return new HuffmanTable(LITERAL_ROOT_BITS, LITERAL_ENTRIES, LITERAL_SYMBOLS, true);
  }

  static HuffmanTable distances() {
    return new HuffmanTable(DISTANCE_ROOT_BITS, DISTANCE_ENTRIES, DISTANCE_SYMBOLS, true);
  }

  static HuffmanTable precode() {
    return new HuffmanTable(PRECODE_ROOT_BITS, 1 << PRECODE_ROOT_BITS, PRECODE_SYMBOLS, false);
  }

  /**
   * Builds the table of the code whose codeword lengths are {@code lengths[from, from + count)}.
   *
   * <p>What zlib refuses is refused (its {@code inflate_table}): a code that promises more
   * codewords than there are, and one that leaves some unused; except, for literals and distances,
   * a single codeword of one bit, or none at all when nothing uses the code. Unused codewords of
   * those are marked as no code.
   *
   * @return whether the code is one
   */
  boolean build(byte[] lengths, int from, int count) {
    int longest = sort(lengths, from, count);
    int left = 1;
    for (int bits = 1; bits <= CODE_BITS_MAX; bits++) {
      left = (left << 1) - counts[bits];
      if (left < 0) {
        return false;
      }
    }
    if (left > 0) {
      if (!mayBeIncomplete || longest > 1) {
        return false;
      }
      Arrays.fill(entries, 0, 1 << rootBits, SPECIAL | PER_CODE_BIT);
      if (longest == 1) {
        int entry = symbols[sorted[0]] + PER_CODE_BIT;
        for (int i = 0; i < 1 << rootBits; i += 2) {
          entries[i] = entry;
        }
      }
      return true;
    }
    fill(longest);
    return true;
  }

  /** Sorts the symbols by length of codeword, then by value; returns the greatest length. */
  private int sort(byte[] lengths, int from, int count) {
    Arrays.fill(counts, 0);
    for (int i = from; i < from + count; i++) {
      counts[lengths[i]]++;
    }
    int longest = CODE_BITS_MAX;
    while (longest > 0 && counts[longest] == 0) {
      longest--;
    }
    starts[1] = 0;
    for (int bits = 1; bits <= CODE_BITS_MAX; bits++) {
      starts[bits + 1] = starts[bits] + counts[bits];
    }
    for (int i = 0; i < count; i++) {
      int bits = lengths[from + i];
      if (bits != 0) {
        sorted[starts[bits]++] = (short) i;
      }
    }
    return longest;
  }

  /**
   * Writes the entries of a complete code. Codewords are dealt in ascending order (section 3.2.2)
   * and come with their first bit lowest, so the next one is found by counting from the top bit
   * down. The table starts with the shortest codewords and is doubled for every further bit of the
   * root: each entry is written once, copies are block moves.
   */
  private void fill(int longest) {
    int bits = 1;
    int codeword = 0;
    int next = 0;
    int rootLongest = Math.min(rootBits, longest);
    for (; bits <= rootLongest; bits++) {
      int size = 1 << bits;
      for (int left = counts[bits]; left > 0; left--) {
        entries[codeword] = symbols[sorted[next++]] + bits * PER_CODE_BIT;
        codeword = successor(codeword, size);
      }
      if (bits < rootBits) {
        System.arraycopy(entries, 0, entries, size, size);
      }
    }
    for (int size = 1 << bits; size < 1 << rootBits; size <<= 1) {
      System.arraycopy(entries, 0, entries, size, size);
    }
    if (longest > rootBits) {
      fillSubTables(longest, codeword, next);
    }
  }

  private void fillSubTables(int longest, int firstCodeword, int firstNext) {
    int codeword = firstCodeword;
    int next = firstNext;
    int rootMask = (1 << rootBits) - 1;
    int prefix = -1;
    int start = 0;
    int end = 1 << rootBits;
    for (int bits = rootBits + 1; bits <= longest; bits++) {
      int tailBits = bits - rootBits;
      for (int left = counts[bits]; left > 0; left--) {
        if ((codeword & rootMask) != prefix) {
          prefix = codeword & rootMask;
          int indexBits = indexBits(tailBits, left);
          start = end;
          end += 1 << indexBits;
          entries[prefix] =
              (start << VALUE_SHIFT)
                  | SPECIAL
                  | SUB_TABLE
                  | (indexBits << CODE_BITS_SHIFT)
                  | rootBits;
        }
        int entry = symbols[sorted[next++]] + tailBits * PER_CODE_BIT;
        for (int i = start + (codeword >>> rootBits); i < end; i += 1 << tailBits) {
          entries[i] = entry;
        }
        codeword = successor(codeword, 1 << bits);
      }
    }
  }

  /** Returns the bits that index a sub-table whose first codewords have {@code tailBits} more. */
  private int indexBits(int tailBits, int left) {
    int indexBits = tailBits;
    int used = left;
    while (used < 1 << indexBits) {
      indexBits++;
      used = (used << 1) + counts[rootBits + indexBits];
    }
    return indexBits;
  }

  /** Adds one to a codeword of {@code size} values that is stored first bit lowest. */
  private static int successor(int codeword, int size) {
    int zeros = codeword ^ (size - 1);
    int bit = Integer.highestOneBit(zeros);
    return (codeword & (bit - 1)) | bit;
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
