package io.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.testkit.CertificateAuthority;
import io.gantry.testkit.DockerRegistry;
import io.gantry.testkit.FaultyLink;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Disks in container images that tar packed and skopeo pushed to a real registry; never with
 * scratch space.
 */
final class RegistryTest {

  private static final long SIZE = (24L << 20) + 512;

  /** What lies in {@code disk/}, and how its layer is packed. */
  private static final List<String> IMAGES =
      List.of(
          "raw-none",
          "raw-gzip",
          "raw-zstd",
          "raw-sparse",
          "raw-pax",
          "raw.gz-none",
          "raw.xz-gzip",
          "qcow2-none",
          "qcow2-gzip",
          "qcow2-zstd",
          "qcow2.zst-gzip",
          "deflate-gzip");

  @TempDir(factory = InMemory.class)
  private static Path folder;

  private static Path disk;
  private static CertificateAuthority authority;
  private static DockerRegistry plain;
  private static DockerRegistry tls;

  private final Path target = folder.resolve("target");

  @BeforeAll
  static void push() throws Exception {
    Assumptions.assumeTrue(Tool.exists("skopeo"), "skopeo is not installed (Debian package)");
    disk = GuestDisk.write(folder.resolve("disk.raw"), SIZE, 11);
    Path root = Files.createDirectory(folder.resolve("root"));
    plain = DockerRegistry.serve(root);
    authority = CertificateAuthority.in(folder.resolve("authority"));
    tls = DockerRegistry.serveTls(root, authority.issue("server", "IP:127.0.0.1"));
    makeDisks();
    for (String name : IMAGES) {
      Path layout = OciLayout.write(folder.resolve(name), layer(name));
      Tool.run(
          "skopeo",
          "copy",
          "--insecure-policy",
          "--dest-tls-verify=false",
          "oci:" + layout,
          "docker://%s/team/%s:v1".formatted(plain.host(), name.replace('.', '-')));
    }
  }

  private static void makeDisks() throws Exception {
    Path qcow2 = folder.resolve("disk.qcow2");
    Tool.run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", disk, qcow2);
    Tool.run(
        "qemu-img",
        "convert",
        "-c",
        "-f",
        "raw",
        "-O",
        "qcow2",
        disk,
        folder.resolve("disk.deflate"));
    Tool.filter(disk, folder.resolve("disk.raw.gz"), "gzip", "-1");
    Tool.filter(disk, folder.resolve("disk.raw.xz"), "xz", "-0");
    Tool.filter(qcow2, folder.resolve("disk.qcow2.zst"), "zstd", "-q");
  }

  /** Packs one as users do: a file of any name in the directory disk, owned by qemu (107). */
  private static Path layer(String name) throws Exception {
    String[] diskAndPacking = name.split("-", -1);
    Path tree = Files.createDirectories(folder.resolve(name + ".tree"));
    Path inside = Files.createDirectories(tree.resolve("disk")).resolve("guest.img");
    Tool.run("cp", "--sparse=always", folder.resolve("disk." + diskAndPacking[0]), inside);
    Path tar = folder.resolve(name + ".tar");
    List<Object> words = new ArrayList<>(List.of("tar", "--owner=107", "--group=107"));
    switch (diskAndPacking[1]) {
      case "sparse" -> words.addAll(List.of("--sparse", "--format=gnu"));
      case "pax" -> words.addAll(List.of("--sparse", "--format=posix"));
      default -> words.add("--format=ustar");
    }
    words.addAll(List.of("-C", tree, "-cf", tar, "disk"));
    Tool.run(words.toArray());
    Path packed = folder.resolve(name + ".layer");
    switch (diskAndPacking[1]) {
      case "gzip" -> Tool.filter(tar, packed, "gzip", "-1");
      case "zstd" -> Tool.filter(tar, packed, "zstd", "-q");
      default -> Files.move(tar, packed);
    }
    return packed;
  }

  @AfterAll
  static void stop() {
    for (DockerRegistry registry : new DockerRegistry[] {plain, tls}) {
      if (registry != null) {
        registry.close();
      }
    }
  }

  @AfterEach
  void removeTarget() throws Exception {
    Files.deleteIfExists(target);
  }

  static Stream<String> images() {
    return IMAGES.stream();
  }

  @ParameterizedTest
  @MethodSource("images")
  void convertsFromARegistry(String name) throws Exception {
    expectDisk(InProcess.gantry("convert", "--insecure", reference(plain.port(), name), target));
  }

  @ParameterizedTest
  @MethodSource("images")
  void convertsFromALayout(String name) throws Exception {
    expectDisk(InProcess.gantry("convert", "oci:" + folder.resolve(name), target));
    Path archive = folder.resolve(name + ".archive");
    Tool.run("tar", "-C", folder.resolve(name), "-cf", archive, ".");
    Files.delete(target);
    expectDisk(InProcess.gantry("convert", "oci-archive:" + archive, target));
    Files.delete(archive);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void convertsOverConnectionsCutEveryFewMegabytes(boolean abruptly) throws Exception {
    for (String name : List.of("qcow2-none", "raw-none")) {
      try (FaultyLink link = FaultyLink.to(plain.port()).cutEvery(2_000_000, abruptly)) {
        expectDisk(InProcess.gantry("convert", "--insecure", reference(link.port(), name), target));
        assertThat(link.connections()).isGreaterThan(2);
      }
      Files.delete(target);
    }
  }

  @Test
  void convertsInAProcessOfItsOwn() throws Exception {
    expectDisk(
        Program.gantry(
                "convert",
                "--ca-file",
                authority.certificate(),
                "--mirror",
                "127.0.0.1:%d=127.0.0.1:1".formatted(tls.port()),
                reference(tls.port(), "qcow2-gzip"),
                target)
            .run());
  }

  @Test
  void refusesInOneLine() throws Exception {
    InProcess.gantry("convert", "--insecure", reference(plain.port(), "none"), target)
        .expectRefused(3);
    InProcess.gantry(
            "convert", "--insecure", "--arch", "s390x", reference(plain.port(), "raw-gzip"), target)
        .expectRefused(4);
    InProcess.gantry("convert", "docker:debian", target).expectRefused(2);
    for (String mirror : List.of("a", "a=", "a=b c", "a=http://b")) {
      InProcess.gantry("convert", "--mirror", mirror, "docker://debian", target).expectRefused(2);
    }
    assertThat(target).doesNotExist();
  }

  private static String reference(int port, String name) {
    return "docker://127.0.0.1:%d/team/%s:v1".formatted(port, name.replace('.', '-'));
  }

  private void expectDisk(Outcome outcome) throws Exception {
    outcome.expectDone();
    Disks.assertSame(disk, target);
  }
}
