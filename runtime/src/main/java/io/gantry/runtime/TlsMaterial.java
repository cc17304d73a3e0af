package io.gantry.runtime;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Whom a client trusts: the authorities built into the Java runtime, those of extra PEM files
 * beside them, or, when told to, anybody.
 *
 * <p>TLS 1.2 and 1.3 are spoken; the host name is checked against the certificate (RFC 9110 section
 * 4.3.4) unless verification is off altogether.
 */
public final class TlsMaterial {

  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  private final SSLContext context;
  private final boolean verified;

  private TlsMaterial(SSLContext context, boolean verified) {
    this.context = context;
    this.verified = verified;
  }

  /**
   * Reads the files now, so that a wrong one is told before anything is contacted.
   *
   * @param caFiles PEM files of authorities trusted beside the built-in ones
   * @param insecure verify nothing; the files are still read, because a wrong one is a mistake
   */
  public static TlsMaterial of(List<Path> caFiles, boolean insecure) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      @Nullable TrustManager[] managers = managers(caFiles, insecure);
      context.init(null, managers, null);
      return new TlsMaterial(context, !insecure);
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS cannot be set up: " + e.getMessage(), e);
    }
  }

  /**
   * Starts TLS on a connected socket and finishes the handshake. Closing the result closes {@code
   * connected}.
   *
   * @param host the name the peer must have in its certificate
   */
  public SSLSocket handshake(Socket connected, String host, int port) throws IOException {
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(connected, host, port, true);
    socket.setEnabledProtocols(PROTOCOLS);
    if (verified) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
    }
    socket.startHandshake();
    return socket;
  }

  /** Null means the runtime's own: it reads its trust store only when it is needed. */
  private static TrustManager @Nullable [] managers(List<Path> caFiles, boolean insecure)
      throws IOException, GeneralSecurityException {
    KeyStore extra = readAuthorities(caFiles);
    if (insecure) {
      return new TrustManager[] {new TrustAnybody()};
    }
    if (caFiles.isEmpty()) {
      return null;
    }
    addBuiltIn(extra);
    TrustManagerFactory factory = newFactory();
    factory.init(extra);
    return factory.getTrustManagers();
  }

  private static KeyStore readAuthorities(List<Path> caFiles)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    for (Path file : caFiles) {
      for (X509Certificate certificate : PemCertificates.read(file, _ -> {})) {
        store.setCertificateEntry("extra-" + store.size(), certificate);
      }
    }
    return store;
  }

  private static void addBuiltIn(KeyStore store) throws GeneralSecurityException {
    TrustManagerFactory builtIn = newFactory();
    builtIn.init((KeyStore) null);
    for (TrustManager manager : builtIn.getTrustManagers()) {
      if (manager instanceof X509TrustManager x509) {
        for (X509Certificate certificate : x509.getAcceptedIssuers()) {
          store.setCertificateEntry("built-in-" + store.size(), certificate);
        }
      }
    }
  }

  private static TrustManagerFactory newFactory() throws GeneralSecurityException {
    return TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
  }
}
