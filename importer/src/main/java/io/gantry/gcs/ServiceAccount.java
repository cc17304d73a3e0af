package io.gantry.gcs;

import io.gantry.source.SourceException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A service account, as the JSON file has it that Google's console hands out: who it is, its key,
 * and where tokens are to be had.
 *
 * @param email the account's name
 * @param keyId which of its keys this is
 * @param key RSA
 * @param tokenUri the token endpoint
 */
record ServiceAccount(String email, String keyId, PrivateKey key, URI tokenUri) {

  /** Reading objects, and nothing else. */
  private static final String SCOPE = "https://www.googleapis.com/auth/devstorage.read_only";

  /** The longest that Google accepts. */
  private static final Duration VALIDITY = Duration.ofHours(1);

  private static final String TYPE = "service_account";
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  /**
   * Reads the JSON file.
   *
   * @throws SourceException with what is wrong with it, and nothing of the key
   */
  static ServiceAccount read(Path file) throws SourceException {
    String text = readText(file);
    FlatJson json;
    try {
      json = FlatJson.parse(text);
    } catch (IOException e) {
      throw broken(file, "is no JSON object", e);
    }
    return of(file, json);
  }

  private static ServiceAccount of(Path file, FlatJson json) throws SourceException {
    String type = json.get("type").orElse("");
    if (!type.equals(TYPE)) {
      throw broken(file, "has \"type\" \"%s\", only \"%s\" is read".formatted(type, TYPE), null);
    }
    try {
      return new ServiceAccount(
          required(file, json, "client_email"),
          json.get("private_key_id").orElse(""),
          parseKey(required(file, json, "private_key")),
          URI.create(required(file, json, "token_uri")));
    } catch (GeneralSecurityException e) {
      throw broken(file, "has a \"private_key\" that is no RSA key in PKCS #8", e);
    } catch (IllegalArgumentException e) {
      throw broken(file, "has a \"private_key\" or \"token_uri\" that is malformed", e);
    }
  }

  /**
   * Returns a signed statement that this account wants a token (RFC 7523 section 3, signed as RFC
   * 7515 appendix A.2 shows).
   */
  String assertion(Instant now) throws SourceException {
    String header =
        FlatJson.write(
            json ->
                json.name("alg").value("RS256").name("typ").value("JWT").name("kid").value(keyId));
    String claims =
        FlatJson.write(
            json -> {
              json.name("iss").value(email).name("scope").value(SCOPE);
              json.name("aud").value(tokenUri.toString());
              json.name("iat").value(now.getEpochSecond());
              json.name("exp").value(now.plus(VALIDITY).getEpochSecond());
            });
    String signed = encode(header) + "." + encode(claims);
    return signed + "." + sign(signed);
  }

  private String sign(String text) throws SourceException {
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(key);
      signature.update(text.getBytes(StandardCharsets.US_ASCII));
      return BASE64.encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new SourceException(
          "the key of service account %s cannot sign: %s".formatted(email, e.getMessage()),
          false,
          e);
    }
  }

  private static String encode(String json) {
    return BASE64.encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }

  /** PEM as RFC 7468 has it, with one block. */
  private static PrivateKey parseKey(String pem) throws GeneralSecurityException {
    byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
    return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(der));
  }

  private static String readText(Path file) throws SourceException {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw broken(file, "does not exist", e);
    } catch (AccessDeniedException e) {
      throw broken(file, "cannot be read: permission denied", e);
    } catch (IOException e) {
      throw broken(file, "cannot be read: " + e.getMessage(), e);
    }
  }

  private static String required(Path file, FlatJson json, String name) throws SourceException {
    return json.get(name).orElseThrow(() -> broken(file, "has no \"" + name + "\"", null));
  }

  private static SourceException broken(Path file, String what, @Nullable Throwable cause) {
    String message = "credentials file %s %s".formatted(file, what);
    return cause == null
        ? new SourceException(message, false)
        : new SourceException(message, false, cause);
  }

  /** Without the key. */
  @Override
  public String toString() {
    return email;
  }
}
