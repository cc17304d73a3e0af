package io.gantry.cli;

import io.gantry.io.RandomAccessInput;
import io.gantry.source.FileSource;
import io.gantry.source.Source;
import io.gantry.source.SourceException;
import io.gantry.source.StreamSource;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds out what a SOURCE operand means. */
final class Sources {

  /** RFC 3986, section 3.1, and the slashes that keep {@code a:b} a file name. */
  private static final Pattern URL = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://.*");

  /** As container tools write it; a file of such a name is {@code ./oci:name}. */
  private static final Pattern CONTAINER_IMAGE = Pattern.compile("(docker|oci-archive|oci):.*");

  private Sources() {}

  /** Opens a path, {@code -}, a URL or a container image. */
  static Source open(String operand, Arguments arguments, Shell shell) throws IOException {
    if (operand.equals("-")) {
      // Names in it are resolved as those on the command line are.
      return StreamSource.in(Path.of(""), "standard input", shell.stdin());
    }
    Optional<Path> path = localPath(operand);
    if (path.isPresent()) {
      return FileSource.open(path.get());
    }
    // Classes of their own, so that a run loads no client but the one that it needs.
    if (CONTAINER_IMAGE.matcher(operand).matches()) {
      return ContainerArguments.open(operand, arguments, shell);
    }
    return switch (scheme(operand)) {
      case "s3" -> S3Arguments.connect(operand, arguments, shell);
      case "gs" -> GcsArguments.connect(operand, arguments, shell);
      default -> HttpArguments.connect(uri(operand), arguments, shell);
    };
  }

  private static String scheme(String url) {
    return url.substring(0, url.indexOf(':')).toLowerCase(Locale.ROOT);
  }

  /**
   * Returns positioned reads of {@code source}.
   *
   * @throws SourceException when it has none, with what to do instead
   */
  static RandomAccessInput ranges(Source source) throws IOException {
    return source
        .ranges()
        .orElseThrow(
            () ->
                new SourceException(
                    source.name()
                        + ": cannot be read at any position, only from beginning to end;"
                        + " save it to a file first",
                    false));
  }

  /** Returns the local file that an operand names, if it names one. */
  static Optional<Path> localPath(String operand) {
    Matcher url = URL.matcher(operand);
    if (operand.equals("-") || CONTAINER_IMAGE.matcher(operand).matches()) {
      return Optional.empty();
    }
    if (!url.matches()) {
      return Optional.of(path(operand));
    }
    return switch (scheme(operand)) {
      case "http", "https", "s3", "gs" -> Optional.empty();
      case "file" -> Optional.of(fileUrl(operand));
      case String scheme ->
          throw new UsageException(
              "%s: %s:// is not supported, use a path, -, http(s)://, s3://, gs:// or docker://"
                  .formatted(operand, scheme));
    };
  }

  /** Says whether an operand names something on a web server. */
  static boolean isRemote(String operand) {
    return !operand.equals("-") && localPath(operand).isEmpty();
  }

  /** Returns {@code operand} as a path. */
  static Path path(String operand) {
    if (operand.isEmpty()) {
      throw new UsageException("a path is empty");
    }
    try {
      return Path.of(operand);
    } catch (InvalidPathException e) {
      throw new UsageException("%s: %s".formatted(operand, e.getReason()));
    }
  }

  private static Path fileUrl(String operand) {
    URI uri = uri(operand);
    try {
      return Path.of(uri);
    } catch (IllegalArgumentException e) {
      throw new UsageException(operand + ": write a local file as file:///path");
    }
  }

  private static URI uri(String operand) {
    try {
      return new URI(operand);
    } catch (URISyntaxException e) {
      throw new UsageException(
          "the URL is malformed at character %d: %s".formatted(e.getIndex() + 1, e.getReason()));
    }
  }
}
