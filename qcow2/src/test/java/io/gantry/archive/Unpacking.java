package io.gantry.archive;

import io.gantry.source.StreamSource;
import io.gantry.testkit.Root;
import io.gantry.transfer.Progress;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Unpacks an array, and lists what has become of it, as find(1) sees it. */
final class Unpacking {

  private static final String LISTED = "/%P %y %m %s %l %n %G %T@\\0";

  private Unpacking() {}

  static ArchiveReceipt unpack(byte[] archive, Path directory) throws IOException {
    return unpack(archive, directory, ArchiveOptions.DEFAULT);
  }

  static ArchiveReceipt unpack(byte[] archive, Path directory, ArchiveOptions options)
      throws IOException {
    try (StreamSource source =
        StreamSource.of("test", Channels.newChannel(new ByteArrayInputStream(archive)))) {
      return TarExtractor.extract(source, directory, options, new Progress());
    }
  }

  /** Like {@link #list}, without the directory itself, whose time is that of the test. */
  static List<String> listInside(Path directory) throws IOException {
    return find(directory, LISTED, "-mindepth", "1");
  }

  /** Path, type, mode, size, link target and count, group, modification to the nanosecond. */
  static List<String> list(Path directory) throws IOException {
    return find(directory, LISTED);
  }

  /** The blocks of 512 bytes that all files take together. */
  static long blocks(Path directory) throws IOException {
    return find(directory, "%b\\0", "-type", "f").stream().mapToLong(Long::parseLong).sum();
  }

  private static List<String> find(Path directory, String format, String... tests)
      throws IOException {
    String[] command = new String[4 + tests.length];
    command[0] = "find";
    command[1] = directory.toString();
    System.arraycopy(tests, 0, command, 2, tests.length);
    command[2 + tests.length] = "-printf";
    command[3 + tests.length] = format;
    return Arrays.stream(Root.run(command).split("\0")).sorted().toList();
  }
}
