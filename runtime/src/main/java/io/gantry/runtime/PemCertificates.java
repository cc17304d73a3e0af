package io.gantry.runtime;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;

/**
 * The certificates in a PEM file (RFC 7468): any number, with text around them, and other blocks
 * (private keys) between them, which are passed over.
 */
final class PemCertificates {

  private static final String BEGIN = "-----BEGIN CERTIFICATE-----";
  private static final String END = "-----END CERTIFICATE-----";

  /** A bundle of every public authority has some 250 KiB; what is larger is another file. */
  private static final long FILE_MAX = 16 << 20;

  private PemCertificates() {}

  /**
   * Reads every certificate of {@code file}.
   *
   * @param broken told of each that makes no sense, while there are others
   * @throws CaFileException when it cannot be read, or holds no certificate that makes sense
   */
  static List<X509Certificate> read(Path file, Consumer<String> broken) throws IOException {
    String text = readText(file);
    List<X509Certificate> certificates = new ArrayList<>();
    List<CaFileException> failures = new ArrayList<>();
    int begin = text.indexOf(BEGIN);
    for (int number = 1; begin >= 0; number++) {
      int end = text.indexOf(END, begin);
      try {
        certificates.add(decode(file, number, text, begin + BEGIN.length(), end));
      } catch (CaFileException e) {
        failures.add(e);
      }
      begin = end < 0 ? -1 : text.indexOf(BEGIN, end);
    }
    if (certificates.isEmpty()) {
      throw failures.isEmpty()
          ? new CaFileException(
              "CA file %s holds no certificate, it must be PEM with \"%s\"".formatted(file, BEGIN))
          : failures.getFirst();
    }
    failures.forEach(failure -> broken.accept(failure.getMessage()));
    return certificates;
  }

  private static String readText(Path file) throws IOException {
    checkSize(file);
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (AccessDeniedException e) {
      throw new CaFileException("CA file " + file + " cannot be read: permission denied", e);
    } catch (IOException e) {
      throw new CaFileException("CA file %s cannot be read: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static void checkSize(Path file) throws IOException {
    long size;
    try {
      size = Files.size(file);
    } catch (NoSuchFileException e) {
      throw new CaFileException("CA file " + file + " does not exist", e);
    }
    if (size > FILE_MAX) {
      throw new CaFileException(
          "CA file %s has %d bytes, more than %d: not a PEM file".formatted(file, size, FILE_MAX));
    }
  }

  private static X509Certificate decode(Path file, int number, String text, int begin, int end)
      throws CaFileException {
    if (end < 0) {
      throw new CaFileException(
          "CA file %s is cut short: %s without its end".formatted(file, BEGIN));
    }
    try {
      byte[] der = Base64.getMimeDecoder().decode(text.substring(begin, end));
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      return (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der));
    } catch (CertificateException | IllegalArgumentException e) {
      throw new CaFileException(
          "CA file %s: certificate %d is broken: %s".formatted(file, number, e.getMessage()), e);
    }
  }
}
