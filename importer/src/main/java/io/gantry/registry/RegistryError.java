package io.gantry.registry;

import io.gantry.http.Document;
import io.gantry.image.MalformedImageException;
import io.gantry.source.SourceException;
import java.util.List;

/** What a registry says when it serves no manifest (distribution-spec, "Error Codes"). */
final class RegistryError {

  private static final int MESSAGE_MAX = 200;

  private RegistryError() {}

  static SourceException of(RegistryConnection registry, String reference, Document answer) {
    return answer.refusal(
        "%s answers %d for %s:%s: %s%s"
            .formatted(
                registry.endpoint().server(),
                answer.status(),
                registry.endpoint().repository(),
                reference,
                advice(registry, answer.status()),
                told(answer)));
  }

  private static String advice(RegistryConnection registry, int status) {
    boolean anonymous = !registry.login().hasCredentials();
    return switch (status) {
      case 401, 403 ->
          anonymous
              ? "it wants a user and password, or the image does not exist"
              : "the credentials are refused, or do not allow to read this repository";
      case 404 -> "no such image or tag";
      default -> "expected 200";
    };
  }

  /** The registry's own words, on one line and not many. */
  private static String told(Document answer) {
    try {
      List<JsonFields> errors = JsonFields.parse(answer.body(), "the error").objects("errors");
      String text = errors.isEmpty() ? "" : errors.getFirst().text("message").orElse("");
      String line = text.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
      String cut = line.length() > MESSAGE_MAX ? line.substring(0, MESSAGE_MAX) + "..." : line;
      return cut.isEmpty() ? "" : " (" + cut + ")";
    } catch (MalformedImageException _) {
      return "";
    }
  }
}
