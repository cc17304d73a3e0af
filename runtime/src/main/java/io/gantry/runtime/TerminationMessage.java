package io.gantry.runtime;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a worker that ended well tells the controller: one JSON object, read by {@code
 * encoding/json}. Fields that say nothing are left out, and the rest come in the order the
 * reference writes them, byte for byte.
 *
 * @param scratchSpaceRequired whether the pod must be built again with scratch space
 * @param preallocationApplied whether the target's room is really allocated
 * @param labels for the volume claim
 * @param message shown as the running condition
 */
public record TerminationMessage(
    Optional<Boolean> scratchSpaceRequired,
    Optional<Boolean> preallocationApplied,
    SortedMap<String, String> labels,
    String message) {

  public TerminationMessage {
    labels = new TreeMap<>(labels);
  }

  /** A message and nothing else. */
  public static TerminationMessage of(String message) {
    return new TerminationMessage(Optional.empty(), Optional.empty(), new TreeMap<>(), message);
  }

  public TerminationMessage withLabels(Map<String, String> more) {
    return new TerminationMessage(
        scratchSpaceRequired, preallocationApplied, new TreeMap<>(more), message);
  }

  /**
   * Returns the JSON. Where the labels would make it longer than a termination message may be, the
   * last of them are left out: losing a label is better than losing the success.
   */
  public String toJson() {
    TreeMap<String, String> kept = new TreeMap<>(labels);
    String json = toJson(kept);
    while (json.getBytes(StandardCharsets.UTF_8).length > TerminationLog.LENGTH_MAX
        && !kept.isEmpty()) {
      kept.pollLastEntry();
      json = toJson(kept);
    }
    return json;
  }

  private String toJson(SortedMap<String, String> kept) {
    StringBuilder json = new StringBuilder("{");
    scratchSpaceRequired.ifPresent(value -> field(json, "scratchSpaceRequired").append(value));
    preallocationApplied.ifPresent(value -> field(json, "preallocationApplied").append(value));
    if (!kept.isEmpty()) {
      field(json, "labels").append('{');
      kept.forEach((name, value) -> string(field(json, name), value));
      json.append('}');
    }
    if (!message.isEmpty()) {
      string(field(json, "message"), message);
    }
    return json.append('}').toString();
  }

  private static StringBuilder field(StringBuilder json, String name) {
    if (json.charAt(json.length() - 1) != '{') {
      json.append(',');
    }
    return string(json, name).append(':');
  }

  /** Escapes as Go does, which also escapes what HTML could take for a tag. */
  private static StringBuilder string(StringBuilder json, String text) {
    json.append('"');
    text.codePoints().forEach(c -> character(json, c));
    return json.append('"');
  }

  private static void character(StringBuilder json, int c) {
    OptionalInt shorthand = shorthand(c);
    if (shorthand.isPresent()) {
      json.append('\\').append((char) shorthand.getAsInt());
    } else if (c < ' ' || "<>&\u2028\u2029".indexOf(c) >= 0) {
      json.append("\\u%04x".formatted(c));
    } else {
      json.appendCodePoint(c);
    }
  }

  private static OptionalInt shorthand(int c) {
    int at = "\"\\\b\f\n\r\t".indexOf(c);
    return at < 0 ? OptionalInt.empty() : OptionalInt.of("\"\\bfnrt".charAt(at));
  }
}
