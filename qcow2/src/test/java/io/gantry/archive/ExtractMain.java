package io.gantry.archive;

import io.gantry.source.FileSource;
import io.gantry.source.Source;
import io.gantry.testkit.Root;
import io.gantry.transfer.Progress;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Unpacks as somebody else, in a process of its own. */
final class ExtractMain {

  /** What the engine needs; the user may not be able to read where it lies. */
  private static final List<String> NEEDED =
      List.of("classes", "xz-", "zstd-jni-", "commons-", "jspecify-");

  private ExtractMain() {}

  public static void main(String[] args) throws IOException {
    try (Source source = FileSource.open(Path.of(args[0]))) {
      ArchiveReceipt receipt =
          TarExtractor.extract(source, Path.of(args[1]), ArchiveOptions.DEFAULT, new Progress());
      receipt.warnings().forEach(System.out::println);
    }
  }

  /** Returns the warnings. */
  static String runAs(String user, Path folder, Path archive, Path directory) throws IOException {
    Path copies = Files.createDirectory(folder.resolve("class-path"));
    List<String> classPath = new ArrayList<>();
    String given =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    for (String entry : given.split(File.pathSeparator, -1)) {
      Path path = Path.of(entry);
      String name = path.getFileName().toString();
      if (NEEDED.stream().anyMatch(name::contains)) {
        Path copy = copies.resolve(classPath.size() + "-" + name);
        Root.run("cp", "--recursive", entry, copy.toString());
        classPath.add(copy.toString());
      }
    }
    Root.run("chmod", "--recursive", "a+rX", copies.toString());
    return Root.run(
        "setpriv",
        "--reuid=" + user,
        "--regid=" + user,
        "--clear-groups",
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        String.join(File.pathSeparator, classPath),
        "io.gantry.archive.ExtractMain",
        archive.toString(),
        directory.toString());
  }
}
