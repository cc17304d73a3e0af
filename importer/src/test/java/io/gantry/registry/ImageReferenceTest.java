package io.gantry.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.source.SourceException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ImageReferenceTest {

  private static final String HEX =
      "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae";

  @ParameterizedTest
  @CsvSource({
    "debian,docker.io/library/debian:latest",
    "debian:13,docker.io/library/debian:13",
    "index.docker.io/debian,docker.io/library/debian:latest",
    "docker.io/team/disk,docker.io/team/disk:latest",
    "team/disk:v1,docker.io/team/disk:v1",
    "localhost/disk,localhost/disk:latest",
    "localhost:5000/disk:v1,localhost:5000/disk:v1",
    "quay.io/a/b/c__d.e-f:V_1.2,quay.io/a/b/c__d.e-f:V_1.2",
    "[::1]:5000/disk,[::1]:5000/disk:latest",
    "Host/disk,Host/disk:latest",
  })
  void fillsInWhatPeopleLeaveOut(String text, String name) {
    assertThat(DockerName.parse(text)).hasToString(name);
  }

  @Test
  void prefersADigestToATag() {
    DockerName name = DockerName.parse("quay.io/a/b:v1@sha256:" + HEX);
    assertThat(name.reference()).isEqualTo("sha256:" + HEX);
    assertThat(name.repository()).isEqualTo("a/b");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "disk.img|expected colon-separated transport:reference",
        "s3:bucket|unknown transport",
        "docker:debian|docker: image reference debian does not start with //",
        "docker://|names no repository",
        "docker://quay.io/|names no repository",
        "docker://quay.io/Team/disk|must be lower-case",
        "docker://quay.io/team/../disk|must be lower-case",
        "docker://quay.io/a//b|must be lower-case",
        "docker://debian:-x|is no tag",
        "docker://debian:|is no tag",
        "docker://debian@md5:00|must be sha256:HEX",
        "docker://debian@sha256:2C26|lower case",
        "docker://debian@sha256:2c26|64 hexadecimal digits",
        "docker://user@quay.io/debian|must be sha256:HEX",
        "docker://a.b?x/debian|is no host",
        "oci-archive:|names no file",
      })
  void refusesWhatIsNoReference(String text, String why) {
    assertThatThrownBy(() -> ImageReference.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "disk.img|Invalid image name \"disk.img\", expected colon-separated transport:reference",
        "ftp://a/b|Invalid image name \"ftp://a/b\", unknown transport",
        "''|Invalid image name \"\", expected colon-separated transport:reference",
      })
  void saysItInTheWordsOfTheReferenceAndNotThatPullingFailed(String text, String words) {
    assertThatThrownBy(() -> TestPulls.of(text).open())
        .isInstanceOf(SourceException.class)
        .hasMessage(words);
  }

  @Test
  void putsNoNewlinesIntoMessages() {
    assertThatThrownBy(() -> TestPulls.of("ftp://a\r\u0085\u009b\u2028\u202eb").open())
        .hasMessage("Invalid image name \"ftp://a b\", unknown transport");
  }

  @Test
  void refusesLongNamesWithoutRecursing() {
    assertThatThrownBy(() -> ImageReference.parse("docker://quay.io/" + "a/".repeat(50_000) + "b"))
        .hasMessageContaining("at most 255");
  }

  @Test
  void takesPathAndTagOfALayoutApart() {
    assertThat(ImageReference.parse("oci-archive:/a/b.tar"))
        .isEqualTo(new ImageReference.Archive(Path.of("/a/b.tar"), Optional.empty()));
    // The first colon ends the path, as with the reference: a path cannot have one.
    assertThat(ImageReference.parse("oci-archive:/a/b:c:d.tar"))
        .isEqualTo(new ImageReference.Archive(Path.of("/a/b"), Optional.of("c:d.tar")));
    assertThat(ImageReference.parse("oci-archive:/a/b.tar:"))
        .isEqualTo(new ImageReference.Archive(Path.of("/a/b.tar"), Optional.empty()));
    assertThat(ImageReference.parse("oci:dir:debian:13"))
        .isEqualTo(new ImageReference.Layout(Path.of("dir"), Optional.of("debian:13")));
  }
}
