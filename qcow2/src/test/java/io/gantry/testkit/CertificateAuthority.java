package io.gantry.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An authority that nobody trusts unless told to, made by openssl in a folder of its own. */
public final class CertificateAuthority {

  private static final Path OPENSSL = Path.of("/usr/bin/openssl");

  private final Path folder;

  private CertificateAuthority(Path folder) {
    this.folder = folder;
  }

  /**
   * A server's certificate and key, both PEM.
   *
   * @param certificate the certificate file
   * @param key the private key file
   */
  public record Issued(Path certificate, Path key) {}

  public static CertificateAuthority in(Path folder) throws IOException {
    assumeTrue(Files.isExecutable(OPENSSL), "openssl is not installed (package openssl)");
    CertificateAuthority authority = new CertificateAuthority(Files.createDirectories(folder));
    authority.openssl(
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "30",
        "-subj",
        "/CN=Gantry test authority",
        "-keyout",
        "ca.key",
        "-out",
        "ca.pem");
    return authority;
  }

  /** Returns the file that a client must trust. */
  public Path certificate() {
    return folder.resolve("ca.pem");
  }

  /**
   * Issues a certificate.
   *
   * @param names alternative names as openssl writes them: {@code DNS:example.org}, {@code
   *     IP:127.0.0.1}
   */
  public Issued issue(String name, String names) throws IOException {
    Files.writeString(folder.resolve(name + ".ext"), "subjectAltName=" + names + "\n");
    openssl(
        "req",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-subj",
        "/CN=" + name,
        "-keyout",
        name + ".key",
        "-out",
        name + ".csr");
    openssl(
        "x509",
        "-req",
        "-in",
        name + ".csr",
        "-CA",
        "ca.pem",
        "-CAkey",
        "ca.key",
        "-CAcreateserial",
        "-days",
        "10",
        "-extfile",
        name + ".ext",
        "-out",
        name + ".pem");
    return new Issued(folder.resolve(name + ".pem"), folder.resolve(name + ".key"));
  }

  private void openssl(String... args) throws IOException {
    List<String> command = new ArrayList<>(List.of(OPENSSL.toString()));
    command.addAll(List.of(args));
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException(String.join(" ", command) + ": " + output);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
