package io.gantry.runtime;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * A server's one self-signed certificate, made when the first client asks for it: a worker that
 * ends before anybody asked does not pay for it. Nor does anybody pay for a key store; PKCS 12
 * protects a key with ten thousand rounds of SHA-256, on which a cold JVM spends half a second.
 */
final class SelfSignedKeys extends X509ExtendedKeyManager {

  private final String name;
  private @Nullable SelfSignedCertificate certificate;

  /**
   * @param name common name and only DNS name of the certificate
   */
  SelfSignedKeys(String name) {
    this.name = name;
  }

  private synchronized SelfSignedCertificate certificate() {
    SelfSignedCertificate made = certificate;
    if (made == null) {
      made = SelfSignedCertificate.create(name);
      certificate = made;
    }
    return made;
  }

  private @Nullable String alias(String keyType) {
    return keyType.equals(SelfSignedCertificate.KEY_TYPE) ? name : null;
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
    return alias(keyType);
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, Socket socket) {
    return alias(keyType);
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    String alias = alias(keyType);
    return alias == null ? null : new String[] {alias};
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return new X509Certificate[] {certificate().certificate()};
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return certificate().key();
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, Socket socket) {
    return null;
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }
}
