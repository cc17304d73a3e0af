package io.gantry.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.target.RangeSet;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

final class JournalEntryTest {

  private static JournalEntry entry() {
    RangeSet durable = new RangeSet();
    durable.add(0, 4096);
    durable.add(1 << 20, 3 << 20);
    return new JournalEntry(
        7,
        JournalEntry.digest("https://example.org/disk, 99 bytes"),
        5 << 20,
        9 << 20,
        false,
        durable);
  }

  @Test
  void readsWhatItWrote() {
    JournalEntry read = JournalEntry.parse(entry().toBytes()).orElseThrow();

    assertThat(read.sequence()).isEqualTo(7);
    assertThat(read.source()).isEqualTo(entry().source());
    assertThat(read.diskSize()).isEqualTo(5 << 20);
    assertThat(read.room()).isEqualTo(9 << 20);
    assertThat(read.complete()).isFalse();
    assertThat(read.durable().ranges()).isEqualTo(entry().durable().ranges());
  }

  @Test
  void takesNoEntryWithOneBitWrong() {
    byte[] whole = new byte[entry().toBytes().remaining()];
    entry().toBytes().get(whole);

    for (int bit = 0; bit < whole.length * 8; bit++) {
      byte[] wrong = whole.clone();
      wrong[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThat(JournalEntry.parse(ByteBuffer.wrap(wrong))).as("bit %d", bit).isEmpty();
    }
  }

  @Test
  void takesNoEntryThatWasCutShort() {
    ByteBuffer whole = entry().toBytes();

    for (int length = 0; length < whole.remaining(); length++) {
      assertThat(JournalEntry.parse(whole.slice(0, length))).as("%d bytes", length).isEmpty();
    }
  }

  @Test
  void takesWhatIsLeftOfALongerEntryForNothing() {
    ByteBuffer place = ByteBuffer.allocate(JournalStore.SLOT_LENGTH);
    place.put(0, entry().toBytes(), 0, entry().toBytes().remaining());

    assertThat(JournalEntry.parse(place)).isPresent();
  }
}
