package io.gantry.codec;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Whatever a stranger sends as LZMA2: the bytes of XZ for Java, or a refusal where it refuses. */
class Lzma2FuzzTest {

  private static final int DICTIONARY = 4096;

  @FuzzTest
  void answersLikeAnotherDecoder(byte[] stream) {
    Lzma2Oracle.agree(stream, DICTIONARY);
  }
}
