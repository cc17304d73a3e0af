package io.gantry.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gantry.linux.Libc;
import io.gantry.testkit.Root;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One archive, unpacked by GNU tar and by us, as root and as the user of the importer's pods. */
class GnuTarOracleTest {

  private static final String USER = "107";

  /** Everything a volume may hold that a tar archive can, with odd names and times. */
  private static final String MAKE_TREE =
      """
      set -e
      umask 022
      mkdir -p d/e/f empty 'dir with space' closed sticky
      echo hello > d/file
      printf 'x%.0s' $(seq 1 5000) > d/e/odd-size
      : > d/empty
      head -c 700000 /dev/urandom > d/e/f/random
      head -c 512 /dev/urandom > block
      truncate -s 5000000 holes
      printf middle | dd of=holes bs=1 seek=2000000 conv=notrunc status=none
      printf end | dd of=holes bs=1 seek=4999997 conv=notrunc status=none
      truncate -s 3000000 only-hole
      truncate -s 1000001 ends-in-hole
      printf begin | dd of=ends-in-hole conv=notrunc status=none
      python3 - <<'P' || true
      f = open('many-holes', 'wb')
      for i in range(100):
          f.seek(i * 65536)
          f.write(b'data' * 1024)
      P
      ln d/file hard
      ln d/file d/e/hard-too
      ln -s d/file symbolic
      ln -s /etc/hostname absolute
      ln -s ../../../outside d/e/up
      ln -s nowhere dangling
      ln symbolic hard-to-link
      mkfifo fifo
      echo closed > closed/file
      touch "$(printf 'new\\nline')" "$(printf '\\377\\376')" 'back\\slash' '"quote"' ' '
      touch -d '1969-12-31 23:59:58.5 UTC' before-epoch
      touch -d '2033-03-03 03:03:03.123456789 UTC' future
      long=$(printf 'l%.0s' $(seq 1 200))
      mkdir -p $long/$long
      echo long > $long/$long/file
      ln -s $long/$long/file long-link
      ln $long/$long/file long-hard
      chmod 4755 d/empty; chmod 2755 block; chmod 6711 holes; chmod 0 future; chmod 0666 d/file
      chmod 1777 sticky; chmod 2775 empty; chmod 0622 fifo
      touch -d '2001-01-01 UTC' d/e/f d/e d empty closed sticky
      touch -h -d '2002-02-02 UTC' symbolic dangling
      chmod 0555 closed
      """;

  record Case(String user, String before, List<String> options) {
    Case(String user, String before, String... options) {
      this(user, before, List.of(options));
    }

    @Override
    public String toString() {
      return (user.equals("0") ? "root" : "uid " + user)
          + (before.isEmpty() ? "" : ", over other things")
          + ": "
          + String.join(" ", options);
    }
  }

  /** Things in the way of the members. */
  private static final String OBSTACLES =
      """
      mkdir -p d/file symbolic closed; echo there > empty; ln -s /etc sticky; echo kept > closed/kept
      echo target > target; ln -s target block; ln -s target fifo; mkfifo hard; mkdir holes
      chmod 0700 closed; touch -d '2003-03-03 UTC' target closed/kept
      """;

  /** A volume with fsGroup: directories hand their group down. */
  private static final String SET_GROUP_ID = "chmod 2775 .";

  static Stream<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (String user : List.of("0", USER)) {
      for (String before : List.of("", OBSTACLES, SET_GROUP_ID)) {
        cases.add(new Case(user, before, "--format=gnu"));
        cases.add(new Case(user, before, "--format=pax", "--sparse"));
      }
      cases.add(new Case(user, "", "--format=oldgnu"));
      cases.add(new Case(user, "", "--format=pax"));
      cases.add(new Case(user, "", "--format=gnu", "--sparse"));
      cases.add(new Case(user, "", "--format=pax", "--sparse", "--sparse-version=0.0"));
      cases.add(new Case(user, "", "--format=pax", "--sparse", "--sparse-version=0.1"));
      cases.add(new Case(user, "", "--format=pax", "--sparse", "--hole-detection=raw"));
      cases.add(
          new Case(
              user,
              "",
              "--format=ustar",
              "--exclude=before*",
              "--exclude=lll*",
              "--exclude=long*"));
      cases.add(
          new Case(
              user,
              "",
              "--format=v7",
              "--exclude=before*",
              "--exclude=lll*",
              "--exclude=long*",
              "--exclude=fifo"));
      cases.add(new Case(user, "", "--format=gnu", "--gzip", "--blocking-factor=1"));
      cases.add(new Case(user, "", "--format=pax", "--xz", "--sort=name", "--hard-dereference"));
      cases.add(new Case(user, "", "--format=gnu", "--incremental"));
      cases.add(new Case(user, "", "--format=gnu", "--label=volume", "--absolute-names"));
    }
    return cases.stream();
  }

  @TempDir static Path shared;
  private static Path tree;

  @TempDir Path folder;

  @BeforeEach
  void makeTree() throws IOException {
    assumeTrue(Libc.isAvailable(), "needs Linux on x86-64 or arm64");
    Root.assume("tar", "setpriv", "find");
    if (tree == null) {
      tree = Files.createDirectory(shared.resolve("tree"));
      Root.run("bash", "-c", "cd " + tree + " && " + MAKE_TREE);
    }
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void unpacksTheSameTree(Case tested) throws IOException {
    Path archive = folder.resolve("archive");
    List<String> pack = new ArrayList<>(List.of("tar", "--create", "--file", archive.toString()));
    pack.addAll(tested.options());
    boolean absolute = pack.contains("--absolute-names");
    pack.addAll(absolute ? List.of(tree.toString()) : List.of("-C", tree.toString(), "."));
    Root.run(pack.toArray(String[]::new));

    Path expected = directory("expected", tested);
    Path actual = directory("actual", tested);
    as(
        tested.user(),
        "tar",
        "--preserve-permissions",
        "--no-same-owner",
        "-xf",
        archive.toString(),
        "-C",
        expected.toString());
    if (tested.user().equals("0")) {
      Unpacking.unpack(Files.readAllBytes(archive), actual);
    } else {
      ExtractMain.runAs(tested.user(), folder, archive, actual);
    }

    List<String> wanted = absolute ? belowTree(expected) : Unpacking.list(expected);
    List<String> found = absolute ? belowTree(actual) : Unpacking.list(actual);
    assertThat(found).hasSizeGreaterThan(20);
    assertThat(without(found, wanted)).isEqualTo(without(wanted, found));
    Root.run(
        "diff",
        "--recursive",
        "--no-dereference",
        "--exclude=fifo",
        expected.toString(),
        actual.toString());
    if (pack.contains("--sparse")) {
      assertThat(Unpacking.blocks(actual)).isLessThanOrEqualTo(Unpacking.blocks(expected));
    }
  }

  /** What the clone source sends of a disk; its sizes do not fit into octal digits. */
  @ParameterizedTest
  @ValueSource(strings = {"gnu", "oldgnu", "pax"})
  void unpacksASparseDiskOfManyGigabytes(String format) throws IOException {
    Path source = Files.createDirectory(folder.resolve("source"));
    Path archive = folder.resolve("archive");
    Root.run(
        "bash",
        "-c",
        """
        cd %s
        truncate -s 30G disk.img
        for at in 0 9 17 29; do
          head -c 100000 /dev/urandom | dd of=disk.img bs=1M seek=${at}K conv=notrunc status=none
        done
        tar --format=%s -cSf %s disk.img
        """
            .formatted(source, format, archive));
    Path actual = Files.createDirectory(folder.resolve("actual"));
    Unpacking.unpack(Files.readAllBytes(archive), actual);
    assertThat(actual.resolve("disk.img")).hasSize(30L << 30);
    assertThat(Unpacking.blocks(actual)).isLessThanOrEqualTo(Unpacking.blocks(source));
    for (String at : List.of("0", "9", "17", "29")) {
      Root.run(
          "cmp",
          "--ignore-initial=" + at + "GiB",
          "--bytes=1MiB",
          source.resolve("disk.img").toString(),
          actual.resolve("disk.img").toString());
    }
  }

  /** The directories on the way to it have the time of the test. */
  private static List<String> belowTree(Path directory) throws IOException {
    return Unpacking.list(directory.resolve(tree.toString().substring(1)));
  }

  /** What is different, which is less to read than both. */
  private static List<String> without(List<String> lines, List<String> others) {
    return lines.stream().filter(line -> !others.contains(line)).toList();
  }

  private Path directory(String name, Case tested) throws IOException {
    Path directory = Files.createDirectory(folder.resolve(name));
    Root.run("chown", tested.user() + ":" + tested.user(), directory.toString());
    as(tested.user(), "bash", "-c", "cd " + directory + "\n" + tested.before());
    return directory;
  }

  private static void as(String user, String... command) throws IOException {
    Root.run(
        Stream.concat(
                Stream.of("setpriv", "--reuid=" + user, "--regid=" + user, "--clear-groups"),
                Arrays.stream(command))
            .toArray(String[]::new));
  }
}
