package io.gantry.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class WebAddressTest {

  @ParameterizedTest
  @CsvSource({
    "http://Example.org, http://example.org/",
    "HTTPS://example.org:443/a%20b, https://example.org/a%20b",
    "http://example.org:443/a, http://example.org:443/a",
    "http://my_bucket.example.org/a, http://my_bucket.example.org/a",
    "http://u:p@example.org:8080/a, http://example.org:8080/a",
    "http://[2001:DB8::1]:81/a, http://[2001:db8::1]:81/a",
    "http://example.org:/a, http://example.org/a",
    "http://example.org/a?sig=secret, http://example.org/a?...",
    "http://example.org/a#part, http://example.org/a",
    "http://b\u00fccher.example/a, http://xn--bcher-kva.example/a"
  })
  void showsAnAddressWithoutItsSecrets(String url, String shown) {
    assertThat(WebAddress.of(URI.create(url))).hasToString(shown);
  }

  @Test
  void sendsPathAndQueryAsTheyAre() {
    WebAddress address = WebAddress.of(URI.create("http://h//a/../b%2Fc?x=1&y=%2B+z"));
    assertThat(address.target()).isEqualTo("//a/../b%2Fc?x=1&y=%2B+z");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "http://h/my disk [1] {a}.img   | /my%20disk%20%5B1%5D%20%7Ba%7D.img",
        "http://[::1]:80/a?b=[c]&d=e f  | /a?b=[c]&d=e%20f",
        "http://h/ä?ü                   | /%C3%A4?%C3%BC",
        "http://h/a%2fb//c/../d%20e     | /a%2fb//c/../d%20e",
        "http://h/a?x=100%&y=%2B+%zz    | /a?x=100%25&y=%2B+%25zz",
        "http://h/a?u=http://x/y?z      | /a?u=http://x/y?z",
        "http://h?a=b                   | /?a=b",
        "http://h/a#part                | /a",
      })
  void sendsWhatPeopleWriteAndWhatIsEncodedByteForByte(String url, String target) throws Exception {
    assertThat(WebAddress.of(UrlText.parse(url)).target()).isEqualTo(target);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://h/%zz", "http://h h/a", "http://h/a\nb", "http://[::1/a"})
  void refusesWhatIsNoUrl(String url) {
    assertThatThrownBy(() -> WebAddress.of(UrlText.parse(url))).isInstanceOf(Exception.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "https://b.org/x        | https://b.org/x",
        "//b.org/x              | http://b.org/x",
        "/x/y                   | http://a.org:81/x/y",
        "y                      | http://a.org:81/dir/y",
        "../y                   | http://a.org:81/y",
        "?q=2                   | http://a.org:81/dir/file?q=2",
        "/with space?a=ü|http://a.org:81/with%20space?a=%C3%BC",
        "/100%25                | http://a.org:81/100%25",
        "HTTP://B.org:8080/x#f  | http://b.org:8080/x",
        "/x[1].img              | http://a.org:81/x%5B1%5D.img",
        "//[::1]:82/x           | http://[::1]:82/x",
      })
  void followsALocation(String location, String expected) {
    WebAddress from = WebAddress.of(URI.create("http://a.org:81/dir/file?q=1"));
    WebAddress to = from.resolve(location);
    assertThat(to.origin() + to.target()).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://b.org/x", "file:///etc/passwd", "http://", "http://b.org:x/"})
  void followsNoLocationThatIsNoWebAddress(String location) {
    WebAddress from = WebAddress.of(URI.create("http://a.org/file"));
    assertThatThrownBy(() -> from.resolve(location)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void tellsOriginsApartBySchemeHostAndPort() {
    Origin origin = WebAddress.of(URI.create("https://a.org/x")).origin();
    assertThat(WebAddress.of(URI.create("HTTPS://A.org:443/y")).origin()).isEqualTo(origin);
    assertThat(WebAddress.of(URI.create("http://a.org:443/x")).origin()).isNotEqualTo(origin);
    assertThat(WebAddress.of(URI.create("https://a.org:444/x")).origin()).isNotEqualTo(origin);
    assertThat(WebAddress.of(URI.create("https://b.a.org/x")).origin()).isNotEqualTo(origin);
  }
}
