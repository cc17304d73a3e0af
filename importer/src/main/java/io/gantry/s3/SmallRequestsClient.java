package io.gantry.s3;

import io.gantry.http.SmallRequests;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;

/** Lets a client of the AWS SDK ask for credentials over our own connections. */
final class SmallRequestsClient implements SdkHttpClient {

  private final SmallRequests requests;

  SmallRequestsClient(SmallRequests requests) {
    this.requests = requests;
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    return new ExecutableHttpRequest() {
      @Override
      public HttpExecuteResponse call() throws IOException {
        return send(request);
      }

      @Override
      public void abort() {
        close();
      }
    };
  }

  private HttpExecuteResponse send(HttpExecuteRequest request) throws IOException {
    SdkHttpRequest head = request.httpRequest();
    Map<String, String> headers = new TreeMap<>();
    head.forEachHeader((name, values) -> headers.put(name, String.join(",", values)));
    SmallRequests.Answer answer =
        requests.send(head.method().name(), head.getUri(), headers, body(request));
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    SdkHttpResponse.Builder response = SdkHttpResponse.builder().statusCode(answer.status());
    answer.headers().forEach(response::putHeader);
    return HttpExecuteResponse.builder()
        .response(response.build())
        .responseBody(AbortableInputStream.create(new ByteArrayInputStream(body)))
        .build();
  }

  private static byte[] body(HttpExecuteRequest request) throws IOException {
    if (request.contentStreamProvider().isEmpty()) {
      return new byte[0];
    }
    try (InputStream in = request.contentStreamProvider().get().newStream()) {
      return in.readAllBytes();
    }
  }

  @Override
  public String clientName() {
    return "Gantry";
  }

  @Override
  public void close() {
    try {
      requests.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
