package io.gantry.registry;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of an image in a registry, with everything filled in that people leave out: {@code
 * debian} is {@code docker.io/library/debian:latest}.
 *
 * @param registry host, with port if one was given
 * @param repository path in the registry
 * @param tag unused where there is a digest
 */
public record DockerName(String registry, String repository, String tag, Optional<String> digest) {

  static final String DOCKER_HUB = "docker.io";

  /** Checked first: the pattern below recurses once a part. */
  private static final int REPOSITORY_MAX = 255;

  /** OCI distribution-spec, "Pulling manifests": what a repository and a tag may be made of. */
  private static final Pattern REPOSITORY =
      Pattern.compile(
          "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*");

  private static final Pattern TAG = Pattern.compile("\\w[\\w.-]{0,127}");

  private static final Pattern REGISTRY =
      Pattern.compile(
          "(?:[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?|\\[[0-9a-fA-F:.]+])(?::\\d+)?");

  /** Name, then a tag behind the last colon that has no slash behind it, then a digest. */
  private static final Pattern PARTS =
      Pattern.compile("(?<name>[^@]*?)(?::(?<tag>[^:/@]*))?(?:@(?<digest>.*))?");

  /**
   * Parses {@code [REGISTRY/]REPOSITORY[:TAG][@DIGEST]}.
   *
   * @throws IllegalArgumentException with what is wrong
   */
  static DockerName parse(String text) {
    Matcher parts = PARTS.matcher(text);
    if (!parts.matches()) {
      throw invalid(text, "must be [REGISTRY/]REPOSITORY[:TAG][@DIGEST]");
    }
    String name = parts.group("name");
    int slash = name.indexOf('/');
    boolean named = slash > 0 && isRegistry(name.substring(0, slash));
    String registry = named ? canonical(name.substring(0, slash)) : DOCKER_HUB;
    String path = named ? name.substring(slash + 1) : name;
    boolean official = registry.equals(DOCKER_HUB) && path.indexOf('/') < 0;
    String repository = official ? "library/" + path : path;
    String tag = parts.group("tag");
    checkRegistry(text, registry);
    checkRepository(text, path, repository);
    if (tag != null && !TAG.matcher(tag).matches()) {
      throw invalid(text, "\"%s\" is no tag".formatted(tag));
    }
    return new DockerName(
        registry, repository, tag == null ? "latest" : tag, digest(text, parts.group("digest")));
  }

  /** Returns the tag or digest by which a registry is asked. */
  String reference() {
    return digest.orElse(tag);
  }

  /** Docker tells a registry from the first part of a path by what only a host can have. */
  private static boolean isRegistry(String first) {
    return first.indexOf('.') >= 0
        || first.indexOf(':') >= 0
        || first.equals("localhost")
        || !first.equals(first.toLowerCase(Locale.ROOT));
  }

  private static String canonical(String registry) {
    return registry.equals("index.docker.io") ? DOCKER_HUB : registry;
  }

  private static void checkRegistry(String text, String registry) {
    if (!REGISTRY.matcher(registry).matches()) {
      throw invalid(text, "\"%s\" is no host".formatted(registry));
    }
  }

  private static void checkRepository(String text, String path, String repository) {
    if (path.isEmpty()) {
      throw invalid(text, "it names no repository");
    }
    if (repository.length() > REPOSITORY_MAX) {
      throw invalid(
          text,
          "its repository has %d characters, at most %d are allowed"
              .formatted(repository.length(), REPOSITORY_MAX));
    }
    if (!REPOSITORY.matcher(repository).matches()) {
      throw invalid(
          text,
          "repository \"%s\" must be lower-case letters, digits, and . _ - between them"
              .formatted(repository));
    }
  }

  private static Optional<String> digest(String text, @Nullable String digest) {
    if (digest == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(Digest.parse(digest).toString());
    } catch (IllegalArgumentException e) {
      throw invalid(text, String.valueOf(e.getMessage()));
    }
  }

  private static IllegalArgumentException invalid(String text, String why) {
    return new IllegalArgumentException("Invalid image name \"%s\", %s".formatted(text, why));
  }

  @Override
  public String toString() {
    return registry + "/" + repository + digest.map(hex -> "@" + hex).orElse(":" + tag);
  }
}
