package io.gantry.cli;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a source is asked for with, by kind and never by value. Object stores tell by themselves
 * what they sign with.
 */
final class GivenCredentials {

  private GivenCredentials() {}

  /** Describes them; empty for what needs none. */
  static Optional<String> describe(String operand, Arguments arguments) {
    if (operand.startsWith("docker://")) {
      return Optional.of(
          arguments.has(HttpOptions.USER.name())
              ? "user and password, for this registry alone"
              : "the login for this registry in the auth files, if there is one");
    }
    if (!operand.startsWith("http://") && !operand.startsWith("https://")) {
      return Optional.empty();
    }
    List<String> kinds = new ArrayList<>();
    if (arguments.has(HttpOptions.USER.name()) || URI.create(operand).getRawUserInfo() != null) {
      kinds.add("user and password");
    }
    if (arguments.has(HttpOptions.HEADER.name()) || arguments.has(HttpOptions.HEADER_FILE.name())) {
      kinds.add("headers");
    }
    return Optional.of(
        kinds.isEmpty() ? "none" : String.join(" and ", kinds) + ", for this server alone");
  }
}
