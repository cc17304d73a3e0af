package io.gantry.runtime;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;

/**
 * A key and a certificate that vouches for itself, for servers whose clients do not verify: the
 * controller asks for metrics with verification turned off.
 *
 * <p>The Java runtime reads certificates and has no public way of writing one, and a library that
 * does weighs nine megabytes; the few fields that such a certificate needs are written here (RFC
 * 5280 section 4.1, DER as in X.690).
 */
record SelfSignedCertificate(PrivateKey key, X509Certificate certificate) {

  /** The type of the key, as TLS and the Java runtime name it. */
  static final String KEY_TYPE = "EC";

  /**
   * An RSA key of 2048 bits, as the reference has, takes a cold JVM a second of processor time;
   * this one takes hundredths.
   */
  private static final String CURVE = "secp256r1";

  private static final Duration VALIDITY = Duration.ofDays(365);

  /** DER of AlgorithmIdentifier ecdsa-with-SHA256 (RFC 5758 section 3.2). */
  private static final byte[] ECDSA_WITH_SHA256 =
      HexFormat.of().parseHex("300a06082a8648ce3d040302");

  /** DER of the object identifiers commonName (2.5.4.3) and subjectAltName (2.5.29.17). */
  private static final byte[] COMMON_NAME = HexFormat.of().parseHex("0603550403");

  private static final byte[] SUBJECT_ALT_NAME = HexFormat.of().parseHex("0603551d11");

  private static final int INTEGER = 0x02;
  private static final int BIT_STRING = 0x03;
  private static final int OCTET_STRING = 0x04;
  private static final int UTF8_STRING = 0x0c;
  private static final int UTC_TIME = 0x17;
  private static final int SEQUENCE = 0x30;
  private static final int SET = 0x31;
  private static final int VERSION = 0xa0;
  private static final int EXTENSIONS = 0xa3;
  private static final int DNS_NAME = 0x82;

  private static final DateTimeFormatter UTC =
      DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

  /**
   * Makes a new key pair and its certificate.
   *
   * @param name common name and only DNS name
   */
  static SelfSignedCertificate create(String name) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(KEY_TYPE);
      generator.initialize(new ECGenParameterSpec(CURVE));
      KeyPair keys = generator.generateKeyPair();
      return new SelfSignedCertificate(keys.getPrivate(), sign(name, keys));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime signs with ECDSA and SHA-256", e);
    }
  }

  private static X509Certificate sign(String name, KeyPair keys) throws GeneralSecurityException {
    byte[] body = body(name, keys.getPublic().getEncoded());
    Signature signer = Signature.getInstance("SHA256withECDSA");
    signer.initSign(keys.getPrivate());
    signer.update(body);
    byte[] der = der(SEQUENCE, body, ECDSA_WITH_SHA256, der(BIT_STRING, ZERO_BITS, signer.sign()));
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
  }

  /** A bit string begins with how many bits of its last byte do not count. */
  private static final byte[] ZERO_BITS = {0};

  private static byte[] body(String name, byte[] publicKey) {
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    byte[] subject = der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, der(UTF8_STRING, text))));
    byte[] altNames = der(SEQUENCE, der(DNS_NAME, text));
    byte[] extension = der(SEQUENCE, SUBJECT_ALT_NAME, der(OCTET_STRING, altNames));
    byte[] version3 = der(VERSION, der(INTEGER, new byte[] {2}));
    return der(
        SEQUENCE,
        version3,
        der(INTEGER, new BigInteger(64, new SecureRandom()).setBit(0).toByteArray()),
        ECDSA_WITH_SHA256,
        subject,
        validity(),
        subject,
        publicKey,
        der(EXTENSIONS, der(SEQUENCE, extension)));
  }

  private static byte[] validity() {
    Instant now = Instant.now();
    return der(SEQUENCE, time(now.minus(Duration.ofMinutes(5))), time(now.plus(VALIDITY)));
  }

  private static byte[] time(Instant instant) {
    return der(UTC_TIME, UTC.format(instant).getBytes(StandardCharsets.US_ASCII));
  }

  /** Tag, length, and the parts behind one another (X.690 section 8.1). */
  private static byte[] der(int tag, byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    ByteArrayOutputStream der = new ByteArrayOutputStream();
    der.write(tag);
    writeLength(der, content.size());
    der.writeBytes(content.toByteArray());
    return der.toByteArray();
  }

  private static void writeLength(ByteArrayOutputStream der, int length) {
    if (length < 0x80) {
      der.write(length);
      return;
    }
    byte[] bytes = BigInteger.valueOf(length).toByteArray();
    int skip = bytes[0] == 0 ? 1 : 0;
    der.write(0x80 | (bytes.length - skip));
    der.write(bytes, skip, bytes.length - skip);
  }
}
