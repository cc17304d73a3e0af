package io.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PemCertificatesTest {

  @TempDir Path folder;

  @Test
  void readsEveryCertificateAndPassesOverTheRest() throws Exception {
    String pem = builtInCertificate();
    Path file = folder.resolve("ca.pem");
    Files.writeString(
        file,
        "subject=somebody\r\n"
            + pem.replace("\n", "\r\n")
            + "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"
            + pem);
    assertThat(PemCertificates.read(file, Assertions::fail)).hasSize(2);
    assertThat(TlsMaterial.of(Collections.nCopies(2, file), false)).isNotNull();
  }

  @Test
  void saysWhichFileDoesNotExist() {
    assertRefused(folder.resolve("missing.pem"), "missing.pem does not exist");
  }

  @Test
  void saysThatAFolderCannotBeRead() {
    assertRefused(folder, folder + " cannot be read: ");
  }

  @Test
  void saysThatThereIsNoCertificate() throws Exception {
    assertRefused(write("key.pem", "-----BEGIN PRIVATE KEY-----\n"), "holds no certificate");
    assertRefused(write("empty.pem", ""), "holds no certificate");
  }

  @Test
  void saysThatACertificateIsCutShortOrBroken() throws Exception {
    String pem = builtInCertificate();
    assertRefused(write("cut.pem", pem.substring(0, 300)), "cut.pem is cut short");
    assertRefused(
        write("broken.pem", pem.replaceFirst("M", "*A")), "broken.pem: certificate 1 is broken");
  }

  @Test
  void keepsTheCertificatesBesideABrokenOne() throws Exception {
    String pem = builtInCertificate();
    Path file = write("ca.pem", pem.replaceFirst("M", "*A") + pem + pem.substring(0, 300));
    List<String> broken = new ArrayList<>();
    assertThat(PemCertificates.read(file, broken::add)).hasSize(1);
    assertThat(broken).hasSize(2);
    assertThat(broken.getFirst()).contains("ca.pem: certificate 1 is broken");
    assertThat(broken.getLast()).contains("ca.pem is cut short");
    assertThat(TlsMaterial.of(List.of(file), false)).isNotNull();
  }

  @Test
  void readsNoFileThatIsTooLargeToBeOne() throws Exception {
    Path file = folder.resolve("disk.img");
    try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
      large.setLength(1L << 32);
    }
    assertRefused(file, "disk.img has 4294967296 bytes");
  }

  private static void assertRefused(Path file, String message) {
    assertThatThrownBy(() -> PemCertificates.read(file, _ -> {}))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  /** Some certificate: the first one that this Java runtime trusts. */
  private static String builtInCertificate() throws Exception {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init((KeyStore) null);
    X509TrustManager manager = (X509TrustManager) factory.getTrustManagers()[0];
    byte[] der = manager.getAcceptedIssuers()[0].getEncoded();
    return "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n"
        .formatted(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der));
  }
}
