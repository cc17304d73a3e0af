package io.gantry.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.runtime.Env;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an endpoint and a name for people say. */
final class S3AddressTest {

  @ParameterizedTest
  @CsvSource({
    "s3.eu-west-1.amazonaws.com, eu-west-1",
    "bucket.s3.us-gov-west-1.amazonaws.com, us-gov-west-1",
    "s3.cn-north-1.amazonaws.com.cn, cn-north-1",
    "s3.amazonaws.com, s3",
    "minio:9000, minio:9000",
    "minio.example.org:9000, minio",
    "rook-ceph-rgw, rook-ceph-rgw",
    "10.1.2.3:8080, 10",
  })
  void takesTheRegionFromTheHostAsCdiDoes(String host, String region) {
    assertThat(S3Address.ofEndpoint("https://" + host + "/bucket/key").region()).isEqualTo(region);
  }

  @ParameterizedTest
  @CsvSource({
    "http://minio:9000/bucket/key, http://minio:9000/bucket/key",
    "https://minio/bucket/a/b/c.img, https://minio/bucket/a/b/c.img",
    "s3://minio/bucket/key, https://minio/bucket/key",
    "HTTP://minio//bucket/key/, http://minio/bucket/key",
    "http://u:p@minio/bucket/key?x=1, http://minio/bucket/key",
    "http://my_store/bucket/a%20b+c%2Fd, http://my_store/bucket/a%20b%2Bc/d",
    "http://[::1]:9000/bucket/(a)'*!~, http://[::1]:9000/bucket/%28a%29%27%2A%21~",
  })
  void readsTheFormOfTheControlPlane(String text, String url) {
    assertThat(S3Address.ofEndpoint(text).url()).hasToString(url);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://minio", "http://minio/bucket", "http://minio/bucket/", "http:///b/k"})
  void refusesAnEndpointWithoutAnObject(String text) {
    assertThatThrownBy(() -> S3Address.ofEndpoint(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("OBJECT");
  }

  @Test
  void asksAmazonInItsDefaultRegionUnlessToldOtherwise() {
    assertThat(named("s3://bucket/key", Map.of()).url())
        .hasToString("https://s3.us-east-1.amazonaws.com/bucket/key");
    assertThat(named("s3://bucket/key", Map.of("AWS_DEFAULT_REGION", "eu-west-3")).url())
        .hasToString("https://s3.eu-west-3.amazonaws.com/bucket/key");
    assertThat(
            named(
                    "s3://bucket/key",
                    Map.of("AWS_REGION", "cn-north-1", "AWS_DEFAULT_REGION", "eu-west-3"))
                .url())
        .hasToString("https://s3.cn-north-1.amazonaws.com.cn/bucket/key");
  }

  @Test
  void takesTheKeyOfANameAsItStandsThere() {
    assertThat(named("s3://bucket/a b%20/ü?.img", Map.of()).url())
        .hasToString("https://s3.us-east-1.amazonaws.com/bucket/a%20b%2520/%C3%BC%3F.img");
  }

  @Test
  void asksAnotherStore() {
    Map<String, String> variables =
        Map.of("AWS_ENDPOINT_URL", "http://all:1", "AWS_ENDPOINT_URL_S3", "http://s3:2/prefix/");
    assertThat(named("s3://bucket/key", variables).url())
        .hasToString("http://s3:2/prefix/bucket/key");
    S3Address given =
        S3Address.ofName(
            "s3://bucket/key",
            Optional.of("minio.example:9000"),
            Optional.of("here"),
            true,
            Env.of(variables));
    assertThat(given.url()).hasToString("https://bucket.minio.example:9000/key");
    assertThat(given.region()).isEqualTo("here");
    assertThat(given).hasToString("s3://bucket/key");
  }

  @Test
  void followsABucketToItsRegion() {
    S3Address amazon = named("s3://bucket/key", Map.of());
    assertThat(amazon.in("eu-west-1").orElseThrow().url())
        .hasToString("https://s3.eu-west-1.amazonaws.com/bucket/key");
    assertThat(amazon.in("us-east-1")).isEmpty();
    assertThat(amazon.in("evil.example/x")).isEmpty();
    S3Address minio = S3Address.ofEndpoint("http://minio/bucket/key");
    assertThat(minio.in("eu-west-1").orElseThrow().url()).hasToString("http://minio/bucket/key");
    assertThat(minio.in("eu-west-1").orElseThrow().region()).isEqualTo("eu-west-1");
  }

  @Test
  void refusesWhatIsNoRegionOrEndpoint() {
    assertThatThrownBy(() -> named("s3://bucket/key", Map.of("AWS_REGION", "a/b")))
        .hasMessageContaining("\"a/b\" is no region");
    assertThatThrownBy(() -> named("s3://bucket/key", Map.of("AWS_ENDPOINT_URL", "ftp://x")))
        .hasMessageContaining("\"ftp\"");
  }

  private static S3Address named(String text, Map<String, String> variables) {
    return S3Address.ofName(text, Optional.empty(), Optional.empty(), false, Env.of(variables));
  }
}
