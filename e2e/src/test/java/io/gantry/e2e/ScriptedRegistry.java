package io.gantry.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gantry.testkit.CannedServer;
import io.gantry.testkit.ContainerImage;
import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A registry that serves one image, {@code disks/one:1}, the way a test wants it: real ones do not
 * fail on demand.
 */
final class ScriptedRegistry implements Closeable {

  private static final Pattern FROM = Pattern.compile("(?i)Range: bytes=(\\d+)-");

  private final CannedServer server;

  /** What is said in place of the right answer. */
  interface Fault {

    /**
     * Returns an answer, or nothing where the right one is to be given.
     *
     * @param request its head
     * @param earlier requests for the same path
     */
    Optional<byte[]> answer(String request, String path, int earlier);
  }

  private ScriptedRegistry(CannedServer server) {
    this.server = server;
  }

  static ScriptedRegistry serving(ContainerImage image, Fault fault) throws IOException {
    Map<String, byte[]> files = image.served("disks/one", "1");
    files.put("/v2/", "{}".getBytes(UTF_8));
    Map<String, Integer> counts = new ConcurrentHashMap<>();
    return new ScriptedRegistry(
        CannedServer.saying(
            (request, _) -> {
              String path = request.split(" ", 3)[1];
              int earlier = counts.merge(path, 1, Integer::sum) - 1;
              return fault
                  .answer(request, path, earlier)
                  .orElseGet(() -> answer(request, files.get(path)));
            }));
  }

  private static byte[] answer(String request, byte[] content) {
    return content == null ? status("404 Not Found") : bytes(request, content, Integer.MAX_VALUE);
  }

  /** Answers with a status and nothing else; headers may follow it, a line each. */
  static byte[] status(String statusAndHeaders) {
    return CannedServer.answer("HTTP/1.1 " + statusAndHeaders + "\nContent-Length: 0", new byte[0]);
  }

  /** Promises all that is wanted of {@code content}, and sends at most {@code most} bytes. */
  static byte[] bytes(String request, byte[] content, int most) {
    Matcher matcher = FROM.matcher(request);
    int from = matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
    String head =
        from == 0
            ? "HTTP/1.1 200 OK"
            : "HTTP/1.1 206 Partial Content\nContent-Range: bytes %d-%d/%d"
                .formatted(from, content.length - 1, content.length);
    int to = Math.min(content.length, from + Math.min(most, content.length));
    return CannedServer.answer(
        head + "\nContent-Length: " + (content.length - from),
        Arrays.copyOfRange(content, from, to));
  }

  String reference() {
    return "docker://127.0.0.1:%d/disks/one:1".formatted(server.port());
  }

  int port() {
    return server.port();
  }

  String url(String path) {
    return server.url(path);
  }

  List<String> requests() {
    return server.requests();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
