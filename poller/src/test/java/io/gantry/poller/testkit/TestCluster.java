package io.gantry.poller.testkit;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.reflect.TypeToken;
import io.fabric8.kubernetes.client.dsl.base.CustomResourceDefinitionContext;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.dsl.HttpMethod;
import io.fabric8.mockwebserver.http.Buffer;
import io.fabric8.mockwebserver.http.Dispatcher;
import io.fabric8.mockwebserver.http.Headers;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An API server that keeps DataImportCrons: TLS with an authority of its own, a token that must be
 * shown, resource versions, JSON patches. It is the Kubernetes client's own mock, because no
 * package of an API server is to be had; a real one is some hundred megabytes and an etcd.
 */
public final class TestCluster implements Closeable {

  private static final Gson JSON = new Gson();

  public static final String TOKEN = "a-token-of-the-service-account";

  private static final CustomResourceDefinitionContext KIND =
      new CustomResourceDefinitionContext.Builder()
          .withGroup("cdi.kubevirt.io")
          .withVersion("v1beta1")
          .withKind("DataImportCron")
          .withPlural("dataimportcrons")
          .withScope("Namespaced")
          .build();

  /** What a test does in place of, or before, an answer. */
  public interface Interference {
    /** Returns an answer instead of the server's, if any. */
    Optional<MockResponse> before(RecordedRequest request);
  }

  private final KubernetesCrudDispatcher objects = new KubernetesCrudDispatcher(List.of(KIND));
  private final KubernetesMockServer server;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private volatile String lastBody = "";
  private volatile Interference interference = _ -> Optional.empty();

  private TestCluster() {
    Dispatcher guarded =
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            return guard(request);
          }
        };
    server =
        new KubernetesMockServer(
            new Context(), new MockWebServer(), new HashMap<>(), guarded, true);
    server.init();
  }

  public static TestCluster start() {
    return new TestCluster();
  }

  private MockResponse guard(RecordedRequest request) {
    requests.add(request.method() + " " + request.getPath());
    lastBody = new String(request.getBody().getBytes(), StandardCharsets.UTF_8);
    if (!("Bearer " + TOKEN).equals(request.getHeader("Authorization"))) {
      return status(401, "Unauthorized");
    }
    return interference.before(request).orElseGet(() -> answer(request));
  }

  /** The mock throws where a patch's test fails; the API server answers. */
  private MockResponse answer(RecordedRequest request) {
    try {
      return objects.dispatch(request);
    } catch (RuntimeException e) {
      return status(422, "the server rejected our request due to an error in our request");
    }
  }

  /** Returns an answer as the API server words failures. */
  public static MockResponse status(int code, String message) {
    return new MockResponse()
        .setResponseCode(code)
        .setHeader("Content-Type", "application/json")
        .setBody(
            """
            {"kind":"Status","apiVersion":"v1","status":"Failure","message":"%s","code":%d}\
            """
                .formatted(message, code));
  }

  /** Meddles with every request of the program under test from now on. */
  public void interfere(Interference how) {
    interference = how;
  }

  public String host() {
    return "localhost";
  }

  public int port() {
    return server.getPort();
  }

  public String url() {
    return "https://%s:%d".formatted(host(), port());
  }

  /** Returns the file of the authority that clients must trust. */
  public Path authority() {
    return Path.of(server.getSelfSignedCertificate().certificatePath());
  }

  /** Writes a service account's files below {@code root}, where a pod has them. */
  public void mountServiceAccount(Path root) throws IOException {
    Path directory =
        Files.createDirectories(root.resolve("var/run/secrets/kubernetes.io/serviceaccount"));
    Files.writeString(directory.resolve("token"), TOKEN + "\n");
    Files.copy(authority(), directory.resolve("ca.crt"));
  }

  /** Writes a kubeconfig that leads here. */
  public Path writeKubeconfig(Path file) throws IOException {
    return Files.writeString(
        file,
        """
        apiVersion: v1
        kind: Config
        current-context: test
        clusters:
        - name: cluster
          cluster: {server: "%s", certificate-authority: "%s"}
        users:
        - name: user
          user: {token: "%s"}
        contexts:
        - name: test
          context: {cluster: cluster, user: user}
        """
            .formatted(url(), authority(), TOKEN));
  }

  /** Makes a DataImportCron; without annotations it has none at all. */
  public void create(String namespace, String name, Map<String, String> annotations) {
    JsonObject metadata = new JsonObject();
    metadata.addProperty("namespace", namespace);
    metadata.addProperty("name", name);
    if (!annotations.isEmpty()) {
      metadata.add("annotations", JSON.toJsonTree(annotations));
    }
    String cron =
        """
        {"apiVersion":"cdi.kubevirt.io/v1beta1","kind":"DataImportCron","metadata":%s,\
        "spec":{"schedule":"30 1 * * 1"}}\
        """
            .formatted(metadata);
    ask(HttpMethod.POST, path(namespace, ""), "application/json", cron);
  }

  public void delete(String namespace, String name) {
    ask(HttpMethod.DELETE, path(namespace, name), "application/json", "");
  }

  /** Sets one annotation, as somebody else might (JSON Merge Patch, RFC 7396). */
  public void annotate(String namespace, String name, String key, String value) {
    String patch = "{\"metadata\":{\"annotations\":%s}}".formatted(JSON.toJson(Map.of(key, value)));
    ask(HttpMethod.PATCH, path(namespace, name), "application/merge-patch+json", patch);
  }

  public JsonObject get(String namespace, String name) {
    return ask(HttpMethod.GET, path(namespace, name), "application/json", "");
  }

  public Map<String, String> annotations(String namespace, String name) {
    JsonElement annotations = get(namespace, name).getAsJsonObject("metadata").get("annotations");
    return annotations == null
        ? Map.of()
        : JSON.fromJson(annotations, new TypeToken<Map<String, String>>() {});
  }

  private static String path(String namespace, String name) {
    return "/apis/cdi.kubevirt.io/v1beta1/namespaces/%s/dataimportcrons%s"
        .formatted(namespace, name.isEmpty() ? "" : "/" + name);
  }

  /** Past the network, so that it can be done while a request is being answered. */
  private JsonObject ask(HttpMethod method, String path, String type, String body) {
    Headers headers = Headers.builder().add("Content-Type", type).build();
    MockResponse answer =
        objects.dispatch(
            new RecordedRequest("HTTP/1.1", method, path, headers, new Buffer().writeUtf8(body)));
    String text = answer.getBody() == null ? "" : answer.getBody().readUtf8();
    if (answer.code() / 100 != 2) {
      throw new IllegalStateException("%s %s: %d %s".formatted(method, path, answer.code(), text));
    }
    return text.startsWith("{") ? JSON.fromJson(text, JsonObject.class) : new JsonObject();
  }

  /** Returns the requests of the program under test, {@code METHOD path}. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  /** Returns the body of the last one. */
  public String lastBody() {
    return lastBody;
  }

  @Override
  public void close() {
    server.destroy();
  }
}
