package io.gantry.http;

import io.gantry.runtime.Env;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a web server is spoken to.
 *
 * @param user Basic auth user; one in the URL counts when this is empty
 * @param password Basic auth password
 * @param headers extra request headers, {@code name → value}, in order
 * @param caFiles PEM files of certificate authorities trusted beside the built-in ones
 * @param insecure do not verify certificates
 * @param redirectsMax redirects followed before giving up
 * @param attemptsMax requests tried for one piece before giving up
 * @param stallTimeout time without a byte after which a request is taken for dead
 * @param env where {@code http_proxy}, {@code https_proxy}, {@code no_proxy} are looked up
 */
public record HttpSourceOptions(
    Optional<String> user,
    Optional<String> password,
    List<Map.Entry<String, String>> headers,
    List<Path> caFiles,
    boolean insecure,
    int redirectsMax,
    int attemptsMax,
    Duration stallTimeout,
    Env env) {}
