package io.gantry.format;

import io.gantry.image.WrongContentException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Tells a document that came instead of an image: the log-in page of a proxy with status 200, the
 * XML of an object store, a pointer of Git LFS, nothing. A raw disk has no magic, so without this
 * each of them is one.
 *
 * <p>Whatever is binary is a disk. Text is a document only when it begins like a known kind, or
 * when all there is is a few kilobytes of text and no whole number of sectors. Disks are not
 * refused by that: every boot sector, partition table, file system and archive has a NUL or another
 * control character in its first 512 bytes, and a disk that is text all over is longer than a
 * message, or has at least a disk's length.
 */
public final class ContentGuard {

  private static final int SECTOR_BYTES = 512;

  /** What is text so far is not looked at any longer. */
  private static final int JUDGED_BYTES = SECTOR_BYTES;

  /** A head shorter than this is all there is ({@code Unwrapped} and {@code Planner} see to it). */
  private static final int HEAD_BYTES = 4096;

  private static final int SHOWN_MAX = 60;

  private static final Pattern HTML =
      Pattern.compile("<(!doctype\\s+html|html|head|title|body|script|meta)\\b.*", Pattern.DOTALL);

  /** A declaration, a document type, a comment, or an element with or without a namespace. */
  private static final Pattern XML =
      Pattern.compile(
          "<(\\?xml\\s|!doctype\\s|!--|[a-z_][\\w.:-]*(\\s+[\\w.:-]+\\s*=|\\s*/?>)).*",
          Pattern.DOTALL);

  /** The second token tells an object or array from other text in brackets, as in an INI file. */
  private static final Pattern JSON =
      Pattern.compile("(\\{\\s*[\"}]|\\[\\s*[\\[{\"\\]]).*", Pattern.DOTALL);

  private static final Pattern LFS_POINTER =
      Pattern.compile("version https?://(git-lfs|hawser)\\.github\\.com/spec/.*", Pattern.DOTALL);

  private static final byte[] VMDK_DESCRIPTOR =
      "# Disk DescriptorFile".getBytes(StandardCharsets.US_ASCII);

  private static final Pattern TITLE =
      Pattern.compile("<title\\b.*", Pattern.DOTALL | Pattern.CASE_INSENSITIVE);

  /** What a text may look like. */
  private enum Kind {
    EMPTY("nothing at all"),
    HTML("an HTML page"),
    XML("an XML document"),
    JSON("a JSON document"),
    LFS_POINTER("a Git LFS pointer and not the file it stands for"),
    VMDK_DESCRIPTOR("a VMDK descriptor, which only names the files with the disk"),
    TEXT("a text");

    private final String shown;

    Kind(String shown) {
      this.shown = shown;
    }
  }

  private ContentGuard() {}

  /**
   * Refuses what is no disk.
   *
   * @param head the first {@value #HEAD_BYTES} bytes, or all there are, not wrapped in anything
   * @param name of the source, for the message
   */
  public static void check(ByteBuffer head, String name) throws WrongContentException {
    Optional<String> wrong = describe(head);
    if (wrong.isPresent()) {
      throw new WrongContentException(
          "%s: holds %s, not an image; see what is behind that address, and whether it wants a login"
              .formatted(name, wrong.get()));
    }
  }

  /** Says what the content is, if it is wrong: {@code an HTML page: "<title>Not Found</title>"}. */
  static Optional<String> describe(ByteBuffer head) {
    if (!head.hasRemaining()) {
      return Optional.of(Kind.EMPTY.shown);
    }
    boolean whole = head.remaining() < HEAD_BYTES;
    if (isVmdkDescriptor(head, whole)) {
      return Optional.of(Kind.VMDK_DESCRIPTOR.shown);
    }
    Optional<String> text =
        hasNul(head) && !isWide(head)
            ? Optional.empty()
            : decode(head, Math.min(JUDGED_BYTES, head.remaining()));
    return text.flatMap(
        begin ->
            kind(begin)
                .or(() -> whole && isMessage(head) ? Optional.of(Kind.TEXT) : Optional.empty())
                .map(kind -> "%s: \"%s\"".formatted(kind.shown, excerpt(kind, begin))));
  }

  /**
   * Text from the beginning to the end, of which qemu-img fills up the last sector with NULs. A raw
   * disk that begins with the same words goes on with something else.
   */
  private static boolean isVmdkDescriptor(ByteBuffer head, boolean whole) {
    int length = VMDK_DESCRIPTOR.length;
    if (head.remaining() < length
        || !head.slice(head.position(), length).equals(ByteBuffer.wrap(VMDK_DESCRIPTOR))) {
      return false;
    }
    int end = head.limit();
    while (whole && head.get(end - 1) == 0) {
      end--;
    }
    return isText(head.slice(head.position(), end - head.position()));
  }

  /** No document has one, but for those of two bytes a character. */
  private static boolean hasNul(ByteBuffer head) {
    for (int i = head.position(); i < head.limit(); i++) {
      if (head.get(i) == 0) {
        return true;
      }
    }
    return false;
  }

  private static boolean isWide(ByteBuffer head) {
    return !charset(head.duplicate()).equals(StandardCharsets.UTF_8);
  }

  private static boolean isMessage(ByteBuffer content) {
    return content.remaining() % SECTOR_BYTES != 0 && isText(content);
  }

  private static boolean isText(ByteBuffer head) {
    return decode(head, head.remaining()).isPresent();
  }

  private static Optional<Kind> kind(String text) {
    String begin = text.stripLeading().toLowerCase(Locale.ROOT);
    if (HTML.matcher(begin).matches()) {
      return Optional.of(Kind.HTML);
    }
    if (XML.matcher(begin).matches()) {
      return Optional.of(begin.contains("<html") ? Kind.HTML : Kind.XML);
    }
    if (JSON.matcher(begin).matches()) {
      return Optional.of(Kind.JSON);
    }
    return LFS_POINTER.matcher(begin).matches() ? Optional.of(Kind.LFS_POINTER) : Optional.empty();
  }

  /** The first {@code length} bytes as text, when they are; a character may be cut at the end. */
  private static Optional<String> decode(ByteBuffer head, int length) {
    ByteBuffer bytes = head.slice(head.position(), length);
    Charset charset = charset(bytes);
    CharBuffer chars = CharBuffer.allocate(length);
    CoderResult result =
        charset
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .decode(
                bytes, chars, length == head.remaining() && charset.equals(StandardCharsets.UTF_8));
    if (result.isError()) {
      return Optional.empty();
    }
    String text = chars.flip().toString();
    return text.chars().allMatch(ContentGuard::isTextCharacter)
        ? Optional.of(text)
        : Optional.empty();
  }

  /** Told by the byte order mark, which is passed; UTF-8 may have one, UTF-16 must. */
  private static Charset charset(ByteBuffer bytes) {
    if (startsWith(bytes, 0xef, 0xbb, 0xbf)) {
      bytes.position(3);
    } else if (startsWith(bytes, 0xff, 0xfe)) {
      bytes.position(2);
      return StandardCharsets.UTF_16LE;
    } else if (startsWith(bytes, 0xfe, 0xff)) {
      bytes.position(2);
      return StandardCharsets.UTF_16BE;
    }
    return StandardCharsets.UTF_8;
  }

  private static boolean startsWith(ByteBuffer bytes, int... mark) {
    if (bytes.remaining() < mark.length) {
      return false;
    }
    for (int i = 0; i < mark.length; i++) {
      if (Byte.toUnsignedInt(bytes.get(i)) != mark[i]) {
        return false;
      }
    }
    return true;
  }

  private static boolean isTextCharacter(int c) {
    return !Character.isISOControl(c) || c == '\t' || c == '\r' || c == '\n' || c == '\f';
  }

  /** What tells a reader most: the title of a page, the beginning of anything else. */
  private static String excerpt(Kind kind, String text) {
    String from = text;
    if (kind == Kind.HTML) {
      var title = TITLE.matcher(text);
      from = title.find() ? title.group() : text;
    }
    String line = from.strip().replaceAll("\\s+", " ");
    StringBuilder shown = new StringBuilder();
    line.codePoints()
        .limit(SHOWN_MAX)
        .map(c -> isPrintable(c) ? c : '?')
        .forEach(shown::appendCodePoint);
    return line.codePointCount(0, line.length()) > SHOWN_MAX ? shown + "…" : shown.toString();
  }

  /** Formatting characters could turn the direction of the line it is printed on. */
  private static boolean isPrintable(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.UNASSIGNED -> false;
      default -> true;
    };
  }
}
