package io.gantry.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.image.WrongContentException;
import io.gantry.testkit.TarBuilder;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ContentGuardTest {

  private static final int HEAD = 4096;

  private static Optional<String> judge(byte[] content) {
    return ContentGuard.describe(ByteBuffer.wrap(content, 0, Math.min(HEAD, content.length)));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Text that goes on behind the head, so that only its beginning can tell. */
  private static byte[] goesOn(String text) {
    return bytes(text + "\nand more of the same".repeat(1000));
  }

  static Stream<Arguments> documents() {
    return Stream.of(
        Arguments.of("", "nothing at all"),
        Arguments.of("<!DOCTYPE html><html>", "an HTML page: \"<!DOCTYPE html><html>\""),
        Arguments.of(
            "\n\n<HTML lang=en><head>\n<TITLE>404 Not\nFound</TITLE>",
            "an HTML page: \"<TITLE>404 Not Found</TITLE>\""),
        Arguments.of("<head><meta charset=utf-8>", "an HTML page: \"<head><meta charset=utf-8>\""),
        Arguments.of("<!-- maintenance --><html>", "an HTML page: \"<!-- maintenance --><html>\""),
        Arguments.of(
            "<?xml version=\"1.0\"?><!DOCTYPE html><html xmlns=\"x\"><title>T</title>",
            "an HTML page: \"<title>T</title>\""),
        Arguments.of(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>NoSuchKey</Code>",
            "an XML document: \"<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
                + " <Error><Code>NoSuchKe…\""),
        Arguments.of("<Error><Code>AccessDenied", "an XML document: \"<Error><Code>AccessDenied\""),
        Arguments.of("<ns:a b = 'c'/>", "an XML document: \"<ns:a b = 'c'/>\""),
        Arguments.of("{\"errors\":[]}", "a JSON document: \"{\"errors\":[]}\""),
        Arguments.of(" [ {\"a\": 1} ]", "a JSON document: \"[ {\"a\": 1} ]\""),
        Arguments.of("{}", "a JSON document: \"{}\""),
        Arguments.of(
            "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n",
            "a Git LFS pointer and not the file it stands for:"
                + " \"version https://git-lfs.github.com/spec/v1 oid sha256:4d7a s…\""),
        Arguments.of("404 page not found\n", "a text: \"404 page not found\""),
        Arguments.of(
            "Zugriff verweigert: überlastet", "a text: \"Zugriff verweigert: überlastet\""),
        Arguments.of("x", "a text: \"x\""));
  }

  @ParameterizedTest
  @MethodSource("documents")
  void knowsDocuments(String text, String seen) {
    assertThat(judge(bytes(text))).contains(seen);
    if (!seen.startsWith("a text") && !text.isEmpty()) {
      assertThat(judge(goesOn(text))).get().asString().startsWith(seen.substring(0, 9));
    }
  }

  @Test
  void tellsAVmdkDescriptorFromADiskThatBeginsLikeOne() {
    String words = "# Disk DescriptorFile\nversion=1\nRW 2048 FLAT \"/etc/passwd\" 0\n";
    byte[] padded = Arrays.copyOf(bytes(words), 512);
    byte[] longDisk = Arrays.copyOf(bytes(words), 1 << 20);
    byte[] binary = padded.clone();
    binary[511] = 1;

    assertThat(judge(bytes(words))).get().asString().startsWith("a VMDK descriptor");
    assertThat(judge(padded)).get().asString().startsWith("a VMDK descriptor");
    assertThat(judge(goesOn(words))).get().asString().startsWith("a VMDK descriptor");
    assertThat(judge(longDisk)).isEmpty();
    assertThat(judge(binary)).isEmpty();
  }

  @Test
  void knowsDocumentsBehindAByteOrderMark() {
    String page = "\uFEFF<html><title>Über</title>";
    for (Charset charset :
        new Charset[] {
          StandardCharsets.UTF_8, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE
        }) {
      assertThat(judge(page.getBytes(charset))).contains("an HTML page: \"<title>Über</title>\"");
      assertThat(judge((page + "\u00FC".repeat(5000)).getBytes(charset))).isPresent();
    }
  }

  @Test
  void showsNothingThatHarmsATerminal() {
    assertThat(judge(bytes("safe \u202Egnp.exe\u200B"))).contains("a text: \"safe ?gnp.exe?\"");
    assertThat(judge(bytes("\u001B[2J<html>"))).isEmpty();
  }

  static Stream<Arguments> disks() {
    byte[] random = new byte[1 << 20];
    new Random(5).nextBytes(random);
    return Stream.of(
        Arguments.of("zeros", new byte[1 << 20]),
        Arguments.of("one sector of zeros", new byte[512]),
        Arguments.of("one zero", new byte[1]),
        Arguments.of("random", random),
        Arguments.of("a boot sector", sector("eb3c904d53444f53352e30", "55aa")),
        Arguments.of(
            "GRUB with its messages", withText(sector("eb63", "55aa"), 0x180, "GRUB \0Geom")),
        Arguments.of("a protective MBR", sector("", "0000ee0000000100000000ff55aa")),
        Arguments.of("ISO 9660", at(new byte[1 << 16], 0x8000, "\u0001CD001")),
        Arguments.of("ext4", at(new byte[1 << 16], 0x438, "S\u00EF")),
        Arguments.of("LUKS", at(new byte[1 << 16], 0, "LUKS\u00BA\u00BE\0\2aes\0")),
        Arguments.of("squashfs", at(new byte[1 << 16], 0, "hsqs\7\0\0\0")),
        Arguments.of("XFS", at(new byte[1 << 16], 0, "XFSB\0\0\20\0")),
        Arguments.of("an LVM volume", at(new byte[1 << 16], 512, "LABELONE")),
        Arguments.of("swap", at(new byte[1 << 16], 4086, "SWAPSPACE2")),
        Arguments.of("QCOW2", at(new byte[1 << 16], 0, "QFI\u00FB\0\0\0\3")),
        Arguments.of("a tar of a page", new TarBuilder().file("index.html", "<html>").end()),
        Arguments.of("a tar with a tag for a name", new TarBuilder().file("<html>", "x").end()),
        Arguments.of("a page with a NUL", bytes("<html>\0")),
        Arguments.of("a page with a DEL", bytes("<html>\u007f")),
        Arguments.of("a page in no charset we know", at(bytes("<html>    "), 6, "\u00E4")),
        Arguments.of(
            "a page, and binary behind its sector",
            Arrays.copyOf(bytes("<html>" + "x".repeat(600)), 1 << 16)),
        Arguments.of("two sectors of text", bytes("x".repeat(1024))),
        Arguments.of("text all over", bytes("nothing but text. ".repeat(600_000))),
        Arguments.of("lines of spaces", bytes(" \n".repeat(1 << 20))),
        Arguments.of("text in brackets", bytes("[section]\nkey = value\n".repeat(10_000))),
        Arguments.of("a shell script with a payload", goesOn("#!/bin/sh\nexec tail -c +1000 $0\n")),
        Arguments.of("mathematics", goesOn("a < b and b > c { x }")),
        Arguments.of("text cut in the middle of a character", bytes("\u00FC".repeat(1 << 20))),
        Arguments.of("a short text and zeros", Arrays.copyOf(bytes("label\n"), 512)));
  }

  private static byte[] sector(String beginHex, String endHex) {
    byte[] sector = new byte[512];
    byte[] begin = java.util.HexFormat.of().parseHex(beginHex);
    byte[] end = java.util.HexFormat.of().parseHex(endHex);
    System.arraycopy(begin, 0, sector, 0, begin.length);
    System.arraycopy(end, 0, sector, 512 - end.length, end.length);
    return sector;
  }

  private static byte[] withText(byte[] bytes, int offset, String text) {
    return at(bytes, offset, text);
  }

  private static byte[] at(byte[] bytes, int offset, String text) {
    byte[] put = text.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(put, 0, bytes, offset, put.length);
    return bytes;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("disks")
  void letsEveryDiskPass(String name, byte[] disk) {
    assertThat(judge(disk)).as(name).isEmpty();
  }

  @Test
  void saysWhatCameAndWhatToDo() {
    assertThatThrownBy(() -> ContentGuard.check(ByteBuffer.wrap(bytes("<html>")), "http://x/y"))
        .isInstanceOf(WrongContentException.class)
        .hasMessage(
            "http://x/y: holds an HTML page: \"<html>\", not an image; see what is behind that"
                + " address, and whether it wants a login");
    ByteBuffer head = ByteBuffer.wrap(new byte[512]);
    assertThat(head.remaining()).isEqualTo(512);
  }
}
