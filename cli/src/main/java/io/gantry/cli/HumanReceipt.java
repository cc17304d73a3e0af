package io.gantry.cli;

import io.gantry.target.Preallocation;
import io.gantry.transfer.Receipt;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The receipt for people.
 *
 * <pre>
 * debian.qcow2.gz: qcow2 in gz, 412 MiB read in one pass
 * disk.img: 10 GiB disk, 1.1 GiB data, 8.9 GiB zero, in 0.41 s (peak memory 98 MiB)
 * </pre>
 */
final class HumanReceipt {

  private HumanReceipt() {}

  static void print(Summary summary, PrintStream out) {
    Receipt receipt = summary.receipt();
    out.println(Printable.of(source(receipt)));
    out.println(Printable.of(target(summary)));
    receipt.sourceDigest().ifPresent(digest -> out.println("source digest: " + digest));
    receipt.contentDigest().ifPresent(digest -> out.println("disk digest: " + digest));
    out.flush();
  }

  private static String source(Receipt receipt) {
    StringBuilder line = new StringBuilder();
    line.append(receipt.sourceName()).append(": ").append(receipt.format());
    receipt.compressions().reversed().forEach(name -> line.append(" in ").append(name));
    line.append(", ").append(ByteSize.human(receipt.bytesRead())).append(" read");
    line.append(" (").append(receipt.plan()).append(')');
    if (receipt.scratchBytes() > 0) {
      line.append(", ").append(ByteSize.human(receipt.scratchBytes())).append(" through scratch");
    }
    return line.toString();
  }

  private static String target(Summary summary) {
    Receipt receipt = summary.receipt();
    List<String> facts = new ArrayList<>();
    facts.add(ByteSize.human(receipt.diskSize()) + " disk");
    facts.add(ByteSize.human(receipt.dataBytes()) + " data");
    facts.add(ByteSize.human(receipt.zeroBytes() + receipt.skippedBytes()) + " zero");
    Preallocation preallocation = receipt.target().preallocation();
    if (preallocation != Preallocation.OFF) {
      facts.add("preallocation " + preallocation.name().toLowerCase(Locale.ROOT));
    }
    if (receipt.target().direct()) {
      facts.add("direct");
    }
    facts.add("%.2f s".formatted(summary.elapsedSeconds()));
    summary.peakMemory().ifPresent(bytes -> facts.add("peak memory " + ByteSize.human(bytes)));
    return summary.targetName() + ": " + String.join(", ", facts);
  }
}
