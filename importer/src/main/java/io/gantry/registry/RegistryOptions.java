package io.gantry.registry;

import io.gantry.http.HttpSourceOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is needed to pull an image.
 *
 * @param reference {@code docker://…}, {@code oci-archive:…} or {@code oci:…}
 * @param architecture as Go names it; the image must be for it. Without one, an index is searched
 *     for that of this machine, and an image without an index is taken as it is
 * @param mirrors by registry host, {@code HOST[:PORT][/PREFIX]} in the order of asking; the
 *     registry itself is asked last
 * @param http user and password of the registry (else the container tools' files are looked at), CA
 *     files, environment, patience. {@code insecure} also allows plain HTTP
 */
public record RegistryOptions(
    String reference,
    Optional<String> architecture,
    Map<String, List<String>> mirrors,
    HttpSourceOptions http) {

  /** Returns those of {@code files} that count as authorities: containers' tools go by the name. */
  public static List<Path> authorities(List<Path> files) {
    return files.stream()
        .filter(file -> file.toString().endsWith(".crt") || file.toString().endsWith(".pem"))
        .toList();
  }

  public RegistryOptions {
    mirrors = Map.copyOf(mirrors);
    mirrors.values().forEach(list -> list.forEach(Endpoint::checkMirror));
  }
}
