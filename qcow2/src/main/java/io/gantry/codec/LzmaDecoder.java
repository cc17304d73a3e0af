package io.gantry.codec;

import java.util.Arrays;
import org.tukaani.xz.CorruptedInputException;

/**
 * Decodes the symbols of LZMA: literals, matches and repeated matches, each a path of bits whose
 * probabilities adapt, out of a range coder ("LZMA specification", Igor Pavlov, 2015).
 *
 * <p>Nine tenths of the time that an xz file takes are spent in {@link #decodeSymbols}, where each
 * bit depends on the one before. So it is one long method, where what the range coder is made of
 * stays in registers from bit to bit, which no arrangement in smaller ones achieves; and what it
 * calls is small enough to be compiled into it, since a call takes all registers. The bits of a
 * tree, which nobody can predict, are decoded without branches; and the probabilities of both next
 * bits lie side by side, so that they are loaded while the bit before is still being decoded, and
 * choosing one of them is a shift.
 */
final class LzmaDecoder {

  /** More bytes than one symbol can take from the input, and one: what must lie behind its end. */
  static final int INPUT_SLACK = 33;

  /**
   * Of the range, never all zero when a bit is decoded. Tested like this, and not by a comparison:
   * what goes into one is never the outcome of a conditional move in code of C2.
   */
  private static final long TOP_BYTE = -(1L << 24);

  private static final int PROBABILITY_BITS = 11;
  private static final int ONE = 1 << PROBABILITY_BITS;
  private static final int MOVE_BITS = 5;

  /** For {@code p + ((ONE - p) >> MOVE_BITS)} as {@code p - ((p + RISE) >> MOVE_BITS)}. */
  private static final int RISE = (1 << MOVE_BITS) - 1 - ONE;

  /** Two probabilities in a long: the lower one is that of the bit behind a one. */
  private static final int PAIR_SHIFT = 32;

  private static final long PAIR_MASK = (1L << PAIR_SHIFT) - 1;

  private static final int LITERAL_STATES = 7;
  private static final int MATCH_LENGTH_MIN = 2;

  /** LZMA2 allows no more than four bits of context for a literal. */
  private static final int LITERAL_CODERS_MAX = 1 << 4;

  // Where the probabilities of each kind of single decision begin in the flags. There are twelve
  // states, and sixteen positions within alignment.
  private static final int IS_MATCH = 0;
  private static final int IS_REP = IS_MATCH + 12 * 16;
  private static final int IS_REP0 = IS_REP + 12;
  private static final int IS_REP1 = IS_REP0 + 12;
  private static final int IS_REP2 = IS_REP1 + 12;
  private static final int IS_REP0_LONG = IS_REP2 + 12;
  private static final int MATCH_CHOICE = IS_REP0_LONG + 12 * 16;
  private static final int REP_CHOICE = MATCH_CHOICE + 2;

  /** The bits of a literal as long as they are those of the byte that was expected. */
  private static final int EXPECTED = REP_CHOICE + 2;

  private static final int EXPECTED_CODER = 2 * 256;

  // Where the trees of each kind begin, all at even indices. One of 2^n leaves takes 2^(n-1) pairs:
  // its root, and the children of each node that has any.
  private static final int LENGTH_LOW = 0;
  private static final int LENGTH_MIDDLE = LENGTH_LOW + 16 * 4;
  private static final int LENGTH_HIGH = LENGTH_MIDDLE + 16 * 4;
  private static final int MATCH_LENGTH = 0;
  private static final int REP_LENGTH = MATCH_LENGTH + LENGTH_HIGH + 128;
  private static final int DISTANCE_SLOT = REP_LENGTH + LENGTH_HIGH + 128;
  private static final int DISTANCE_LOW = DISTANCE_SLOT + 4 * 32;
  private static final int DISTANCE_ALIGN = DISTANCE_LOW + 10 * 16;
  private static final int LITERAL = DISTANCE_ALIGN + 8;
  private static final int LITERAL_CODER = 128;

  /** Up to five bits behind a one, the other way round; C2 has no short code for it. */
  private static final byte[] REVERSED = reversed();

  private final short[] flagProbabilities =
      new short[EXPECTED + EXPECTED_CODER * LITERAL_CODERS_MAX];
  private final long[] treeProbabilities = new long[LITERAL + LITERAL_CODER * LITERAL_CODERS_MAX];
  private final LzmaWindow window;

  /**
   * {@link #LITERAL}, which C2 must not know: it would add it to each index anew, and extend the
   * sign of what it added it to.
   */
  private int literalTrees = LITERAL;

  private int literalContextBits;
  private int literalPositionMask;
  private int positionMask;

  private int state;
  private int rep0;
  private int rep1;
  private int rep2;
  private int rep3;

  /** What is left of a match that did not fit. */
  private int pending;

  private long range;
  private long code;
  private int inAt;

  private static byte[] reversed() {
    byte[] reversed = new byte[64];
    for (int bits = 1; bits <= 5; bits++) {
      int one = 1 << bits;
      for (int i = 0; i < one; i++) {
        reversed[one + i] = (byte) (Integer.reverse(i) >>> (Integer.SIZE - bits));
      }
    }
    return reversed;
  }

  LzmaDecoder(LzmaWindow window) {
    this.window = window;
  }

  /**
   * Takes over the parameters of a chunk, and resets.
   *
   * @param lc bits of the byte before that a literal depends on
   * @param lp bits of the position that a literal depends on; {@code lc + lp <= 4}
   * @param pb bits of the position that other decisions depend on, at most 4
   */
  void configure(int lc, int lp, int pb) {
    literalContextBits = lc;
    literalPositionMask = (1 << lp) - 1;
    positionMask = (1 << pb) - 1;
    reset();
  }

  void reset() {
    Arrays.fill(flagProbabilities, (short) (ONE / 2));
    Arrays.fill(treeProbabilities, (ONE / 2) * (1 + (1L << PAIR_SHIFT)));
    state = 0;
    rep0 = 0;
    rep1 = 0;
    rep2 = 0;
    rep3 = 0;
  }

  /** Begins a chunk, whose first five bytes at {@code start} fill the range coder. */
  void begin(byte[] in, int start) throws CorruptedInputException {
    range = 0xFFFF_FFFFL;
    code = 0;
    for (int i = 0; i < 5; i++) {
      code = (code << 8) | (in[start + i] & 0xff);
    }
    // The first byte is a zero; and a stream is corrupt whose code reaches its range.
    if (code >= range) {
      throw new CorruptedInputException();
    }
    inAt = start + 5;
    pending = 0;
  }

  /** Says whether the chunk ended where the input does. */
  boolean isFinished(int inEnd) {
    return inAt == inEnd && code == 0 && pending == 0;
  }

  /**
   * Decodes until the window is filled up to its limit.
   *
   * @param in the chunk, and {@link #INPUT_SLACK} bytes of anything behind it
   * @param inEnd where the chunk ends in {@code in}
   */
  void decode(byte[] in, int inEnd) throws CorruptedInputException {
    int limit = window.limit();
    do {
      if (pending == 0) {
        decodeSymbols(in, inEnd);
      }
      copyPending(limit); // a second call would double what C2 compiles of it into here
    } while (window.position() < limit);
    if ((range & TOP_BYTE) == 0) {
      range <<= 8;
      code = (code << 8) | (in[inAt++] & 0xff);
    }
    if (inAt > inEnd) {
      throw new CorruptedInputException();
    }
  }

  private void copyPending(int limit) {
    int at = window.position();
    int fits = Math.min(pending, limit - at);
    LzmaWindow.copy(window.bytes(), at, rep0 + 1, fits);
    pending -= fits;
    window.decodedTo(at + fits);
  }

  /**
   * Decodes up to the limit, or to a match that goes beyond it or around the end: it is pending.
   */
  private void decodeSymbols(byte[] in, int inEnd) throws CorruptedInputException {
    short[] flags = flagProbabilities;
    long[] trees = treeProbabilities;
    int literals = literalTrees;
    byte[] bytes = window.bytes();
    int limit = window.limit();
    int at = window.position();
    int st = state;
    int r0 = rep0;
    int r1 = rep1;
    int r2 = rep2;
    int r3 = rep3;
    int wrapped = window.isWrapped() ? Integer.MAX_VALUE : 0;
    int dictionary = window.dictionary();
    int literalPositions = literalPositionMask;
    int literalContext = literalContextBits;
    int positions = positionMask;
    int inPos = inAt;
    long ahead = in[inPos] & 0xffL;
    long rng = range;
    long cod = code;
    while (at < limit) {
      if (inPos > inEnd) {
        throw new CorruptedInputException();
      }
      int alignment = at & positions;
      int pairAt;
      int node;
      int end;
      int shift;
      long pair;
      long next;
      long zero;
      long above;
      long upper;
      if ((rng & TOP_BYTE) == 0) {
        rng <<= 8;
        cod = (cod << 8) | ahead;
        ahead = in[++inPos] & 0xffL;
      }
      int i = IS_MATCH + (st << 4) + alignment;
      int p = flags[i];
      long bound = (rng >>> PROBABILITY_BITS) * p;
      if (cod < bound) {
        rng = bound;
        flags[i] = (short) (p + ((ONE - p) >> MOVE_BITS));
        int before = bytes[(at == 0 ? bytes.length : at) - 1] & 0xff;
        int coder = ((at & literalPositions) << literalContext) + (before >>> (8 - literalContext));
        int symbol = 1;
        if (st < LITERAL_STATES) {
          st = st < 4 ? 0 : st - 3;
        } else {
          st = st < 10 ? st - 3 : st - 6;
          int from = at - r0 - 1;
          int expected = 0x100 | (bytes[from < 0 ? from + bytes.length : from] & 0xff);
          int base = EXPECTED + EXPECTED_CODER * coder;
          int left = 8;
          do {
            left--;
            if ((rng & TOP_BYTE) == 0) {
              rng <<= 8;
              cod = (cod << 8) | ahead;
              ahead = in[++inPos] & 0xffL;
            }
            i = base + (expected >>> left);
            p = flags[i];
            bound = (rng >>> PROBABILITY_BITS) * p;
            above = cod - bound;
            zero = above >> 63;
            upper = rng - bound;
            rng = cod < bound ? bound : upper;
            cod = above + (bound & zero);
            flags[i] = (short) (p - ((p + ((int) zero & RISE)) >> MOVE_BITS));
            symbol = (symbol << 1) + 1 + (int) zero;
          } while (symbol == expected >>> left && left > 0);
        }
        if (symbol < 0x100) {
          int base = literals + LITERAL_CODER * coder;
          pairAt = base + (symbol >> 1);
          pair = trees[pairAt];
          shift = (~symbol & 1) * PAIR_SHIFT;
          next = (pair >>> shift) & PAIR_MASK;
          node = base + symbol;
          end = base + 0x80;
          while (node < end) {
            long children = trees[node];
            int ifOne = node + node + (1 - base);
            if ((rng & TOP_BYTE) == 0) {
              rng <<= 8;
              cod = (cod << 8) | ahead;
              ahead = in[++inPos] & 0xffL;
            }
            bound = (rng >>> PROBABILITY_BITS) * next;
            above = cod - bound;
            zero = above >> 63;
            upper = rng - bound;
            rng = cod < bound ? bound : upper;
            cod = above + (bound & zero);
            trees[pairAt] = pair - ((next + (zero & RISE)) >> MOVE_BITS << shift);
            pairAt = node;
            pair = children;
            shift = (int) zero & PAIR_SHIFT;
            next = (pair >>> shift) & PAIR_MASK;
            node = ifOne + (int) zero;
          }
          if ((rng & TOP_BYTE) == 0) {
            rng <<= 8;
            cod = (cod << 8) | ahead;
            ahead = in[++inPos] & 0xffL;
          }
          bound = (rng >>> PROBABILITY_BITS) * next;
          above = cod - bound;
          zero = above >> 63;
          upper = rng - bound;
          rng = cod < bound ? bound : upper;
          cod = above + (bound & zero);
          trees[pairAt] = pair - ((next + (zero & RISE)) >> MOVE_BITS << shift);
          symbol = ((node - base) << 1) + 1 + (int) zero;
        }
        bytes[at++] = (byte) symbol;
        continue;
      }
      rng -= bound;
      cod -= bound;
      flags[i] = (short) (p - (p >> MOVE_BITS));

      boolean isRep;
      int choice;
      int tree;
      if ((rng & TOP_BYTE) == 0) {
        rng <<= 8;
        cod = (cod << 8) | ahead;
        ahead = in[++inPos] & 0xffL;
      }
      i = IS_REP + st;
      p = flags[i];
      bound = (rng >>> PROBABILITY_BITS) * p;
      if (cod < bound) {
        rng = bound;
        flags[i] = (short) (p + ((ONE - p) >> MOVE_BITS));
        isRep = false;
        st = st < LITERAL_STATES ? 7 : 10;
        r3 = r2;
        r2 = r1;
        r1 = r0;
        choice = MATCH_CHOICE;
        tree = MATCH_LENGTH;
      } else {
        rng -= bound;
        cod -= bound;
        flags[i] = (short) (p - (p >> MOVE_BITS));
        isRep = true;
        if ((rng & TOP_BYTE) == 0) {
          rng <<= 8;
          cod = (cod << 8) | ahead;
          ahead = in[++inPos] & 0xffL;
        }
        i = IS_REP0 + st;
        p = flags[i];
        bound = (rng >>> PROBABILITY_BITS) * p;
        if (cod < bound) {
          rng = bound;
          flags[i] = (short) (p + ((ONE - p) >> MOVE_BITS));
          if ((rng & TOP_BYTE) == 0) {
            rng <<= 8;
            cod = (cod << 8) | ahead;
            ahead = in[++inPos] & 0xffL;
          }
          i = IS_REP0_LONG + (st << 4) + alignment;
          p = flags[i];
          bound = (rng >>> PROBABILITY_BITS) * p;
          if (cod < bound) {
            rng = bound;
            flags[i] = (short) (p + ((ONE - p) >> MOVE_BITS));
            st = st < LITERAL_STATES ? 9 : 11;
            int from = at - r0 - 1;
            if (Integer.compareUnsigned(r0, Math.min(at | wrapped, dictionary)) >= 0) {
              throw new CorruptedInputException();
            }
            bytes[at++] = bytes[from < 0 ? from + bytes.length : from];
            continue;
          }
          rng -= bound;
          cod -= bound;
          flags[i] = (short) (p - (p >> MOVE_BITS));

        } else {
          rng -= bound;
          cod -= bound;
          flags[i] = (short) (p - (p >> MOVE_BITS));
          int distance;
          if ((rng & TOP_BYTE) == 0) {
            rng <<= 8;
            cod = (cod << 8) | ahead;
            ahead = in[++inPos] & 0xffL;
          }
          i = IS_REP1 + st;
          p = flags[i];
          bound = (rng >>> PROBABILITY_BITS) * p;
          if (cod < bound) {
            rng = bound;
            flags[i] = (short) (p + ((ONE - p) >> MOVE_BITS));
            distance = r1;
          } else {
            rng -= bound;
            cod -= bound;
            flags[i] = (short) (p - (p >> MOVE_BITS));
            if ((rng & TOP_BYTE) == 0) {
              rng <<= 8;
              cod = (cod << 8) | ahead;
              ahead = in[++inPos] & 0xffL;
            }
            i = IS_REP2 + st;
            p = flags[i];
            bound = (rng >>> PROBABILITY_BITS) * p;
            if (cod < bound) {
              rng = bound;
              flags[i] = (short) (p + ((ONE - p) >> MOVE_BITS));
              distance = r2;
            } else {
              rng -= bound;
              cod -= bound;
              flags[i] = (short) (p - (p >> MOVE_BITS));
              distance = r3;
              r3 = r2;
            }
            r2 = r1;
          }
          r1 = r0;
          r0 = distance;
        }
        st = st < LITERAL_STATES ? 8 : 11;
        choice = REP_CHOICE;
        tree = REP_LENGTH;
      }

      // The length: three bits, or another three, or eight.
      int half;
      int lengthFrom;
      if ((rng & TOP_BYTE) == 0) {
        rng <<= 8;
        cod = (cod << 8) | ahead;
        ahead = in[++inPos] & 0xffL;
      }
      i = choice;
      p = flags[i];
      bound = (rng >>> PROBABILITY_BITS) * p;
      if (cod < bound) {
        rng = bound;
        flags[i] = (short) (p + ((ONE - p) >> MOVE_BITS));
        tree += LENGTH_LOW + (alignment << 2);
        half = 4;
        lengthFrom = MATCH_LENGTH_MIN - 8;
      } else {
        rng -= bound;
        cod -= bound;
        flags[i] = (short) (p - (p >> MOVE_BITS));
        if ((rng & TOP_BYTE) == 0) {
          rng <<= 8;
          cod = (cod << 8) | ahead;
          ahead = in[++inPos] & 0xffL;
        }
        i = choice + 1;
        p = flags[i];
        bound = (rng >>> PROBABILITY_BITS) * p;
        if (cod < bound) {
          rng = bound;
          flags[i] = (short) (p + ((ONE - p) >> MOVE_BITS));
          tree += LENGTH_MIDDLE + (alignment << 2);
          half = 4;
          lengthFrom = MATCH_LENGTH_MIN + 8 - 8;
        } else {
          rng -= bound;
          cod -= bound;
          flags[i] = (short) (p - (p >> MOVE_BITS));
          tree += LENGTH_HIGH;
          half = 128;
          lengthFrom = MATCH_LENGTH_MIN + 16 - 256;
        }
      }
      pairAt = tree;
      pair = trees[pairAt];
      shift = 0;
      next = pair & PAIR_MASK;
      node = tree + 1;
      end = tree + half;
      while (node < end) {
        long children = trees[node];
        int ifOne = node + node + (1 - tree);
        if ((rng & TOP_BYTE) == 0) {
          rng <<= 8;
          cod = (cod << 8) | ahead;
          ahead = in[++inPos] & 0xffL;
        }
        bound = (rng >>> PROBABILITY_BITS) * next;
        above = cod - bound;
        zero = above >> 63;
        upper = rng - bound;
        rng = cod < bound ? bound : upper;
        cod = above + (bound & zero);
        trees[pairAt] = pair - ((next + (zero & RISE)) >> MOVE_BITS << shift);
        pairAt = node;
        pair = children;
        shift = (int) zero & PAIR_SHIFT;
        next = (pair >>> shift) & PAIR_MASK;
        node = ifOne + (int) zero;
      }
      if ((rng & TOP_BYTE) == 0) {
        rng <<= 8;
        cod = (cod << 8) | ahead;
        ahead = in[++inPos] & 0xffL;
      }
      bound = (rng >>> PROBABILITY_BITS) * next;
      above = cod - bound;
      zero = above >> 63;
      upper = rng - bound;
      rng = cod < bound ? bound : upper;
      cod = above + (bound & zero);
      trees[pairAt] = pair - ((next + (zero & RISE)) >> MOVE_BITS << shift);
      int length = ((node - tree) << 1) + 1 + (int) zero;
      length += lengthFrom;

      if (!isRep) {
        int base = DISTANCE_SLOT + (Math.min(length - MATCH_LENGTH_MIN, 3) << 5);
        pairAt = base;
        pair = trees[pairAt];
        shift = 0;
        next = pair & PAIR_MASK;
        node = base + 1;
        end = base + 32;
        while (node < end) {
          long children = trees[node];
          int ifOne = node + node + (1 - base);
          if ((rng & TOP_BYTE) == 0) {
            rng <<= 8;
            cod = (cod << 8) | ahead;
            ahead = in[++inPos] & 0xffL;
          }
          bound = (rng >>> PROBABILITY_BITS) * next;
          above = cod - bound;
          zero = above >> 63;
          upper = rng - bound;
          rng = cod < bound ? bound : upper;
          cod = above + (bound & zero);
          trees[pairAt] = pair - ((next + (zero & RISE)) >> MOVE_BITS << shift);
          pairAt = node;
          pair = children;
          shift = (int) zero & PAIR_SHIFT;
          next = (pair >>> shift) & PAIR_MASK;
          node = ifOne + (int) zero;
        }
        if ((rng & TOP_BYTE) == 0) {
          rng <<= 8;
          cod = (cod << 8) | ahead;
          ahead = in[++inPos] & 0xffL;
        }
        bound = (rng >>> PROBABILITY_BITS) * next;
        above = cod - bound;
        zero = above >> 63;
        upper = rng - bound;
        rng = cod < bound ? bound : upper;
        cod = above + (bound & zero);
        trees[pairAt] = pair - ((next + (zero & RISE)) >> MOVE_BITS << shift);
        int slot = ((node - base) << 1) + 1 + (int) zero;
        slot -= 64;
        int distance = slot;
        if (slot >= 4) {
          int bits = (slot >> 1) - 1;
          distance = (2 | (slot & 1)) << bits;
          int low = 4;
          if (slot < 14) {
            base = DISTANCE_LOW + ((slot - 4) << 4);
            low = bits;
          } else {
            base = DISTANCE_ALIGN;
            int direct = 0;
            for (int left = bits - 4; left > 0; left--) {
              if ((rng & TOP_BYTE) == 0) {
                rng <<= 8;
                cod = (cod << 8) | ahead;
                ahead = in[++inPos] & 0xffL;
              }
              rng >>>= 1;
              zero = (cod - rng) >> 63;
              cod -= rng & ~zero;
              direct = (direct << 1) + 1 + (int) zero;
            }
            // Halving an odd range loses one, which no encoder needs; a code there never gets back.
            if (cod >= rng) {
              throw new CorruptedInputException();
            }
            distance += direct << 4;
            // Fetches what is to be copied while the last bits are decoded, as there is no
            // instruction for that in Java; the match writes over it.
            int near = at - distance - 1;
            near = near < 0 ? near + bytes.length : near;
            if (Integer.compareUnsigned(near, bytes.length) < 0) {
              bytes[at] = bytes[near];
            }
          }
          // These come with the lowest one first.
          half = 1 << (low - 1);
          pairAt = base;
          pair = trees[pairAt];
          shift = 0;
          next = pair & PAIR_MASK;
          node = base + 1;
          end = base + half;
          while (node < end) {
            long children = trees[node];
            int ifOne = node + node + (1 - base);
            if ((rng & TOP_BYTE) == 0) {
              rng <<= 8;
              cod = (cod << 8) | ahead;
              ahead = in[++inPos] & 0xffL;
            }
            bound = (rng >>> PROBABILITY_BITS) * next;
            above = cod - bound;
            zero = above >> 63;
            upper = rng - bound;
            rng = cod < bound ? bound : upper;
            cod = above + (bound & zero);
            trees[pairAt] = pair - ((next + (zero & RISE)) >> MOVE_BITS << shift);
            pairAt = node;
            pair = children;
            shift = (int) zero & PAIR_SHIFT;
            next = (pair >>> shift) & PAIR_MASK;
            node = ifOne + (int) zero;
          }
          if ((rng & TOP_BYTE) == 0) {
            rng <<= 8;
            cod = (cod << 8) | ahead;
            ahead = in[++inPos] & 0xffL;
          }
          bound = (rng >>> PROBABILITY_BITS) * next;
          above = cod - bound;
          zero = above >> 63;
          upper = rng - bound;
          rng = cod < bound ? bound : upper;
          cod = above + (bound & zero);
          trees[pairAt] = pair - ((next + (zero & RISE)) >> MOVE_BITS << shift);
          int reversed = ((node - base) << 1) + 1 + (int) zero;
          distance += REVERSED[reversed & (REVERSED.length - 1)];
        }
        r0 = distance;
      }
      // Among them the end marker, -1, of which LZMA2 has no use.
      if (Integer.compareUnsigned(r0, Math.min(at | wrapped, dictionary)) >= 0) {
        throw new CorruptedInputException();
      }
      if (!LzmaWindow.copies(bytes, at, r0 + 1, length, limit)) {
        pending = length;
        break;
      }
      at += length;
    }
    rep0 = r0;
    rep1 = r1;
    rep2 = r2;
    rep3 = r3;
    state = st;
    inAt = inPos;
    range = rng;
    code = cod;
    window.decodedTo(at);
  }
}
