package io.gantry.registry;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.gantry.testkit.CannedServer;
import io.gantry.testkit.CertificateAuthority;
import java.io.Closeable;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

/**
 * A token server that a real registry believes: it signs what Docker's "Token Authentication
 * Implementation" asks for, a JWT with ES256 and its certificate in {@code x5c}.
 */
final class TokenIssuer implements Closeable {

  static final String ISSUER = "gantry-test";
  static final String SERVICE = "gantry-registry";

  private final CannedServer server;
  private final CertificateAuthority.Issued issued;

  private TokenIssuer(CertificateAuthority.Issued issued, String wantedAuthorization)
      throws IOException {
    this.issued = issued;
    this.server = CannedServer.saying((request, _) -> answer(request, wantedAuthorization));
  }

  /** Starts one that hands out tokens to whoever sends this header; empty for anybody. */
  static TokenIssuer start(CertificateAuthority.Issued issued, String wantedAuthorization)
      throws IOException {
    return new TokenIssuer(issued, wantedAuthorization);
  }

  /** Returns the registry's configuration. */
  String settings(CertificateAuthority authority) {
    return "auth: {token: {realm: \"%s\", service: %s, issuer: %s, rootcertbundle: %s}}"
        .formatted(server.url("/token"), SERVICE, ISSUER, authority.certificate());
  }

  List<String> requests() {
    return server.requests();
  }

  private byte[] answer(String request, String wantedAuthorization) {
    if (!request.contains(wantedAuthorization)) {
      return CannedServer.answer("HTTP/1.1 401 Unauthorized\nContent-Length: 0", new byte[0]);
    }
    String scope = URLDecoder.decode(request.replaceAll("(?s).*[?&]scope=([^& ]*).*", "$1"), UTF_8);
    byte[] body = "{\"token\":\"%s\",\"expires_in\":300}".formatted(token(scope)).getBytes(UTF_8);
    return CannedServer.answer(
        "HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Length: " + body.length, body);
  }

  private String token(String scope) {
    try {
      String[] parts = scope.split(":", -1);
      long now = Instant.now().getEpochSecond();
      String header =
          "{\"typ\":\"JWT\",\"alg\":\"ES256\",\"x5c\":[\"%s\"]}"
              .formatted(pem(Files.readString(issued.certificate())));
      String claims =
          """
          {"iss":"%s","sub":"guest","aud":"%s","exp":%d,"nbf":%d,"iat":%d,"jti":"1",\
          "access":[{"type":"%s","name":"%s","actions":["%s"]}]}\
          """
              .formatted(ISSUER, SERVICE, now + 300, now - 10, now, parts[0], parts[1], parts[2]);
      String signed = base64(header.getBytes(UTF_8)) + "." + base64(claims.getBytes(UTF_8));
      Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
      signature.initSign(key());
      signature.update(signed.getBytes(US_ASCII));
      return signed + "." + base64(signature.sign());
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private PrivateKey key() throws GeneralSecurityException, IOException {
    byte[] der = Base64.getDecoder().decode(pem(Files.readString(issued.key())));
    return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
  }

  private static String pem(String text) {
    return text.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
