package io.gantry.archive;

import static io.gantry.archive.Unpacking.unpack;
import static io.gantry.testkit.TarBuilder.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gantry.image.MalformedImageException;
import io.gantry.linux.Libc;
import io.gantry.testkit.TarBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Beside the directory there is a canary; after each test it must be as it was, to its links. */
class HostileArchiveTest {

  @TempDir Path folder;
  private Path directory;
  private Path outside;
  private List<String> before;

  @BeforeEach
  void plantCanary() throws IOException {
    assumeTrue(Libc.isAvailable(), "needs Linux on x86-64 or arm64");
    directory = Files.createDirectory(folder.resolve("directory"));
    outside = Files.createDirectory(folder.resolve("outside"));
    Files.writeString(outside.resolve("secret"), "secret");
    Files.createDirectory(outside.resolve("d"));
    before = Unpacking.list(outside);
  }

  @AfterEach
  void canaryLives() throws IOException {
    if (before != null) {
      assertThat(Unpacking.list(outside)).isEqualTo(before);
      assertThat(outside.resolve("secret")).hasContent("secret");
      try (var files = Files.list(folder)) {
        assertThat(files).containsExactlyInAnyOrder(directory, outside);
      }
    }
  }

  private void refused(TarBuilder archive, String why) {
    byte[] bytes = archive.end();
    assertThatThrownBy(() -> unpack(bytes, directory))
        .isInstanceOf(MalformedImageException.class)
        .hasMessageStartingWith("test: member \"")
        .hasMessageContaining(why);
  }

  @Test
  void goesNowhereByDotDot() {
    String leads = "which could lead out of the directory";
    refused(new TarBuilder().file("../outside/secret", "x"), leads);
    refused(new TarBuilder().file("a/../../outside/secret", "x"), leads);
    refused(new TarBuilder().file("..", "x"), leads);
    refused(new TarBuilder().directory("../outside/"), leads);
    refused(new TarBuilder().file("a/..", "x"), leads);
    refused(new TarBuilder().file("/../outside/secret", "x"), leads);
    refused(new TarBuilder().symbolicLink("../outside/link", "x"), leads);
    refused(new TarBuilder().add(header("../outside/fifo", '6')), leads);
    refused(new TarBuilder().extended('L', "../outside/secret\0").file("x", "x"), leads);
    refused(new TarBuilder().pax("path", "../outside/secret").file("x", "x"), leads);
    refused(new TarBuilder().globalPax("path", "../outside/secret").file("x", "x"), leads);
    refused(
        new TarBuilder()
            .pax("GNU.sparse.name", "../outside/secret", "GNU.sparse.map", "0,1")
            .file("x", "x"),
        leads);
    refused(new TarBuilder().add(header("secret", '0').prefix("../outside")), leads);
  }

  @Test
  void staysInsideWithAbsoluteNames() throws IOException {
    String absolute = outside.resolve("secret").toString();
    unpack(new TarBuilder().pax("path", absolute).file("x", "mine").end(), directory);
    assertThat(directory.resolve(absolute.substring(1))).hasContent("mine");
  }

  @Test
  void writesThroughNoSymbolicLinkOfTheArchive() {
    String through = "which is a symbolic link; nothing is written through it";
    for (String target : new String[] {"../outside", outside.toString(), ".", "d"}) {
      refused(new TarBuilder().symbolicLink("link", target).file("link/secret", "x"), through);
      refused(new TarBuilder().symbolicLink("link", target).directory("link/d/"), through);
      refused(new TarBuilder().symbolicLink("link", target).symbolicLink("link/l", "x"), through);
      refused(new TarBuilder().symbolicLink("link", target).add(header("link/fifo", '6')), through);
    }
  }

  @Test
  void followsNoChainOfSymbolicLinks() {
    refused(
        new TarBuilder()
            .directory("a/b")
            .symbolicLink("a/b/up", "..")
            .symbolicLink("a/up", "b/up/..")
            .symbolicLink("out", "a/up/../outside")
            .file("out/secret", "x"),
        "lies below \"out\", which is a symbolic link");
  }

  @Test
  void replacesALinkByADirectoryRatherThanFillingWhatItNames() throws IOException {
    unpack(
        new TarBuilder()
            .symbolicLink("d", "../outside")
            .add(header("d/", '5').mode(0777).modified(1))
            .file("d/secret", "mine")
            .end(),
        directory);
    assertThat(directory.resolve("d")).isDirectory();
    assertThat(Files.isSymbolicLink(directory.resolve("d"))).isFalse();
    assertThat(directory.resolve("d/secret")).hasContent("mine");
  }

  @Test
  void replacesALinkByAFileRatherThanWritingToWhatItNames() throws IOException {
    unpack(
        new TarBuilder()
            .symbolicLink("s", "../outside/secret")
            .add(
                header("s", '0').mode(0777).size(4).modified(1),
                "mine".getBytes(StandardCharsets.US_ASCII))
            .end(),
        directory);
    assertThat(Files.isSymbolicLink(directory.resolve("s"))).isFalse();
    assertThat(directory.resolve("s")).hasContent("mine");
  }

  @Test
  void setsNothingOfADirectoryThatBecameALink() throws IOException {
    unpack(
        new TarBuilder()
            .add(header("d", '5').mode(0777).modified(1))
            .symbolicLink("d", "../outside")
            .end(),
        directory);
    assertThat(Files.isSymbolicLink(directory.resolve("d"))).isTrue();
    unpack(
        new TarBuilder()
            .add(header("p/d", '5').mode(0777).modified(1))
            .directory("q")
            .file("p/d", "x")
            .file("p/d", "y")
            .end(),
        directory);
  }

  @Test
  void linksToNothingOutside() {
    refused(
        new TarBuilder().hardLink("hard", "../outside/secret"),
        "is a hard link to \"../outside/secret\", which could lie outside of the directory");
    refused(
        new TarBuilder().pax("linkpath", "a/../../outside/secret").hardLink("hard", "x"),
        "which could lie outside");
    refused(
        new TarBuilder().extended('K', outside.resolve("secret") + "\0").hardLink("hard", "x"),
        "which is not there");
    refused(
        new TarBuilder().symbolicLink("out", "../outside").hardLink("hard", "out/secret"),
        "lies below \"out\", which is a symbolic link");
    refused(new TarBuilder().hardLink("hard", "missing"), "which is not there");
    refused(new TarBuilder().hardLink("hard", "/"), "is a hard link to the directory itself");
  }

  @Test
  void linksToALinkItselfAndWritesThroughNeither() throws IOException {
    unpack(
        new TarBuilder()
            .symbolicLink("out", "../outside/secret")
            .hardLink("hard", "out")
            .file("hard", "mine")
            .end(),
        directory);
    assertThat(Files.isSymbolicLink(directory.resolve("out"))).isTrue();
    assertThat(directory.resolve("hard")).hasContent("mine");
  }

  @Test
  void followsNoSymbolicLinkThatWasThereBefore() throws IOException {
    Files.createSymbolicLink(directory.resolve("planted"), outside);
    Files.createDirectory(directory.resolve("deep"));
    Files.createSymbolicLink(directory.resolve("deep/planted"), Path.of("../../outside"));
    Files.createSymbolicLink(directory.resolve("file"), outside.resolve("secret"));
    refused(new TarBuilder().file("planted/secret", "x"), "which is a symbolic link");
    refused(new TarBuilder().file("deep/planted/d/new", "x"), "which is a symbolic link");
    refused(new TarBuilder().hardLink("hard", "planted/secret"), "which is a symbolic link");
    refused(new TarBuilder().file("file/x", "x"), "which is a symbolic link");
    unpack(new TarBuilder().file("file", "mine").end(), directory);
    assertThat(directory.resolve("file")).hasContent("mine");
    unpack(new TarBuilder().add(header("planted", '5').mode(0700).modified(1)).end(), directory);
    assertThat(Files.isSymbolicLink(directory.resolve("planted"))).isFalse();
  }

  @Test
  void createsNothingBelowAFile() {
    refused(
        new TarBuilder().file("file", "x").file("file/x", "y"),
        "lies below \"file\", which is not a directory");
  }

  @Test
  void refusesNulInNames() {
    refused(
        new TarBuilder().pax("path", "../outside/secret\0x").file("x", "x"),
        "has a NUL in its name");
    refused(
        new TarBuilder().file("x", "x").pax("linkpath", "x\0y").hardLink("hard", "x"),
        "which could lie outside");
    refused(new TarBuilder().pax("linkpath", "x\0y").symbolicLink("soft", "x"), "which is no path");
    refused(new TarBuilder().symbolicLink("soft", ""), "which is no path");
  }

  @Test
  void needsANameForAnythingButADirectory() {
    for (char type : new char[] {'0', '1', '2', '6', 'Q'}) {
      refused(
          new TarBuilder().add(header("/./", type).link("x").set(156, type == '0' ? 'Q' : type)),
          "has no name");
    }
  }

  @Test
  void showsNamesOnOneLine() {
    byte[] archive = new TarBuilder().pax("path", "../a\n\u001b[2J\"").file("x", "x").end();
    assertThatThrownBy(() -> unpack(archive, directory))
        .hasMessageStartingWith("test: member \"../a\\n\\033[2J\\\"\": has");
  }
}
