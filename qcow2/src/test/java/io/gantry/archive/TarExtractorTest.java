package io.gantry.archive;

import static io.gantry.archive.Unpacking.unpack;
import static io.gantry.testkit.TarBuilder.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gantry.image.ImageException;
import io.gantry.image.ImageTooLargeException;
import io.gantry.image.MalformedImageException;
import io.gantry.image.TooShortException;
import io.gantry.image.UnsupportedImageException;
import io.gantry.image.WrongContentException;
import io.gantry.linux.Libc;
import io.gantry.source.DigestMismatchException;
import io.gantry.source.ExpectedDigest;
import io.gantry.target.TargetException;
import io.gantry.testkit.Mount;
import io.gantry.testkit.TarBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TarExtractorTest {

  @TempDir Path folder;
  private Path directory;

  @BeforeEach
  void makeDirectory() throws IOException {
    assumeTrue(Libc.isAvailable(), "needs Linux on x86-64 or arm64");
    directory = Files.createDirectory(folder.resolve("directory"));
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  private Object mode(String name) throws IOException {
    int mode = (int) Files.getAttribute(directory.resolve(name), "unix:mode");
    return Integer.toOctalString(mode & 07777);
  }

  @Test
  void unpacksFilesDirectoriesAndLinks() throws IOException {
    byte[] archive =
        new TarBuilder()
            .directory("d/")
            .file("d/file", "content")
            .symbolicLink("d/symbolic", "../somewhere/else")
            .hardLink("hard", "d/file")
            .end();
    ArchiveReceipt receipt = unpack(archive, directory);
    assertThat(receipt.members()).isEqualTo(4);
    assertThat(receipt.fileBytes()).isEqualTo(7);
    assertThat(receipt.bytesRead()).isEqualTo(archive.length);
    assertThat(receipt.warnings()).isEmpty();
    assertThat(directory.resolve("d/file")).hasContent("content");
    assertThat(Files.readSymbolicLink(directory.resolve("d/symbolic")))
        .hasToString("../somewhere/else");
    assertThat(Files.isSameFile(directory.resolve("hard"), directory.resolve("d/file"))).isTrue();
  }

  @Test
  void unpacksWhatIsCompressedAndVerifiesTheSource() throws Exception {
    byte[] archive = gzip(new TarBuilder().file("file", "content").end());
    String hex = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(archive));
    ArchiveReceipt receipt =
        unpack(
            archive,
            directory,
            ArchiveOptions.DEFAULT.withChecksum(ExpectedDigest.parse("sha256:" + hex)));
    assertThat(receipt.compressions()).containsExactly("gz");
    assertThat(receipt.sourceDigest()).contains("sha256:" + hex);
    String other = "sha256:" + "0".repeat(64);
    assertThatThrownBy(
            () ->
                unpack(
                    archive,
                    directory,
                    ArchiveOptions.DEFAULT.withChecksum(ExpectedDigest.parse(other))))
        .isInstanceOf(DigestMismatchException.class);
  }

  @Test
  void keepsModesExactlyAndTimesToTheNanosecond() throws IOException {
    byte[] archive =
        new TarBuilder()
            .add(header("closed/", '5').mode(0500).modified(1_500_000_000))
            .pax("mtime", "1234567890.123456789")
            .add(header("closed/file", '0').mode(06777))
            .pax("mtime", "-1.5")
            .add(header("old", '0').mode(0000))
            .add(header("sticky", '5').mode(01777))
            .end();
    unpack(archive, directory);
    assertThat(mode("closed")).isEqualTo("500");
    assertThat(mode("closed/file")).isEqualTo("6777");
    assertThat(mode("old")).isEqualTo("0");
    assertThat(mode("sticky")).isEqualTo("1777");
    assertThat(Files.getLastModifiedTime(directory.resolve("closed/file")))
        .isEqualTo(FileTime.from(Instant.ofEpochSecond(1_234_567_890, 123_456_789)));
    assertThat(Files.getLastModifiedTime(directory.resolve("old")))
        .isEqualTo(FileTime.from(Instant.ofEpochSecond(-2, 500_000_000)));
    assertThat(Files.getLastModifiedTime(directory.resolve("closed")))
        .isEqualTo(FileTime.from(Instant.ofEpochSecond(1_500_000_000)));
  }

  @Test
  void replacesFilesAndKeepsDirectories() throws IOException {
    Files.writeString(directory.resolve("file"), "before");
    Files.createLink(folder.resolve("other-name"), directory.resolve("file"));
    Files.createDirectories(directory.resolve("d"));
    Files.writeString(directory.resolve("d/kept"), "kept");
    Files.createDirectory(directory.resolve("empty"));
    Files.writeString(directory.resolve("becomes-directory"), "before");
    byte[] archive =
        new TarBuilder()
            .file("file", "after")
            .directory("d")
            .file("empty", "a file now")
            .directory("becomes-directory")
            .end();
    unpack(archive, directory);
    assertThat(directory.resolve("file")).hasContent("after");
    assertThat(folder.resolve("other-name")).hasContent("before");
    assertThat(directory.resolve("d/kept")).hasContent("kept");
    assertThat(directory.resolve("empty")).hasContent("a file now");
    assertThat(directory.resolve("becomes-directory")).isDirectory();
  }

  @Test
  void unpacksTheSameArchiveTwice() throws IOException {
    byte[] archive =
        new TarBuilder()
            .add(header("closed", '5').mode(0500))
            .file("closed/file", "content")
            .hardLink("closed/hard", "closed/file")
            .hardLink("closed/file", "closed/file")
            .symbolicLink("link", "nowhere")
            .add(header("fifo", '6').mode(0622))
            .end();
    unpack(archive, directory);
    var once = Unpacking.listInside(directory);
    unpack(archive, directory);
    assertThat(Unpacking.listInside(directory)).isEqualTo(once);
  }

  @Test
  void doesNotRemoveADirectoryThatIsNotEmpty() throws IOException {
    Files.createDirectories(directory.resolve("d/inside"));
    byte[] archive = new TarBuilder().file("d", "content").end();
    assertThatThrownBy(() -> unpack(archive, directory))
        .isInstanceOf(TargetException.class)
        .hasMessage(directory + ": cannot unpack member \"d\": directory not empty");
    assertThat(directory.resolve("d/inside")).isDirectory();
  }

  @Test
  void keepsNamesThatAreNoText() throws IOException {
    String name = "\u00ff\u00fe\n";
    unpack(
        new TarBuilder().file(name, "1").pax("path", name + "2").file("x", "2").end(), directory);
    assertThat(Unpacking.listInside(directory)).hasSize(2);
    byte[] archive = new TarBuilder().file(name + "/../x", "1").end();
    assertThatThrownBy(() -> unpack(archive, directory))
        .hasMessage(
            "test: member \"\uFFFD\uFFFD\\n/../x\": has \"..\" in its name, which could lead out of"
                + " the directory");
  }

  @Test
  void stripsSlashesAndDots() throws IOException {
    unpack(new TarBuilder().file("///a/.//./b", "1").directory("./").end(), directory);
    assertThat(directory.resolve("a/b")).hasContent("1");
  }

  @Test
  void joinsThePrefixOfPosixHeadersOnly() throws IOException {
    unpack(
        new TarBuilder()
            .add(header("posix", '0').prefix("p"))
            .add(header("gnu", '0').gnu().prefix("p"))
            .end(),
        directory);
    assertThat(directory.resolve("p/posix")).exists();
    assertThat(directory.resolve("gnu")).exists();
  }

  @Test
  void takesLongNamesOfGnuAndGlobalRecords() throws IOException {
    String name = "l/" + "n".repeat(200);
    byte[] archive =
        new TarBuilder()
            .extended('L', name + "\0")
            .file("cut", "1")
            .globalPax("mtime", "1000", "path", "")
            .extended('K', "target".repeat(30) + "\0")
            .symbolicLink("link", "cut")
            .add(header("label", 'V'))
            .end();
    unpack(archive, directory);
    assertThat(directory.resolve(name)).hasContent("1");
    Path link = directory.resolve("link");
    assertThat(Files.readSymbolicLink(link)).hasToString("target".repeat(30));
    assertThat(Files.getLastModifiedTime(link, LinkOption.NOFOLLOW_LINKS).toInstant())
        .isEqualTo(Instant.ofEpochSecond(1000));
    assertThat(directory.resolve("label")).doesNotExist();
  }

  @Test
  void leavesHolesInASparseFileOfATerabyte() throws IOException {
    long size = 1L << 40;
    byte[] data = new byte[1024];
    new Random(1).nextBytes(data);
    byte[] archive =
        new TarBuilder()
            .add(
                header("gnu", 'S')
                    .gnu()
                    .size(1024)
                    .sparse(0, 0, 512)
                    .sparse(1, 1 << 30, 512)
                    .realSize(size),
                data)
            .pax("GNU.sparse.major", "1", "GNU.sparse.minor", "0", "GNU.sparse.name", "pax")
            .pax(
                "GNU.sparse.major",
                "1",
                "GNU.sparse.minor",
                "0",
                "GNU.sparse.name",
                "pax",
                "GNU.sparse.realsize",
                String.valueOf(size))
            .add(header("x", '0').size(1536))
            .data("2\n0\n512\n1073741824\n512\n".getBytes(StandardCharsets.US_ASCII))
            .data(data)
            .pax("GNU.sparse.size", String.valueOf(size), "GNU.sparse.map", "0,512,1073741824,512")
            .add(header("list", '0').size(1024), data)
            .end();
    unpack(archive, directory);
    for (String name : new String[] {"gnu", "pax", "list"}) {
      Path file = directory.resolve(name);
      assertThat(Files.size(file)).isEqualTo(size);
      try (var in = Files.newByteChannel(file)) {
        var piece = java.nio.ByteBuffer.allocate(512);
        in.position(1 << 30).read(piece);
        assertThat(piece.array()).isEqualTo(Arrays.copyOfRange(data, 512, 1024));
      }
    }
    assertThat(Unpacking.blocks(directory)).isLessThanOrEqualTo(3 * 32);
  }

  @Test
  void makesHolesOfZeros() throws IOException {
    byte[] data = new byte[1 << 20];
    data[500_000] = 1;
    unpack(new TarBuilder().add(header("file", '0').size(data.length), data).end(), directory);
    assertThat(directory.resolve("file")).hasBinaryContent(data);
    assertThat(Unpacking.blocks(directory)).isLessThanOrEqualTo(16);
  }

  @Test
  void refusesAnArchiveCutAnywhere() throws IOException {
    byte[] whole =
        new TarBuilder()
            .directory("d")
            .pax("path", "d/file")
            .file("x", "content".repeat(100))
            .extended('L', "long\0")
            .symbolicLink("x", "y")
            .end();
    int last = whole.length - 2 * 512;
    for (int length = 1;
        length <= last;
        length += length % 512 == 511 || length % 512 == 0 ? 1 : 255) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> unpack(cut, directory))
          .as("cut to %d bytes", length)
          .isInstanceOf(length < 512 ? TooShortException.class : MalformedImageException.class)
          .hasMessageStartingWith(
              length < 512
                  ? "test: holds " + (length < 100 ? "a text: \"d\"" : length + " bytes")
                  : "test: unexpected end of the archive after " + length + " bytes");
    }
    unpack(Arrays.copyOf(whole, last + 512), directory); // GNU tar: "A lone zero block"
  }

  @Test
  void refusesACutInsideTheCompression() throws IOException {
    byte[] whole = gzip(new TarBuilder().file("file", "content").end());
    assertThatThrownBy(() -> unpack(Arrays.copyOf(whole, whole.length - 1), directory))
        .isInstanceOf(MalformedImageException.class)
        .hasMessageStartingWith("test: ")
        .hasMessageNotContaining("test: test:");
  }

  @Test
  void readsWhatFollowsTheEndAndIgnoresIt() throws IOException {
    byte[] archive = new TarBuilder().file("a", "1").data(new byte[1024]).file("b", "2").cut();
    assertThat(unpack(archive, directory).bytesRead()).isEqualTo(archive.length);
    assertThat(directory.resolve("b")).doesNotExist();
  }

  @Test
  void refusesWhatIsDamaged() {
    refused(
        new TarBuilder().file("a", "1").data(new byte[512]).file("b", "2"),
        MalformedImageException.class,
        "a lone block of zeros at 1024, and more behind it");
    refused(
        new TarBuilder().file("a", "1").addDamaged(header("b", '0')),
        MalformedImageException.class,
        "the tar header at 1024 has a wrong checksum");
    refused(
        new TarBuilder().addDamaged(header("extended", 'x')),
        MalformedImageException.class,
        "is not a tar archive");
    refused(
        new TarBuilder().add(header("a", '0').set(124, 'z')),
        MalformedImageException.class,
        "the tar header at 0 has no number in its size field");
    refused(
        new TarBuilder().add(header("a", '0').binarySize(-1)),
        MalformedImageException.class,
        "the tar header at 0 has");
    refused(
        new TarBuilder().pax("path", "x"),
        MalformedImageException.class,
        "ends behind an extended header");
    for (String records :
        new String[] {
          "5 a=b\n", "6 ab=\n\n", "99 a=b\n", "x", "6 a=bc", "99999999999 a=b\n", "4 a\n"
        }) {
      refused(
          new TarBuilder().extended('x', records).file("a", "1"),
          MalformedImageException.class,
          "the extended header at 0 has a malformed record");
    }
    refused(
        new TarBuilder().pax("size", "-1").file("a", "1"),
        MalformedImageException.class,
        "has the size \"-1\", which is no size");
    refused(
        new TarBuilder().pax("mtime", "1e9").file("a", "1"),
        MalformedImageException.class,
        "has the mtime \"1e9\", which is no time");
    refused(
        new TarBuilder().pax("mtime", "9".repeat(20)).file("a", "1"),
        MalformedImageException.class,
        "which is no time");
  }

  @Test
  void refusesSparseMapsThatDoNotFit() {
    String[][] maps = {
      {"0,512", "512", "speaks of 512 bytes of data where the archive has 1024"},
      {"0,512,0,512", "4096", "goes back from 512 to 0"},
      {"0,512,8192,512", "4096", "reaches to 8704, behind the end of the file at 4096"},
      {"0,511,1024,513", "4096", "ends inside a block, and more behind it"},
      {"0,1024,9223372036854775807,1", "4096", "holds a piece of 1 bytes"},
      {"0", "4096", "ends with an offset"},
    };
    for (String[] map : maps) {
      refused(
          new TarBuilder()
              .pax("GNU.sparse.map", map[0], "GNU.sparse.size", map[1])
              .add(header("a", '0').size(1024), new byte[1024]),
          MalformedImageException.class,
          map[2]);
    }
    refused(
        new TarBuilder()
            .pax("GNU.sparse.major", "1")
            .add(header("a", '0').size(512))
            .data("9\n".repeat(256).getBytes(StandardCharsets.US_ASCII)),
        MalformedImageException.class,
        "its sparse map");
    refused(
        new TarBuilder()
            .pax("GNU.sparse.major", "1")
            .add(header("a", '0').size(1024))
            .data("999999999\n".getBytes(StandardCharsets.US_ASCII)),
        ImageTooLargeException.class,
        "its sparse map has 999999999 pieces or more, the limit is 1048576");
  }

  @Test
  void refusesWhatIsOverALimit() {
    refused(
        new TarBuilder().add(header("extended", 'x').binarySize(1L << 40)),
        ImageTooLargeException.class,
        "the extended header at 0 has 1099511627776 bytes, the limit is 4194304");
    refused(
        new TarBuilder().pax("path", "a".repeat(5000)).file("a", "1"),
        ImageTooLargeException.class,
        "its name has 5000 bytes, the limit is 4095");
    refused(
        new TarBuilder().pax("path", "a/".repeat(1100) + "b").file("a", "1"),
        ImageTooLargeException.class,
        "lies 1101 directories deep, the limit is 1024");
    ArchiveLimits few = new ArchiveLimits(2, 100, 10, 1024, 4, 600);
    ArchiveOptions options =
        new ArchiveOptions(
            ArchiveOptions.DEFAULT.wrapping(), few, 1, ArchiveOptions.DEFAULT.checksum());
    byte[] members = new TarBuilder().file("a", "").file("b", "").file("c", "").end();
    assertThatThrownBy(() -> unpack(members, directory, options))
        .hasMessageContaining("has more than 2 members, the limit");
    byte[] directories = new TarBuilder().directory("d").directory("e").end();
    assertThatThrownBy(() -> unpack(directories, directory, options))
        .hasMessageContaining("has more than 1 directories");
  }

  @Test
  void refusesDevicesAndVolumes() {
    refused(
        new TarBuilder().add(header("null", '3')), UnsupportedImageException.class, "is a device");
    refused(
        new TarBuilder().add(header("sda", '4')), UnsupportedImageException.class, "is a device");
    refused(
        new TarBuilder().add(header("rest", 'M')),
        UnsupportedImageException.class,
        "goes on from another volume");
  }

  @Test
  void refusesAPageInsteadOfAnArchive() {
    byte[] page = "<html><title>Log in</title>".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> unpack(page, directory))
        .isInstanceOf(WrongContentException.class)
        .hasMessageContaining("an HTML page: \"<title>Log in</title>\"");
  }

  @Test
  void takesUnknownTypesForFilesAndSaysSo() throws IOException {
    ArchiveReceipt receipt =
        unpack(new TarBuilder().add(header("odd", 'Q').size(3), new byte[3]).end(), directory);
    assertThat(directory.resolve("odd")).hasSize(3);
    assertThat(receipt.warnings())
        .containsExactly("member \"odd\": has the unknown type \"Q\" and became a file");
  }

  @Test
  void saysThatTheVolumeIsFull() throws IOException {
    try (Mount mount = Mount.tmpfs(folder, 1 << 20)) {
      byte[] data = new byte[2 << 20];
      Arrays.fill(data, (byte) 1);
      byte[] archive = new TarBuilder().add(header("big", '0').size(data.length), data).end();
      assertThatThrownBy(() -> unpack(archive, mount.folder()))
          .isInstanceOfSatisfying(
              TargetException.class, e -> assertThat(e.kind()).isEqualTo(TargetException.Kind.FULL))
          .hasMessage(
              mount.folder()
                  + ": cannot unpack member \"big\": no space left on device; free some room there"
                  + " or choose a larger target");
    }
  }

  @Test
  void bringsFilesToOtherFileSystemsBelowToo() throws IOException {
    Path below = Files.createDirectory(directory.resolve("below"));
    try (Mount mount = Mount.tmpfs(below, 1 << 20)) {
      Path name = directory.relativize(mount.folder());
      unpack(
          new TarBuilder().file(name + "/a", "1").hardLink(name + "/b", name + "/a").end(),
          directory);
      assertThat(mount.folder().resolve("b")).hasContent("1");
      byte[] across = new TarBuilder().file("a", "1").hardLink(name + "/c", "a").end();
      assertThatThrownBy(() -> unpack(across, directory)).isInstanceOf(TargetException.class);
    }
  }

  @Test
  void writesLargeFilesWindowByWindow() throws IOException {
    byte[] data = new byte[70 << 20];
    new Random(3).nextBytes(data);
    unpack(
        new TarBuilder().add(header("big", '0').size(data.length), data).file("after", "x").end(),
        directory);
    assertThat(directory.resolve("big")).hasBinaryContent(data);
    assertThat(directory.resolve("after")).hasContent("x");
  }

  @Test
  void leavesNoFileOpen() throws IOException {
    byte[] archive =
        new TarBuilder()
            .directory("a")
            .file("a/b", "1")
            .file("c/d/e", "2")
            .hardLink("c/f", "a/b")
            .end();
    unpack(archive, directory);
    long before = openFiles();
    for (int i = 0; i < 5; i++) {
      unpack(archive, directory);
      byte[] bad = new TarBuilder().file("a/b/c", "1").end();
      assertThatThrownBy(() -> unpack(bad, directory)).isInstanceOf(MalformedImageException.class);
    }
    assertThat(openFiles()).isLessThanOrEqualTo(before);
  }

  private long openFiles() throws IOException {
    try (var files = Files.list(Path.of("/proc/self/fd"))) {
      return files.filter(this::isInDirectory).count();
    }
  }

  private boolean isInDirectory(Path fd) {
    try {
      return Files.readSymbolicLink(fd).startsWith(directory);
    } catch (IOException e) {
      return false; // closed meanwhile
    }
  }

  @Test
  void needsADirectoryThatExists() throws IOException {
    byte[] archive = new TarBuilder().end();
    Path missing = folder.resolve("missing");
    assertThatThrownBy(() -> unpack(archive, missing))
        .isInstanceOf(TargetException.class)
        .hasMessageContaining("no such file or directory");
    assertThatThrownBy(() -> unpack(archive, Files.createFile(folder.resolve("file"))))
        .hasMessageContaining("not a directory");
    unpack(archive, Files.createSymbolicLink(folder.resolve("link"), directory));
  }

  private void refused(TarBuilder archive, Class<? extends ImageException> kind, String why) {
    byte[] bytes = archive.end();
    assertThatThrownBy(() -> unpack(bytes, directory))
        .isInstanceOf(kind)
        .hasMessageStartingWith("test: ")
        .hasMessageContaining(why)
        .hasMessageNotContaining("\n");
  }
}
