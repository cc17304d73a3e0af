package io.gantry.importer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.gantry.runtime.Env;
import io.gantry.runtime.GoValues;
import io.gantry.runtime.Quantity;
import io.gantry.source.ExpectedDigest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the controller wants, read from the environment once.
 *
 * @param source where the image comes from: {@code http}, {@code s3}, {@code gcs}, {@code registry}
 *     or {@code none}; kept as written, since an unknown one is named in the error
 * @param endpoint URL or reference of the image
 * @param contentType one disk image, or an archive to unpack
 * @param imageSize the size asked for, bytes
 * @param ownerUid names the import in metrics
 * @param filesystemOverhead fraction of a filesystem volume that is not the disk's
 * @param preallocation whether the room of the whole disk is to be claimed
 * @param insecureTls whether certificates are not verified
 * @param user user name, access key or registry user
 * @param password what goes with it
 * @param certDir directory of further certificate authorities
 * @param proxyCertDir directory of the proxy's, which the controller names but never moves
 * @param extraHeaders request headers, {@code Name: value}
 * @param checksum expected digest of the source's bytes, {@code algorithm:hex}
 * @param registryArchitecture architecture asked for explicitly
 * @param nodePull whether the image is served by a container beside this one
 * @param readyFile exists when that container is ready; its content names the image file
 * @param doneFile tells that container that it is no longer needed
 * @param directIo {@code CACHE_MODE=TRYNONE}: keep the disk's bytes out of the page cache
 * @param resume {@code GANTRY_RESUME} is not {@code off}: go on where a killed run stopped
 * @param contentGuard {@code GANTRY_CONTENT_GUARD} is not {@code off}: refuse pages and documents
 * @param credentialsEverywhere {@code GANTRY_REDIRECT_CREDENTIALS=send}: as the reference does
 * @param stallTimeout {@code GANTRY_STALL_TIMEOUT}: how long the source may be silent
 * @param env the whole environment, for proxies and what libraries look up
 */
record ImporterConfig(
    String source,
    String endpoint,
    ContentType contentType,
    OptionalLong imageSize,
    String ownerUid,
    double filesystemOverhead,
    boolean preallocation,
    boolean insecureTls,
    Optional<String> user,
    Optional<String> password,
    Optional<String> certDir,
    Optional<String> proxyCertDir,
    List<String> extraHeaders,
    Optional<String> checksum,
    Optional<String> registryArchitecture,
    boolean nodePull,
    Optional<String> readyFile,
    Optional<String> doneFile,
    boolean directIo,
    boolean resume,
    boolean contentGuard,
    boolean credentialsEverywhere,
    Duration stallTimeout,
    Env env) {

  /** The reference waits that long for a byte; then the container is started again. */
  private static final Duration STALL_TIMEOUT = Duration.ofMinutes(10);

  private static final String HEADER_PREFIX = "IMPORTER_EXTRA_HEADER_";

  /** What the source holds. */
  enum ContentType {
    KUBEVIRT,
    ARCHIVE,
    /** Neither; most sources take it for a disk all the same. */
    OTHER;

    static ContentType of(String text) {
      return switch (text) {
        case "kubevirt" -> KUBEVIRT;
        case "archive" -> ARCHIVE;
        default -> OTHER;
      };
    }
  }

  /** The environment cannot be understood. */
  static final class ConfigException extends Exception {

    private final int status;

    ConfigException(String message, int status) {
      super(message);
      this.status = status;
    }

    /** Returns the exit status: 2 where the reference panics, else 1. */
    int status() {
      return status;
    }
  }

  /**
   * Reads the environment.
   *
   * @throws ConfigException when a variable makes no sense; the process ends without a message
   */
  static ImporterConfig of(Env env) throws ConfigException {
    boolean preallocation = preallocation(env); // before the rest, as the reference does
    return new ImporterConfig(
        env.get("IMPORTER_SOURCE").orElse(""),
        env.get("IMPORTER_ENDPOINT").orElse(""),
        ContentType.of(env.get("IMPORTER_CONTENTTYPE").orElse("")),
        imageSize(env),
        env.get("OWNER_UID").orElse(""),
        GoValues.parseFloatOrZero(env.get("FILESYSTEM_OVERHEAD").orElse("")),
        preallocation,
        env.get("INSECURE_TLS").flatMap(GoValues::parseBool).orElse(false),
        env.get("IMPORTER_ACCESS_KEY_ID"),
        env.get("IMPORTER_SECRET_KEY"),
        env.get("IMPORTER_CERT_DIR"),
        env.get("IMPORTER_PROXY_CERT_DIR"),
        extraHeaders(env),
        env.get("IMPORTER_CHECKSUM"),
        env.get("IMPORTER_REGISTRY_IMAGE_ARCHITECTURE"),
        env.get("IMPORTER_PULL_METHOD").equals(Optional.of("node")),
        env.get("IMPORTER_READY_FILE"),
        env.get("IMPORTER_DONE_FILE"),
        env.get("CACHE_MODE").equals(Optional.of("TRYNONE")),
        !env.get("GANTRY_RESUME").equals(Optional.of("off")),
        !env.get("GANTRY_CONTENT_GUARD").equals(Optional.of("off")),
        env.get("GANTRY_REDIRECT_CREDENTIALS").equals(Optional.of("send")),
        stallTimeout(env),
        env);
  }

  /** Says whether a directory is to be filled rather than a disk. */
  boolean isArchive() {
    return contentType == ContentType.ARCHIVE;
  }

  /**
   * Says whether a container beside this one serves the image. Where a populator asked for the
   * import, the pull method is empty although the pod is one of node pull, and only the handshake
   * tells.
   */
  boolean isServedBesideIt() {
    return nodePull || readyFile.isPresent();
  }

  /** Returns user and password, which count only when both are given. */
  Optional<Map.Entry<String, String>> credentials() {
    return user.flatMap(name -> password.map(secret -> Map.entry(name, secret)));
  }

  /**
   * Returns what the bytes of the source must match; only web servers' are held to it.
   *
   * @throws IllegalArgumentException when it is no digest
   */
  Optional<ExpectedDigest> expectedDigest() {
    return source.equals("http") && !nodePull
        ? checksum.map(ExpectedDigest::parse)
        : Optional.empty();
  }

  private static OptionalLong imageSize(Env env) throws ConfigException {
    Optional<String> text = env.get("IMPORTER_IMAGE_SIZE");
    if (text.isEmpty()) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Quantity.parseBytes(text.get()));
    } catch (IllegalArgumentException e) {
      throw new ConfigException("IMPORTER_IMAGE_SIZE: " + e.getMessage(), 2);
    }
  }

  private static boolean preallocation(Env env) throws ConfigException {
    String text = env.get("PREALLOCATION").orElse("");
    return GoValues.parseBool(text)
        .orElseThrow(
            () ->
                new ConfigException(
                    "PREALLOCATION is \"%s\", must be true or false".formatted(text), 1));
  }

  private static Duration stallTimeout(Env env) throws ConfigException {
    Optional<String> text = env.get("GANTRY_STALL_TIMEOUT");
    if (text.isEmpty()) {
      return STALL_TIMEOUT;
    }
    if (!text.get().matches("[1-9]\\d{0,4}")) {
      throw new ConfigException(
          "GANTRY_STALL_TIMEOUT is \"%s\", must be seconds, 1..99999".formatted(text.get()), 1);
    }
    return Duration.ofSeconds(Long.parseLong(text.get()));
  }

  /**
   * In the order of their names, so that a run is the same every time; with a character for each
   * byte, as headers are sent.
   */
  private static List<String> extraHeaders(Env env) {
    return env.names().stream()
        .filter(name -> name.startsWith(HEADER_PREFIX))
        .sorted()
        .flatMap(name -> env.get(name).stream())
        .filter(header -> header.contains(":"))
        .map(header -> new String(header.getBytes(UTF_8), ISO_8859_1))
        .toList();
  }
}
