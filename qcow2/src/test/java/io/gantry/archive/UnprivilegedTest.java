package io.gantry.archive;

import static io.gantry.testkit.TarBuilder.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gantry.linux.Libc;
import io.gantry.testkit.Root;
import io.gantry.testkit.TarBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As in a pod: user 107, in a volume whose top belongs to root and hands its group down. */
class UnprivilegedTest {

  private static final String USER = "107";

  @TempDir Path folder;
  private Path volume;

  @BeforeEach
  void makeVolume() throws IOException {
    assumeTrue(Libc.isAvailable(), "needs Linux on x86-64 or arm64");
    Root.assume("setpriv", "chown", "chmod");
    Root.run("chmod", "755", folder.toString());
    volume = Files.createDirectory(folder.resolve("volume"));
    Root.run("chown", "0:" + USER, volume.toString());
    Root.run("chmod", "2775", volume.toString());
  }

  private String unpack(TarBuilder archive) throws IOException {
    Path file = Files.write(folder.resolve("archive"), archive.end());
    return ExtractMain.runAs(USER, folder, file, volume);
  }

  @Test
  void leavesTheTopOfTheVolumeToItsOwner() throws IOException {
    String warnings =
        unpack(
            new TarBuilder()
                .directory("./")
                .file("./disk.img", "content")
                .add(header("./d/", '5').mode(0555))
                .file("./d/file", "content"));
    assertThat(warnings).isEqualTo("the directory itself keeps its mode and time: it is not ours");
    assertThat(volume.resolve("disk.img")).hasContent("content");
    assertThat(Files.getAttribute(volume.resolve("disk.img"), "unix:gid")).isEqualTo(107);
    assertThat((int) Files.getAttribute(volume.resolve("d"), "unix:mode") & 07777).isEqualTo(0555);
    assertThat((int) Files.getAttribute(volume, "unix:mode") & 07777).isEqualTo(02775);
  }

  @Test
  void unpacksAgainWhatAnEarlierRunHadClosed() throws IOException {
    Path closed = Files.createDirectory(volume.resolve("d"));
    Root.run("chown", USER + ":" + USER, closed.toString());
    Root.run("chmod", "0", closed.toString());
    unpack(new TarBuilder().add(header("d", '5').mode(0500)).file("d/file", "content"));
    assertThat(closed.resolve("file")).hasContent("content");
  }

  @Test
  void saysWhatItMayNotWrite() throws IOException {
    Files.createDirectory(volume.resolve("theirs"));
    Root.run("chmod", "755", volume.resolve("theirs").toString());
    assertThatThrownBy(() -> unpack(new TarBuilder().file("theirs/file", "x")))
        .hasMessageContaining(
            "TargetException: "
                + volume
                + ": cannot unpack member \"theirs/file\": permission denied");
  }
}
