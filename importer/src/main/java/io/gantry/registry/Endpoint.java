package io.gantry.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A server that may have an image: its registry or a mirror of that.
 *
 * @param host with port, if one was given, as logins are kept for it
 * @param repository path there
 * @param mirror whether it only stands in for the registry
 */
record Endpoint(String host, String repository, boolean mirror) {

  /** Docker's hub has its registry at another host than the one in its name. */
  private static final String DOCKER_HUB_API = "registry-1.docker.io";

  /** Returns whom to ask for an image, in order. */
  static List<Endpoint> of(DockerName name, Map<String, List<String>> mirrors) {
    List<Endpoint> endpoints =
        new ArrayList<>(
            mirrors.getOrDefault(name.registry(), List.of()).stream()
                .map(mirror -> mirror(mirror, name.repository()))
                .toList());
    endpoints.add(new Endpoint(name.registry(), name.repository(), false));
    return endpoints;
  }

  /**
   * Looks at a mirror before anybody is asked.
   *
   * @throws IllegalArgumentException when it is none
   */
  static void checkMirror(String text) {
    try {
      DockerName.parse(text.indexOf('/') < 0 ? text + "/repository" : text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "mirror \"%s\" must be HOST[:PORT][/PREFIX]".formatted(text), e);
    }
  }

  private static Endpoint mirror(String text, String repository) {
    int slash = text.indexOf('/');
    return slash < 0
        ? new Endpoint(text, repository, true)
        : new Endpoint(
            text.substring(0, slash), text.substring(slash + 1) + "/" + repository, true);
  }

  /** Returns the host that serves the API. */
  String server() {
    return host.equals(DockerName.DOCKER_HUB) ? DOCKER_HUB_API : host;
  }
}
