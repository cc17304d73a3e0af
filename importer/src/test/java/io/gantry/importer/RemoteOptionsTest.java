package io.gantry.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.http.HttpSourceOptions;
import io.gantry.runtime.CaFileException;
import io.gantry.runtime.Env;
import io.gantry.runtime.PodRoot;
import io.gantry.runtime.WorkerLog;
import io.gantry.testkit.CertificateAuthority;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RemoteOptionsTest {

  @TempDir private Path root;

  private final ByteArrayOutputStream logged = new ByteArrayOutputStream();

  private HttpSourceOptions options(String... pairs) throws Exception {
    Map<String, String> values = new HashMap<>(Map.of("PREALLOCATION", "false"));
    for (int i = 0; i < pairs.length; i += 2) {
      values.put(pairs[i], pairs[i + 1]);
    }
    WorkerLog log = new WorkerLog(new PrintStream(logged, true, StandardCharsets.UTF_8), 0);
    return new RemoteOptions(
            ImporterConfig.of(Env.of(values)), new ImporterPaths(new PodRoot(root)), log)
        .http();
  }

  private Path mount(String path) throws IOException {
    return Files.createDirectories(root.resolve(path));
  }

  @Test
  void trustsWhatTheProxyAndTheImportBring() throws Exception {
    Path certificate = CertificateAuthority.in(root.resolve("authority")).certificate();
    Files.copy(certificate, mount("proxycerts").resolve("ca.pem"));
    Files.copy(certificate, mount("certs").resolve("any-name"));
    Files.writeString(root.resolve("certs/notes.txt"), "nothing of the kind");
    Files.copy(certificate, root.resolve("certs/.hidden"));
    mount("certs/..data");

    assertThat(options("IMPORTER_CERT_DIR", "/certs").caFiles())
        .containsExactly(root.resolve("proxycerts/ca.pem"), root.resolve("certs/any-name"));
    assertThat(logged.toString(StandardCharsets.UTF_8)).contains("notes.txt");
  }

  @Test
  void failsWhenTheDirectoryOfCertificatesIsMissing() {
    assertThatThrownBy(() -> options("IMPORTER_CERT_DIR", "/certs"))
        .isInstanceOf(CaFileException.class)
        .hasMessage("CA directory " + root.resolve("certs") + " cannot be read: no such directory");
  }

  @Test
  void trustsTheAuthoritiesOfTheProxyWhereverTheControllerPutsThem() throws Exception {
    Path certificate = CertificateAuthority.in(root.resolve("authority")).certificate();
    Files.copy(certificate, mount("proxycerts").resolve("ca.pem"));
    Files.copy(certificate, mount("elsewhere").resolve("ca.pem"));

    assertThat(options("IMPORTER_PROXY_CERT_DIR", "/proxycerts/").caFiles())
        .containsExactly(root.resolve("proxycerts/ca.pem"));
    assertThat(options("IMPORTER_PROXY_CERT_DIR", "/elsewhere").caFiles())
        .containsExactly(root.resolve("proxycerts/ca.pem"), root.resolve("elsewhere/ca.pem"));
    assertThat(options("IMPORTER_PROXY_CERT_DIR", "/nowhere").caFiles())
        .containsExactly(root.resolve("proxycerts/ca.pem"));
  }

  @Test
  void leavesHeadersOutThatWouldBreakTheTransfer() throws Exception {
    Files.writeString(mount("extraheaders/0").resolve("token"), "Range: bytes=0-9");
    assertThat(
            options(
                    "IMPORTER_EXTRA_HEADER_0", "Accept-Encoding: gzip",
                    "IMPORTER_EXTRA_HEADER_1", "nothing",
                    "IMPORTER_EXTRA_HEADER_2", "X-A: 1")
                .headers())
        .containsExactly(Map.entry("X-A", "1"));
    assertThat(logged.toString(StandardCharsets.UTF_8))
        .contains("extra header sets Accept-Encoding", "token sets Range")
        .doesNotContain("0-9");
  }

  /** As in the reference, which sends the bytes that it has. */
  @Test
  void sendsHeadersInUtf8() throws Exception {
    byte[] sent =
        options("IMPORTER_EXTRA_HEADER_0", "X-A: gr\u00fcn \u65e5\u672c")
            .headers()
            .getFirst()
            .getValue()
            .getBytes(StandardCharsets.ISO_8859_1);
    assertThat(new String(sent, StandardCharsets.UTF_8)).isEqualTo("gr\u00fcn \u65e5\u672c");
  }

  @Test
  void waitsTenMinutesForAByteUnlessToldOtherwise() throws Exception {
    assertThat(options().stallTimeout()).isEqualTo(Duration.ofMinutes(10));
    assertThat(options().reconnectAfter()).isEqualTo(Duration.ofMinutes(1));
    assertThat(options("GANTRY_STALL_TIMEOUT", "5").stallTimeout())
        .isEqualTo(Duration.ofSeconds(5));
    assertThatThrownBy(() -> options("GANTRY_STALL_TIMEOUT", "0"))
        .isInstanceOf(ImporterConfig.ConfigException.class);
  }

  @Test
  void takesOneSecretHeaderAFileAndTheNewlineOffIt() throws Exception {
    Files.writeString(mount("extraheaders/0").resolve("token"), "X-Token: abc:d\n");
    Files.writeString(mount("extraheaders/0/..2026").resolve("token"), "X-Token: old");
    Files.writeString(mount("extraheaders/1/deeper").resolve("b"), "X-B:2");
    Files.writeString(root.resolve("extraheaders/1/broken"), "none");

    assertThat(options("IMPORTER_EXTRA_HEADER_0", "X-A: 1 ").headers())
        .containsExactly(
            Map.entry("X-A", "1"), Map.entry("X-Token", "abc:d"), Map.entry("X-B", "2"));
    assertThat(logged.toString(StandardCharsets.UTF_8))
        .contains("extraheaders/1/broken has no colon")
        .doesNotContain("none");
  }

  @Test
  void callsItselfWhatTheProxiesOfTheReferenceKnow() throws Exception {
    assertThat(options().userAgent()).isEqualTo("cdi-golang-importer");
  }
}
