package io.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ProxyVariablesTest {

  @Test
  void choosesTheVariableOfTheScheme() {
    ProxyVariables proxies = variables("http_proxy", "http://a:1", "https_proxy", "http://b:2");
    assertThat(proxies.proxyFor("http", "example.org", 80)).map(ProxyServer::host).hasValue("a");
    assertThat(proxies.proxyFor("https", "example.org", 443)).map(ProxyServer::host).hasValue("b");
  }

  @Test
  void goesStraightWithoutVariables() {
    assertThat(variables("http_proxy", "").proxyFor("http", "example.org", 80)).isEmpty();
    assertThat(variables("http_proxy", "a").proxyFor("https", "example.org", 443)).isEmpty();
  }

  @Test
  void prefersUpperCase() {
    ProxyVariables proxies = variables("http_proxy", "http://a:1", "HTTP_PROXY", "http://b:2");
    assertThat(proxies.proxyFor("http", "example.org", 80)).map(ProxyServer::host).hasValue("b");
  }

  @ParameterizedTest
  @CsvSource({
    "proxy, http://proxy:80",
    "proxy:3128, http://proxy:3128",
    "http://proxy:3128/, http://proxy:3128",
    "https://proxy, https://proxy:443",
    "http://[2001:db8::1]:3128, http://[2001:db8::1]:3128",
    "alice:secret@proxy:3128, http://proxy:3128"
  })
  void understandsProxyAddresses(String text, String expected) {
    Optional<ProxyServer> proxy = variables("http_proxy", text).proxyFor("http", "example.org", 80);
    assertThat(proxy).map(ProxyServer::toString).hasValue(expected);
  }

  @Test
  void takesTheProxysUserAndPasswordFromItsUrl() {
    Optional<ProxyServer> proxy =
        variables("http_proxy", "http://al%40ice:p%3Aw@proxy:1").proxyFor("http", "a.org", 80);
    assertThat(proxy.flatMap(ProxyServer::authorization)).hasValue("Basic YWxAaWNlOnA6dw==");
  }

  @ParameterizedTest
  @ValueSource(strings = {"socks5://alice:secret@proxy:1", "http://alice:secret@", "http://a b"})
  void saysWhatIsWrongWithAProxyAddressButNotThePassword(String text) {
    assertThatThrownBy(() -> variables("http_proxy", text).proxyFor("http", "a.org", 80))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("http_proxy")
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "example.org                  | example.org       | 80  | true",
        "example.org                  | mirror.EXAMPLE.org | 80 | true",
        "example.org                  | badexample.org    | 80  | false",
        ".example.org                 | example.org       | 80  | false",
        ".example.org                 | a.b.example.org   | 80  | true",
        "*.example.org                | a.example.org     | 80  | true",
        "*.example.org                | example.org       | 80  | false",
        "*                            | anything          | 80  | true",
        "other, example.org , another | example.org       | 80  | true",
        "example.org:8080             | example.org       | 8080 | true",
        "example.org:8080             | example.org       | 80  | false",
        "192.0.2.7                    | 192.0.2.7         | 80  | true",
        "192.0.2.7                    | 192.0.2.8         | 80  | false",
        "192.0.2.7:81                 | 192.0.2.7         | 80  | false",
        "192.0.2.0/25                 | 192.0.2.127       | 80  | true",
        "192.0.2.0/25                 | 192.0.2.128       | 80  | false",
        "0.0.0.0/0                    | 198.51.100.1      | 80  | true",
        "192.0.2.0/24                 | example.org       | 80  | false",
        "2001:db8::/32                | 2001:db8::7       | 80  | true",
        "2001:db8::/32                | 2001:db9::7       | 80  | false",
        "2001:db8::7                  | 2001:db8::7       | 80  | true",
        "[2001:db8::7]:81             | 2001:db8::7       | 81  | true",
        "10.0.0.0/8                   | 2001:db8::7       | 80  | false",
        "10.0.0.0/99                  | 10.0.0.1          | 80  | false",
        "''                           | localhost         | 80  | true",
        "''                           | 127.1.2.3         | 80  | true",
        "''                           | ::1               | 80  | true",
        "''                           | example.org       | 80  | false",
      })
  void exemptsTheHostsOfNoProxy(String list, String host, int port, boolean exempt) {
    ProxyVariables proxies = variables("http_proxy", "http://proxy:1", "no_proxy", list);
    assertThat(proxies.proxyFor("http", host, port).isEmpty()).isEqualTo(exempt);
  }

  private static ProxyVariables variables(String name, String value) {
    return ProxyVariables.of(Env.of(Map.of(name, value)));
  }

  private static ProxyVariables variables(
      String name, String value, String otherName, String otherValue) {
    return ProxyVariables.of(Env.of(Map.of(name, value, otherName, otherValue)));
  }
}
