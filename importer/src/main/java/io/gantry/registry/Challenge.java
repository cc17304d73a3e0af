package io.gantry.registry;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a server wants to see before it answers, as {@code WWW-Authenticate} has it (RFC 9110
 * section 11.6.1): {@code Bearer realm="https://auth.example.org/token",service="registry"}.
 *
 * @param scheme lower case
 * @param parameters by name, lower case
 */
record Challenge(String scheme, Map<String, String> parameters) {

  Optional<String> parameter(String name) {
    return Optional.ofNullable(parameters.get(name)).filter(value -> !value.isEmpty());
  }

  /** Returns every challenge in these headers; what cannot be understood is left out. */
  static List<Challenge> parse(List<String> headers) {
    List<Challenge> challenges = new ArrayList<>();
    for (String header : headers) {
      new Scanner(header).scan(challenges);
    }
    return challenges;
  }

  /**
   * A header may hold several challenges, and commas separate them as well as their parameters: a
   * word is a parameter when an equals sign follows, else it begins the next challenge.
   */
  private static final class Scanner {

    private final String text;
    private int at;

    Scanner(String text) {
      this.text = text;
    }

    void scan(List<Challenge> challenges) {
      while (at < text.length()) {
        skip(" \t,");
        String word = word();
        if (word.isEmpty()) {
          return;
        }
        skip(" \t");
        if (at < text.length() && text.charAt(at) == '=') {
          at++;
          skip(" \t");
          String value = value();
          if (!challenges.isEmpty()) {
            challenges.getLast().parameters().putIfAbsent(word.toLowerCase(Locale.ROOT), value);
          }
        } else {
          challenges.add(new Challenge(word.toLowerCase(Locale.ROOT), new LinkedHashMap<>()));
        }
      }
    }

    private void skip(String characters) {
      while (at < text.length() && characters.indexOf(text.charAt(at)) >= 0) {
        at++;
      }
    }

    private String word() {
      int start = at;
      while (at < text.length() && " \t,=\"".indexOf(text.charAt(at)) < 0) {
        at++;
      }
      return text.substring(start, at);
    }

    private String value() {
      if (at >= text.length() || text.charAt(at) != '"') {
        return word();
      }
      StringBuilder value = new StringBuilder();
      at++;
      while (at < text.length() && text.charAt(at) != '"') {
        if (text.charAt(at) == '\\' && at + 1 < text.length()) {
          at++;
        }
        value.append(text.charAt(at++));
      }
      at++;
      return value.toString();
    }
  }
}
