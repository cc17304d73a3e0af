package io.gantry.cli;

import io.gantry.http.HttpSource;
import io.gantry.http.HttpSourceOptions;
import io.gantry.source.Source;
import io.gantry.source.SourceException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns the options of {@link HttpOptions} into those of the HTTP source. */
final class HttpArguments {

  private HttpArguments() {}

  /** Connects to {@code uri} as the arguments and the environment say. */
  static Source connect(URI uri, Arguments arguments, Shell shell) throws IOException {
    HttpSource source = HttpSource.connect(uri, options(arguments, shell));
    if (!source.endIsCertain()) {
      source.close();
      throw new SourceException(
          source.name()
              + " sends neither Content-Length nor chunks: a broken transfer would go unnoticed",
          false);
    }
    return source;
  }

  static HttpSourceOptions options(Arguments arguments, Shell shell) throws IOException {
    try {
      return new HttpSourceOptions(
          user(arguments),
          password(arguments, shell),
          headers(arguments),
          arguments.values(HttpOptions.CA_FILE.name()).stream().map(Sources::path).toList(),
          arguments.has(HttpOptions.INSECURE.name()),
          count(arguments, HttpOptions.REDIRECTS, HttpSourceOptions.REDIRECTS_MAX),
          count(arguments, HttpOptions.RETRIES, HttpSourceOptions.ATTEMPTS_MAX - 1) + 1,
          stallTimeout(arguments),
          shell.env(),
          "gantry/" + Version.text());
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Returns the same for a store that has credentials of its own kind.
   *
   * @param store what it is called
   * @param instead where its credentials stand
   */
  static HttpSourceOptions options(Arguments arguments, Shell shell, String store, String instead)
      throws IOException {
    for (OptionSpec option :
        List.of(
            HttpOptions.USER,
            HttpOptions.PASSWORD_FILE,
            HttpOptions.HEADER,
            HttpOptions.HEADER_FILE)) {
      if (arguments.has(option.name())) {
        throw new UsageException(
            "%s is for web servers, %s takes credentials from %s"
                .formatted(option, store, instead));
      }
    }
    return options(arguments, shell);
  }

  private static Optional<String> user(Arguments arguments) {
    return arguments.value(HttpOptions.USER.name()).map(value -> value.split(":", 2)[0]);
  }

  private static Optional<String> password(Arguments arguments, Shell shell) throws IOException {
    Optional<String> file = arguments.value(HttpOptions.PASSWORD_FILE.name());
    if (file.isPresent()) {
      return Optional.of(lines(file.get()).stream().findFirst().orElse(""));
    }
    Optional<String> onCommandLine =
        arguments
            .value(HttpOptions.USER.name())
            .filter(value -> value.contains(":"))
            .map(value -> value.substring(value.indexOf(':') + 1));
    return onCommandLine.or(() -> shell.env().get(HttpOptions.PASSWORD_VARIABLE));
  }

  private static List<Map.Entry<String, String>> headers(Arguments arguments) throws IOException {
    List<String> lines = new ArrayList<>(arguments.values(HttpOptions.HEADER.name()));
    for (String file : arguments.values(HttpOptions.HEADER_FILE.name())) {
      lines(file).stream().filter(line -> !line.isBlank()).forEach(lines::add);
    }
    return lines.stream().map(HttpSourceOptions::parseHeader).toList();
  }

  private static List<String> lines(String file) throws IOException {
    Path path = Sources.path(file);
    try {
      return Files.readAllLines(path);
    } catch (NoSuchFileException e) {
      throw new UsageException(file + ": no such file");
    }
  }

  private static int count(Arguments arguments, OptionSpec option, int absent) {
    return arguments
        .value(option.name())
        .map(value -> Numbers.between(option, value, 0, 1000))
        .orElse(absent);
  }

  private static Duration stallTimeout(Arguments arguments) {
    return arguments
        .value(HttpOptions.STALL_TIMEOUT.name())
        .map(value -> Numbers.between(HttpOptions.STALL_TIMEOUT, value, 1, 86_400))
        .map(Duration::ofSeconds)
        .orElse(HttpSourceOptions.STALL_TIMEOUT);
  }
}
