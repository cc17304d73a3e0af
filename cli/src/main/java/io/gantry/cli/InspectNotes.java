package io.gantry.cli;

import java.util.List;

/** What help says below the options of the commands that only look at images. */
final class InspectNotes {

  private static final List<ExitStatus> STATUSES =
      List.of(
          ExitStatus.DONE,
          ExitStatus.FAILED,
          ExitStatus.USAGE,
          ExitStatus.SOURCE,
          ExitStatus.IMAGE);

  static final String INFO =
      """
      IMAGE is a path, file:///..., http(s)://... on a server that answers ranges, s3://... or
      gs://... Encrypted images and those with backing or data files are described too. JSON has
      the names of qemu-img info.

      Examples:
        gantry info debian.qcow2
        gantry info --output json https://example.org/debian.qcow2

      """
          + HelpText.exitStatuses(STATUSES);

  static final String MAP =
      """
      IMAGE is a path, file:///..., http(s)://... on a server that answers ranges, s3://... or
      gs://... JSON has the names of qemu-img map; the table for people lists what is stored as it
      is or compressed.

      Examples:
        gantry map debian.qcow2
        gantry map --output json --allow-backing overlay.qcow2

      """
          + HelpText.exitStatuses(STATUSES);

  static final String COMPARE =
      """
      A and B are images as for gantry info. They are identical when a guest could not tell them
      apart; the longer one must end in zeros. With --strict their sizes and what they allocate
      must be the same too.

      Examples:
        gantry compare debian.qcow2 disk.img
        gantry compare -f raw -F qcow2 /dev/vg0/guest debian.qcow2

      Exit status:
        0  identical
        1  different
        2  the command line is wrong, or anything not listed here
      """
          + HelpText.exitStatuses(List.of(ExitStatus.SOURCE, ExitStatus.IMAGE))
              .replaceFirst("Exit status:\n", "");

  private InspectNotes() {}
}
