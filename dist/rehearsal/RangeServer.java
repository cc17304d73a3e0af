import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Serves the rehearsal's images on the loopback interface, with ranges and validators as web
 * servers have them. Prints its port.
 */
final class RangeServer {

  public static void main(String[] args) throws IOException {
    Path images = Path.of(args[0]);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> answer(exchange, images));
    server.start();
    System.out.println(server.getAddress().getPort());
  }

  private static void answer(HttpExchange exchange, Path images) throws IOException {
    String name = Path.of(exchange.getRequestURI().getPath()).getFileName().toString();
    byte[] all = Files.readAllBytes(images.resolve(name));
    int start = 0;
    int end = all.length;
    String range = exchange.getRequestHeaders().getFirst("Range");
    if (range != null) {
      String[] ends = range.substring("bytes=".length()).split("-");
      start = Integer.parseInt(ends[0]);
      end = ends.length == 1 ? end : Math.min(end, Integer.parseInt(ends[1]) + 1);
      exchange
          .getResponseHeaders()
          .set("Content-Range", "bytes %d-%d/%d".formatted(start, end - 1, all.length));
    }
    exchange.getResponseHeaders().set("Accept-Ranges", "bytes");
    exchange.getResponseHeaders().set("Last-Modified", "Sun, 22 Nov 2026 00:00:00 GMT");
    exchange.getResponseHeaders().set("ETag", "\"rehearsal-%d\"".formatted(all.length));
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(range == null ? 200 : 206, head ? -1 : end - start);
    if (!head) {
      try (OutputStream body = exchange.getResponseBody()) {
        body.write(Arrays.copyOfRange(all, start, end));
      }
    }
    exchange.close();
  }
}
