package io.gantry.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.target.RangeSet.Range;
import java.util.BitSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RangeSetTest {

  @Test
  void mergesWhatTouches() {
    RangeSet set = new RangeSet();
    set.add(10, 20);
    set.add(30, 40);
    set.add(20, 30);
    assertThat(set.ranges()).containsExactly(new Range(10, 40));
  }

  @Test
  void keepsApartWhatDoesNotTouch() {
    RangeSet set = new RangeSet();
    set.add(30, 40);
    set.add(10, 20);
    assertThat(set.ranges()).containsExactly(new Range(10, 20), new Range(30, 40));
    assertThat(set.contains(10, 20)).isTrue();
    assertThat(set.contains(19, 21)).isFalse();
    assertThat(set.contains(25, 26)).isFalse();
    assertThat(set.length()).isEqualTo(20);
  }

  @Test
  void refusesEmptyAndNegativeRanges() {
    RangeSet set = new RangeSet();
    assertThatThrownBy(() -> set.add(5, 5)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> set.add(-1, 5)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void holdsTheSameAsABitSet() {
    SplittableRandom random = new SplittableRandom(3);
    for (int round = 0; round < 50; round++) {
      RangeSet set = new RangeSet();
      BitSet bits = new BitSet();
      for (int i = 0; i < 40; i++) {
        int start = random.nextInt(300);
        int end = start + 1 + random.nextInt(30);
        set.add(start, end);
        bits.set(start, end);
      }
      assertThat(set.length()).isEqualTo(bits.cardinality());
      for (Range range : set.ranges()) {
        assertThat(bits.nextSetBit((int) range.start())).isEqualTo((int) range.start());
        assertThat(bits.nextClearBit((int) range.start())).isEqualTo((int) range.end());
      }
    }
  }

  @Test
  void forgetsTheShortestFirst() {
    RangeSet set = new RangeSet();
    set.add(0, 5);
    set.add(10, 30);
    set.add(40, 41);
    set.add(50, 60);
    set.keepLongest(2);
    assertThat(set.ranges()).containsExactly(new Range(10, 30), new Range(50, 60));
  }

  @Test
  void forgetsDownToTheCountAmongEquals() {
    RangeSet set = new RangeSet();
    for (long i = 0; i < 10; i++) {
      set.add(i * 10, i * 10 + 5);
    }
    set.keepLongest(3);
    assertThat(set.count()).isEqualTo(3);
  }

  @Test
  void copiesAreIndependent() {
    RangeSet set = new RangeSet();
    set.add(0, 5);
    RangeSet copy = set.copy();
    set.add(5, 9);
    assertThat(copy.length()).isEqualTo(5);
  }
}
