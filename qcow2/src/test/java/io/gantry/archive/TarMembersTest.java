package io.gantry.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.image.ImageException;
import io.gantry.image.ImageTooLargeException;
import io.gantry.image.MalformedImageException;
import io.gantry.testkit.SourceContract;
import io.gantry.testkit.TarBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A tar that is looked into, and not unpacked. */
final class TarMembersTest {

  private static final byte[] DATA = SourceContract.bytes(1024 + 700);
  private static final int SPARSE_SIZE = 300_000;

  @TempDir private Path folder;

  @Test
  void tellsNameKindAndSizeOfEveryMember() throws Exception {
    byte[] tar =
        new TarBuilder()
            .directory("a/")
            .file("a/b", "content")
            .symbolicLink("link", "a/b")
            .hardLink("other", "a/b")
            .add(TarBuilder.header("pipe", '6'))
            .add(TarBuilder.header("disk", '4'))
            .add(TarBuilder.header("unknown", 'Q').size(3), new byte[3])
            .end();

    assertThat(all(tar))
        .containsExactly(
            new TarMember("a/", TarMember.Kind.DIRECTORY, 0, false, 512),
            new TarMember("a/b", TarMember.Kind.FILE, 7, false, 1024),
            new TarMember("link", TarMember.Kind.OTHER, 0, false, 2048),
            new TarMember("other", TarMember.Kind.OTHER, 0, false, 2560),
            new TarMember("pipe", TarMember.Kind.OTHER, 0, false, 3072),
            new TarMember("disk", TarMember.Kind.OTHER, 0, false, 3584),
            new TarMember("unknown", TarMember.Kind.FILE, 3, false, 4096));
  }

  @Test
  void tellsNamesAsTheyAreWhereverTheyLead() throws Exception {
    String deep = "d/".repeat(3000) + "x";
    byte[] tar =
        new TarBuilder()
            .file("/etc/passwd", "")
            .file("../../x", "")
            .file("", "")
            .pax("path", deep)
            .file("short", "")
            .extended('L', "long".repeat(100) + "\0")
            .file("short", "")
            .pax("path", "caf\u00c3\u00a9")
            .file("short", "")
            .end();

    assertThat(all(tar))
        .extracting(TarMember::name)
        .containsExactly("/etc/passwd", "../../x", "", deep, "long".repeat(100), "caf\u00e9");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gnu", "0.0", "0.1", "1.0"})
  void fillsTheHolesOfSparseMembers(String version) throws Exception {
    byte[] expected = new byte[SPARSE_SIZE];
    System.arraycopy(DATA, 0, expected, 4096, 1024);
    System.arraycopy(DATA, 1024, expected, 200_000, 700);
    byte[] tar = sparse(version).file("next", "n").end();

    try (TarMembers members = members(tar)) {
      TarMember member = members.next().orElseThrow();
      assertThat(member.name()).isEqualTo("sparse");
      assertThat(member.size()).isEqualTo(SPARSE_SIZE);
      assertThat(member.sparse()).isTrue();
      assertThat(member.kind()).isEqualTo(TarMember.Kind.FILE);
      assertThat(SourceContract.readAll(members.content(), ByteBuffer.allocate(1000)))
          .isEqualTo(expected);
      assertThat(members.next()).map(TarMember::name).contains("next");
    }
    // Half read and not read at all, it is passed over.
    try (TarMembers members = members(tar)) {
      members.next();
      assertThat(members.content().read(ByteBuffer.allocate(5000))).isPositive();
      assertThat(members.content().read(ByteBuffer.allocate(5000))).isPositive();
      assertThat(members.next()).map(TarMember::name).contains("next");
    }
    assertThat(all(tar)).extracting(TarMember::name).containsExactly("sparse", "next");
  }

  private static TarBuilder sparse(String version) {
    TarBuilder tar = new TarBuilder();
    String size = String.valueOf(SPARSE_SIZE);
    switch (version) {
      case "gnu" ->
          tar.add(
              TarBuilder.header("sparse", 'S')
                  .gnu()
                  .size(DATA.length)
                  .sparse(0, 4096, 1024)
                  .sparse(1, 200_000, 700)
                  .realSize(SPARSE_SIZE),
              DATA);
      case "0.0" ->
          tar.pax(
                  "GNU.sparse.size", size,
                  "GNU.sparse.numblocks", "2",
                  "GNU.sparse.offset", "4096",
                  "GNU.sparse.numbytes", "1024",
                  "GNU.sparse.offset", "200000",
                  "GNU.sparse.numbytes", "700")
              .add(TarBuilder.header("sparse", '0').size(DATA.length), DATA);
      case "0.1" ->
          tar.pax(
                  "GNU.sparse.size", size,
                  "GNU.sparse.name", "sparse",
                  "GNU.sparse.map", "4096,1024,200000,700")
              .add(TarBuilder.header("GNUSparseFile.0/x", '0').size(DATA.length), DATA);
      default -> {
        byte[] map =
            Arrays.copyOf("2\n4096\n1024\n200000\n700\n".getBytes(StandardCharsets.US_ASCII), 512);
        tar.pax(
                "GNU.sparse.major", "1",
                "GNU.sparse.minor", "0",
                "GNU.sparse.name", "sparse",
                "GNU.sparse.realsize", size)
            .add(TarBuilder.header("GNUSparseFile.0/x", '0').size(512 + DATA.length))
            .data(map)
            .data(DATA);
      }
    }
    return tar;
  }

  @Test
  void readsNoFurtherThanTheMemberAskedForAndOneBuffer() throws Exception {
    byte[] tar = new TarBuilder().file("first", "x".repeat(5 << 20)).end();
    try (ReadableByteChannel in = Channels.newChannel(new ByteArrayInputStream(tar))) {
      new TarMembers(in, ArchiveLimits.DEFAULT).next();

      assertThat(SourceContract.readAll(in, ByteBuffer.allocate(1 << 20)))
          .hasSize(tar.length - (64 << 10));
    }
  }

  @Test
  void passesOverContentInAFileWithoutReadingIt() throws Exception {
    Path file = folder.resolve("large.tar");
    byte[] rest = new TarBuilder().file("small", "here").end();
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      long size = 1L << 40;
      byte[] header = new TarBuilder().add(TarBuilder.header("hole", '0').binarySize(size)).cut();
      channel.write(ByteBuffer.wrap(header));
      channel.write(ByteBuffer.wrap(rest), header.length + size);
    }
    try (TarMembers members = new TarMembers(FileChannel.open(file), ArchiveLimits.DEFAULT)) {
      members.next();
      TarMember small = members.next().orElseThrow();
      assertThat(small.at()).isEqualTo((1L << 40) + 1024);
      assertThat(SourceContract.readAll(members.content(), ByteBuffer.allocate(9)))
          .asString()
          .isEqualTo("here");
    }
  }

  @Test
  void takesAnArchiveWithoutEndMarkerForWholeAndOneThatEndsElsewhereNot() throws Exception {
    byte[] tar = new TarBuilder().file("a", "x".repeat(1000)).cut();
    assertThat(all(tar)).hasSize(1);
    for (int length : new int[] {100, 512, 600, 1024, 1535}) {
      assertThatThrownBy(() -> all(Arrays.copyOf(tar, length)))
          .isInstanceOf(MalformedImageException.class)
          .hasMessageContaining("cut short");
      Path file = Files.write(folder.resolve("cut"), Arrays.copyOf(tar, length));
      assertThatThrownBy(() -> all(FileChannel.open(file)))
          .isInstanceOf(MalformedImageException.class)
          .hasMessageContaining("cut short");
    }
  }

  @Test
  void tellsTheContentThatIsCutShort() throws Exception {
    byte[] tar = new TarBuilder().file("a", "x".repeat(100_000)).cut();
    try (TarMembers members = members(Arrays.copyOf(tar, 90_000))) {
      members.next();
      assertThatThrownBy(() -> SourceContract.readAll(members.content(), ByteBuffer.allocate(7000)))
          .isInstanceOf(MalformedImageException.class)
          .hasMessageContaining("cut short");
    }
  }

  @Test
  void boundsWhatHeadersTake() {
    String huge = "x".repeat((4 << 20) + 1);
    assertThatThrownBy(() -> all(new TarBuilder().extended('L', huge).file("a", "").end()))
        .isInstanceOf(ImageTooLargeException.class)
        .hasMessageContaining("the limit is 4194304");
  }

  @Test
  void everyBitFlippedIsMembersOrAnError() throws Exception {
    for (String version : List.of("gnu", "0.0", "0.1", "1.0")) {
      byte[] tar = sparse(version).directory("d").file("next", "n").end();
      for (int i = 0; i < tar.length; i += 3) {
        byte[] flipped = tar.clone();
        flipped[i] ^= (byte) (1 << (i % 8));
        TarBuilder.repairChecksum(flipped, i - i % 512);
        try {
          all(flipped);
        } catch (ImageException expected) {
          assertThat(String.valueOf(expected.getMessage()).lines()).hasSize(1);
        }
      }
    }
  }

  @Test
  void tellsATarByItsChecksum() {
    ByteBuffer head = ByteBuffer.wrap(new TarBuilder().file("a", "").cut());
    assertThat(TarMembers.isTar(head)).isTrue();
    assertThat(head.position()).isZero();
    assertThat(TarMembers.isTar(head.slice(0, 511))).isFalse();
    assertThat(TarMembers.isTar(ByteBuffer.allocate(512))).isFalse();
    assertThat(TarMembers.isTar(ByteBuffer.wrap(SourceContract.bytes(512)))).isFalse();
  }

  private static List<TarMember> all(byte[] tar) throws IOException {
    return all(Channels.newChannel(new ByteArrayInputStream(tar)));
  }

  private static List<TarMember> all(ReadableByteChannel in) throws IOException {
    List<TarMember> all = new ArrayList<>();
    try (TarMembers members = new TarMembers(in, ArchiveLimits.DEFAULT)) {
      for (Optional<TarMember> next = members.next(); next.isPresent(); next = members.next()) {
        all.add(next.get());
      }
    }
    return all;
  }

  private static TarMembers members(byte[] tar) {
    return new TarMembers(
        Channels.newChannel(new ByteArrayInputStream(tar)), ArchiveLimits.DEFAULT);
  }
}
