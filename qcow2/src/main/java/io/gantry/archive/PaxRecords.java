package io.gantry.archive;

import io.gantry.image.MalformedImageException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What extended headers say of a member (POSIX.1-2024, pax, "pax Extended Header"): records of the
 * form {@code "%d %s=%s\n", length, keyword, value}. Only the keywords that mean something here are
 * kept; owners and extended attributes do not.
 *
 * @param values by keyword, one char a byte; an empty one takes a global one back
 */
record PaxRecords(Map<String, String> values) {

  static final PaxRecords NONE = new PaxRecords(Map.of());

  static final String PATH = "path";
  static final String LINK_PATH = "linkpath";
  static final String SIZE = "size";
  static final String SPARSE_NAME = "GNU.sparse.name";
  static final String SPARSE_MAP = "GNU.sparse.map";
  static final String SPARSE_SIZE = "GNU.sparse.size";
  static final String SPARSE_REAL_SIZE = "GNU.sparse.realsize";
  private static final String SPARSE_MAJOR = "GNU.sparse.major";
  private static final String SPARSE_MINOR = "GNU.sparse.minor";
  private static final String MODIFIED = "mtime";

  /** Version 0.0 of GNU sparse maps has a record for each number, where 0.1 has a list. */
  private static final Set<String> SPARSE_NUMBERS =
      Set.of("GNU.sparse.offset", "GNU.sparse.numbytes");

  private static final Set<String> KEPT =
      Set.of(
          PATH,
          LINK_PATH,
          SIZE,
          SPARSE_NAME,
          SPARSE_MAP,
          SPARSE_SIZE,
          SPARSE_REAL_SIZE,
          SPARSE_MAJOR,
          SPARSE_MINOR,
          MODIFIED);

  private static final Pattern NUMBER = Pattern.compile("\\d{1,18}|\\d{19}");

  private static final Pattern TIME = Pattern.compile("-?\\d{1,20}(\\.\\d{0,40})?");

  /** Reads the records in {@code bytes}, the body of the header at {@code at}. */
  static PaxRecords parse(byte[] bytes, long at) throws MalformedImageException {
    Map<String, String> values = new HashMap<>();
    StringBuilder sparseNumbers = new StringBuilder();
    int from = 0;
    while (from < bytes.length) {
      int end = from + recordLength(bytes, from, at);
      int keyword = indexOf(bytes, ' ', from, end) + 1;
      int equals = indexOf(bytes, '=', keyword, end);
      if (equals < 0 || bytes[end - 1] != '\n') {
        throw malformed(at, from);
      }
      String name = ByteText.of(bytes, keyword, equals);
      String value = ByteText.of(bytes, equals + 1, end - 1);
      if (SPARSE_NUMBERS.contains(name)) {
        sparseNumbers.append(sparseNumbers.isEmpty() ? "" : ",").append(value);
      } else if (KEPT.contains(name)) {
        values.put(name, value);
      }
      from = end;
    }
    if (!sparseNumbers.isEmpty()) {
      values.put(SPARSE_MAP, sparseNumbers.toString());
    }
    return new PaxRecords(Map.copyOf(values));
  }

  /** The length counts itself, the space behind it, and the line end. */
  private static int recordLength(byte[] bytes, int from, long at) throws MalformedImageException {
    int length = 0;
    int digit = from;
    while (digit < bytes.length && bytes[digit] >= '0' && bytes[digit] <= '9') {
      length = 10 * length + bytes[digit] - '0';
      if (length > bytes.length - from) {
        throw malformed(at, from);
      }
      digit++;
    }
    boolean holdsItself = digit < bytes.length && bytes[digit] == ' ' && length > digit - from + 1;
    if (digit == from || !holdsItself) {
      throw malformed(at, from);
    }
    return length;
  }

  private static int indexOf(byte[] bytes, char wanted, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] == wanted) {
        return i;
      }
    }
    return -1;
  }

  private static MalformedImageException malformed(long at, int from) {
    return new MalformedImageException(
        "the extended header at %d has a malformed record at its byte %d".formatted(at, from));
  }

  /** Returns these records, with those of {@code closer} in front of them. */
  PaxRecords overriddenBy(PaxRecords closer) {
    if (values.isEmpty()) {
      return closer;
    }
    Map<String, String> both = new HashMap<>(values);
    both.putAll(closer.values);
    return new PaxRecords(Map.copyOf(both));
  }

  Optional<String> text(String keyword) {
    return Optional.ofNullable(values.get(keyword)).filter(value -> !value.isEmpty());
  }

  OptionalLong number(String keyword) throws MalformedImageException {
    Optional<String> value = text(keyword);
    return value.isPresent()
        ? OptionalLong.of(parseNumber(keyword, value.get()))
        : OptionalLong.empty();
  }

  static long parseNumber(String keyword, String value) throws MalformedImageException {
    try {
      if (NUMBER.matcher(value).matches()) {
        return Long.parseLong(value);
      }
    } catch (NumberFormatException _) {
      // More than a long holds: told below, like everything that is no number.
    }
    throw new MalformedImageException(
        "an extended header has the %s %s, which is no size"
            .formatted(keyword, ByteText.shown(value)));
  }

  /** Returns the last modification, if it is here; parts of a nanosecond are dropped. */
  @Nullable Instant modified() throws MalformedImageException {
    Optional<String> value = text(MODIFIED);
    if (value.isEmpty()) {
      return null;
    }
    try {
      if (TIME.matcher(value.get()).matches()) {
        BigDecimal seconds = new BigDecimal(value.get()).setScale(9, RoundingMode.FLOOR);
        BigDecimal whole = seconds.setScale(0, RoundingMode.FLOOR);
        long nanos = seconds.subtract(whole).movePointRight(9).longValueExact();
        return Instant.ofEpochSecond(whole.longValueExact(), nanos);
      }
    } catch (ArithmeticException | DateTimeException _) {
      // Told below.
    }
    throw new MalformedImageException(
        "an extended header has the mtime %s, which is no time"
            .formatted(ByteText.shown(value.get())));
  }

  /** Says whether the data begins with a map, as in version 1.0 of GNU sparse members. */
  boolean hasMapInData() throws MalformedImageException {
    Optional<String> major = text(SPARSE_MAJOR);
    if (major.isEmpty() || major.get().equals("0")) {
      return false;
    }
    if (major.get().equals("1") && text(SPARSE_MINOR).orElse("0").equals("0")) {
      return true;
    }
    throw new MalformedImageException(
        "a sparse member has version %s.%s, only 0.0, 0.1 and 1.0 are known"
            .formatted(
                ByteText.shown(major.get()), ByteText.shown(text(SPARSE_MINOR).orElse("0"))));
  }
}
