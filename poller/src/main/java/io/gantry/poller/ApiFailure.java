package io.gantry.poller;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/**
 * Why an API server did not do what was asked, in one sentence. The client's own messages tell what
 * it tried, and leave the reason to a stack trace.
 *
 * @param server its URL
 */
record ApiFailure(String server) {

  String text(KubernetesClientException failure) {
    if (failure.getCode() > 0) {
      return "the API server answers %d: %s".formatted(failure.getCode(), told(failure));
    }
    List<Throwable> causes = causes(failure);
    return causes.stream()
        .flatMap(cause -> known(cause).stream())
        .findFirst()
        .orElseGet(() -> causes.getFirst() + " (" + causes.getLast() + ")");
  }

  /** The server's own words where it has some. */
  private static String told(KubernetesClientException failure) {
    String words = failure.getStatus() == null ? null : failure.getStatus().getMessage();
    return words == null || words.isEmpty() ? String.valueOf(failure.getMessage()) : words;
  }

  /** From the root to what came of it. */
  private static List<Throwable> causes(Throwable failure) {
    List<Throwable> causes = new ArrayList<>();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      causes.addFirst(cause);
    }
    return causes;
  }

  private Optional<String> known(Throwable cause) {
    return switch (cause) {
      case SSLException e ->
          Optional.of("TLS with the API server %s fails: %s".formatted(server, e.getMessage()));
      case UnknownHostException _, UnresolvedAddressException _ ->
          Optional.of("the host of the API server %s is unknown".formatted(server));
      case HttpTimeoutException _, TimeoutException _ ->
          Optional.of("the API server %s does not answer in time".formatted(server));
      case ConnectException _ ->
          Optional.of("no connection to the API server %s".formatted(server));
      default -> Optional.empty();
    };
  }
}
