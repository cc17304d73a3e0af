package io.gantry.gcs;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.gantry.runtime.Env;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/**
 * Cloud Storage as far as objects are read from it, and the token endpoint of one service account,
 * which checks what it is shown.
 */
public final class FakeStorage implements Closeable {

  static final String ACCOUNT = "importer@project.iam.gserviceaccount.com";

  private final HttpServer server;
  private final KeyPair keys;
  private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
  private final Map<String, Long> generations = new ConcurrentHashMap<>();
  private final List<String> tokens = new CopyOnWriteArrayList<>();
  private volatile boolean isPublic;
  private volatile int tokenSeconds = 3600;

  private FakeStorage() throws IOException, GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    keys = generator.generateKeyPair();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/token", this::answerToken);
    server.createContext("/", this::answerObject);
    server.start();
  }

  public static FakeStorage start() throws IOException, GeneralSecurityException {
    return new FakeStorage();
  }

  public FakeStorage put(String name, byte[] content) {
    generations.merge(name, 1_700_000_000_000_001L, Long::sum);
    objects.put(name, content);
    return this;
  }

  public FakeStorage makePublic() {
    isPublic = true;
    return this;
  }

  FakeStorage lettingTokensLive(int seconds) {
    tokenSeconds = seconds;
    return this;
  }

  /** Makes all tokens so far worthless. */
  void forgetTokens() {
    tokens.replaceAll(token -> "");
  }

  int tokensIssued() {
    return tokens.size();
  }

  int port() {
    return server.getAddress().getPort();
  }

  public String url(String name) {
    return "http://127.0.0.1:%d/%s".formatted(port(), name);
  }

  /** Writes the account's file as Google's console does. */
  public Path credentials(Path folder) throws IOException {
    return credentials(folder, keys);
  }

  Path credentials(Path folder, KeyPair signer) throws IOException {
    String pem =
        "-----BEGIN PRIVATE KEY-----\\n%s\\n-----END PRIVATE KEY-----\\n"
            .formatted(
                Base64.getMimeEncoder(64, new byte[] {'\n'})
                    .encodeToString(signer.getPrivate().getEncoded())
                    .replace("\n", "\\n"));
    String json =
        """
        {"type": "service_account", "project_id": "project", "private_key_id": "key-1",
         "private_key": "%s", "client_email": "%s", "client_id": 17, "universe": {"a": [1]},
         "token_uri": "http://127.0.0.1:%d/token"}
        """
            .formatted(pem, ACCOUNT, port());
    return Files.writeString(folder.resolve("credentials.json"), json);
  }

  static GcsOptions options(String url, Optional<Path> credentials, Map<String, String> env) {
    return new GcsOptions(
        url, credentials, List.of(), false, 3, Duration.ofSeconds(10), Env.of(env), "gantry/test");
  }

  private void answerToken(HttpExchange exchange) throws IOException {
    String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII);
    Optional<String> wrong = complaint(form);
    String json;
    if (wrong.isPresent()) {
      json = "{\"error\":\"invalid_grant\",\"error_description\":\"%s\"}".formatted(wrong.get());
    } else {
      tokens.add("token-" + tokens.size());
      json =
          "{\"access_token\":\"%s\",\"expires_in\":%d,\"token_type\":\"Bearer\"}"
              .formatted(tokens.getLast(), tokenSeconds);
    }
    send(exchange, wrong.isPresent() ? 400 : 200, json.getBytes(StandardCharsets.US_ASCII));
  }

  /** RFC 7523 section 3, as Google applies it. */
  private Optional<String> complaint(String form) {
    String grant = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=";
    if (!form.startsWith(grant)) {
      return Optional.of("no jwt-bearer grant");
    }
    String[] parts =
        URLDecoder.decode(form.substring(grant.length()), StandardCharsets.US_ASCII)
            .split("\\.", 3);
    String header = decode(parts[0]);
    String claims = decode(parts[1]);
    long now = Instant.now().getEpochSecond();
    if (!verifies(parts)) {
      return Optional.of("Invalid JWT Signature.");
    }
    return header.equals("{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"key-1\"}")
            && claims.contains("\"iss\":\"" + ACCOUNT + "\"")
            && claims.contains("\"scope\":\"https://www.googleapis.com/auth/devstorage.read_only\"")
            && claims.contains("\"aud\":\"http://127.0.0.1:" + port() + "/token\"")
            && Math.abs(number(claims, "iat") - now) < 60
            && Math.abs(number(claims, "exp") - now - 3600) < 60
        ? Optional.empty()
        : Optional.of("claims " + claims.replace("\"", "'"));
  }

  private boolean verifies(String[] parts) {
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initVerify(keys.getPublic());
      signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
      return signature.verify(Base64.getUrlDecoder().decode(parts[2]));
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static long number(String json, String name) {
    return Long.parseLong(json.replaceAll(".*\"" + name + "\":(\\d+).*", "$1"));
  }

  private static String decode(String part) {
    return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
  }

  private void answerObject(HttpExchange exchange) throws IOException {
    String name = exchange.getRequestURI().getPath().substring(1);
    byte[] content = objects.get(name);
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    if (!isPublic && authorization == null) {
      refuse(exchange, 403, "AccessDenied", "Anonymous caller does not have storage.objects.get");
    } else if (authorization != null && !tokens.contains(authorization.replace("Bearer ", ""))) {
      refuse(exchange, 401, "AuthenticationRequired", "Authentication required.");
    } else if (content == null) {
      refuse(exchange, 404, "NoSuchKey", "The specified key does not exist.");
    } else if (!Optional.ofNullable(
            exchange.getRequestHeaders().getFirst("x-goog-if-generation-match"))
        .orElse(generation(name))
        .equals(generation(name))) {
      refuse(exchange, 412, "PreconditionFailed", "At least one precondition failed.");
    } else {
      sendRange(exchange, name, content);
    }
  }

  private String generation(String name) {
    return Long.toString(generations.getOrDefault(name, 0L));
  }

  private void sendRange(HttpExchange exchange, String name, byte[] content) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    exchange.getResponseHeaders().set("x-goog-generation", generation(name));
    exchange.getResponseHeaders().set("ETag", "\"%d\"".formatted(Arrays.hashCode(content)));
    if (range == null || content.length == 0) {
      send(exchange, range == null ? 200 : 416, content);
      return;
    }
    String[] ends = range.substring("bytes=".length()).split("-", 2);
    int start = Integer.parseInt(ends[0]);
    int end = Math.min(content.length, Integer.parseInt(ends[1]) + 1);
    exchange
        .getResponseHeaders()
        .set("Content-Range", "bytes %d-%d/%d".formatted(start, end - 1, content.length));
    send(exchange, 206, Arrays.copyOfRange(content, start, end));
  }

  private static void refuse(HttpExchange exchange, int status, String code, String message)
      throws IOException {
    String xml =
        "<?xml version='1.0'?><Error><Code>%s</Code><Message>%s</Message></Error>"
            .formatted(code, message);
    send(exchange, status, xml.getBytes(StandardCharsets.UTF_8));
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
