package io.gantry.codec;

import java.util.ArrayList;
import java.util.List;

/** A deflate stream laid out bit by bit, whose only oddity is the one in its name. */
final class OddBlock {

  /** Every accepted one decodes to this many bytes. */
  static final int SIZE = 4;

  private static final int[] PRECODE_ORDER = {
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15
  };

  final String name;

  /** Whether zlib decodes it. */
  final boolean accepted;

  final byte[] data;

  private OddBlock(String name, boolean accepted, byte[] data) {
    this.name = name;
    this.accepted = accepted;
    this.data = data;
  }

  static List<OddBlock> all() {
    List<OddBlock> blocks = new ArrayList<>();
    addFixedAndStored(blocks);
    addHeaders(blocks);
    addCodes(blocks);
    return blocks;
  }

  private static void addFixedAndStored(List<OddBlock> blocks) {
    blocks.add(accepted("fixed block", fixed().literals(4).code(0, 7)));
    blocks.add(accepted("full before a bad symbol", fixed().literals(4).code(0b11000110, 8)));
    blocks.add(refused("fixed length 286", fixed().literals(3).code(0b11000110, 8)));
    blocks.add(refused("fixed length 287", fixed().literals(3).code(0b11000111, 8)));
    blocks.add(accepted("fixed distance 1", fixed().literals(1).code(1, 7).code(0, 5)));
    blocks.add(refused("fixed distance 30", fixed().literals(1).code(1, 7).code(30, 5)));
    blocks.add(refused("fixed distance 31", fixed().literals(1).code(1, 7).code(31, 5)));
    blocks.add(refused("before the first byte", fixed().literals(1).code(1, 7).code(1, 5)));
    blocks.add(refused("ends early", fixed().literals(3).code(0, 7)));
    blocks.add(accepted("stored", stored(4, 0xfffb).field(0x04030201, 32)));
    blocks.add(refused("stored with a wrong complement", stored(4, 0xfffa).field(0, 32)));
    blocks.add(refused("stored and cut short", stored(4, 0xfffb).field(0, 24)));
    blocks.add(refused("block type 3", new Bits().field(1, 1).field(3, 2)));
  }

  private static void addHeaders(List<OddBlock> blocks) {
    blocks.add(refused("287 length symbols", dynamic(287, 1)));
    blocks.add(refused("31 distance symbols", dynamic(257, 31)));
    blocks.add(refused("no precode", dynamic(257, 1).precode()));
    blocks.add(refused("precode incomplete", dynamic(257, 1).precode(0, 2, 18, 2)));
    blocks.add(refused("precode of one", dynamic(257, 1).precode(18, 1)));
    blocks.add(refused("precode over-subscribed", dynamic(257, 1).precode(0, 1, 1, 1, 2, 1)));
    blocks.add(refused("repeat before the first", dynamic(257, 1).precode(0, 1, 16, 1).code(1, 1)));
    blocks.add(
        refused(
            "repeat past the last",
            dynamic(257, 1)
                .precode(0, 1, 18, 1)
                .code(1, 1)
                .field(127, 7)
                .code(1, 1)
                .field(127, 7)));
    Bits across = dynamic(258, 4).precode(0, 2, 1, 2, 2, 2, 16, 2);
    for (int symbol = 0; symbol < 256; symbol++) {
      across.code(symbol == 1 ? 1 : 0, 2);
    }
    across.code(2, 2).code(3, 2).field(2, 2);
    blocks.add(accepted("repeat into the distances", across.code(0b0110010, 7)));
  }

  private static void addCodes(List<OddBlock> blocks) {
    blocks.add(accepted("no distances, none used", codes(1, 2, 2, 0).code(0b000010, 6)));
    blocks.add(refused("no distances, one used", codes(1, 2, 2, 0).code(0b011010, 6)));
    blocks.add(accepted("one distance", codes(1, 2, 2, 1).code(0b011010, 6)));
    blocks.add(accepted("one distance, not the first", codes(1, 2, 2, 0, 1).code(0b001101, 6)));
    blocks.add(refused("unused half of one distance", codes(1, 2, 2, 1).code(0b011110, 6)));
    blocks.add(refused("one distance of two bits", codes(1, 2, 2, 2).code(0b011001, 6)));
    blocks.add(refused("distances over-subscribed", codes(1, 2, 2, 1, 1, 1).code(0, 6)));
    blocks.add(refused("no end of block", codes(1, 0, 1, 1).code(0, 6)));
    blocks.add(refused("literals incomplete", codes(1, 3, 3, 1).code(0, 6)));
    blocks.add(refused("literals over-subscribed", codes(1, 1, 2, 1).code(0, 6)));
    blocks.add(refused("only an end of block", codes(0, 1, 0, 1).code(0, 1)));
    blocks.add(refused("unused half of an end of block", codes(0, 1, 0, 1).code(1, 1)));
  }

  private static OddBlock accepted(String name, Bits bits) {
    return new OddBlock(name, true, bits.bytes());
  }

  private static OddBlock refused(String name, Bits bits) {
    return new OddBlock(name, false, bits.bytes());
  }

  private static Bits fixed() {
    return new Bits().field(1, 1).field(1, 2);
  }

  private static Bits stored(int length, int complement) {
    return new Bits().field(1, 8).field(length, 16).field(complement, 16);
  }

  private static Bits dynamic(int literals, int distances) {
    return new Bits().field(1, 1).field(2, 2).field(literals - 257, 5).field(distances - 1, 5);
  }

  /** Bits of the codewords for the byte 1, the end of the block, a match of 3; and distances. */
  private static Bits codes(int one, int end, int match, int... distances) {
    int[] all = new int[16 * 2];
    for (int i = 0; i < 16; i++) {
      all[2 * i] = i;
      all[2 * i + 1] = 4;
    }
    Bits bits = dynamic(258, distances.length).precode(all);
    for (int symbol = 0; symbol < 256; symbol++) {
      bits.code(symbol == 1 ? one : 0, 4);
    }
    bits.code(end, 4).code(match, 4);
    for (int distance : distances) {
      bits.code(distance, 4);
    }
    return bits;
  }

  private static final class Bits {

    private final List<Boolean> bits = new ArrayList<>();

    /** A number, lowest bit first. */
    Bits field(long value, int count) {
      for (int i = 0; i < count; i++) {
        bits.add(((value >>> i) & 1) != 0);
      }
      return this;
    }

    /** A codeword, highest bit first. */
    Bits code(int codeword, int count) {
      for (int i = count - 1; i >= 0; i--) {
        bits.add(((codeword >>> i) & 1) != 0);
      }
      return this;
    }

    /** Literals of the fixed code. */
    Bits literals(int count) {
      for (int i = 0; i < count; i++) {
        code(0x31, 8);
      }
      return this;
    }

    /** All 19 lengths of the precode, given as pairs of symbol and length. */
    Bits precode(int... pairs) {
      int[] lengths = new int[PRECODE_ORDER.length];
      for (int i = 0; i < pairs.length; i += 2) {
        lengths[pairs[i]] = pairs[i + 1];
      }
      field(15, 4);
      for (int symbol : PRECODE_ORDER) {
        field(lengths[symbol], 3);
      }
      return this;
    }

    /** The bits and a few bytes of zeros, so that nothing is refused for being cut short. */
    byte[] bytes() {
      boolean stored = bits.size() % 8 == 0 && !bits.get(1) && !bits.get(2);
      byte[] bytes = new byte[(bits.size() + 7) / 8 + (stored ? 0 : 200)];
      for (int i = 0; i < bits.size(); i++) {
        bytes[i / 8] |= (byte) (bits.get(i) ? 1 << (i % 8) : 0);
      }
      return bytes;
    }
  }
}
