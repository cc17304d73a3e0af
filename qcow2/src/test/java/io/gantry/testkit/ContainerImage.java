package io.gantry.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/**
 * A container image or an index of several, made of bytes that a test gives, right or wrong, and
 * put where a test wants it: into a directory or an archive, or pushed to a registry.
 */
public final class ContainerImage {

  public static final String TAR_GZIP = "application/vnd.oci.image.layer.v1.tar+gzip";
  public static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  public static final String INDEX = "application/vnd.oci.image.index.v1+json";
  public static final String DOCKER_LIST =
      "application/vnd.docker.distribution.manifest.list.v2+json";
  private static final String CONFIG = "application/vnd.oci.image.config.v1+json";

  private final String mediaType;
  private final byte[] manifest;
  private final Map<String, byte[]> blobs;

  /** The manifests that an index needs, by digest, with their media types. */
  private final Map<String, ContainerImage> manifests;

  private ContainerImage(
      String mediaType,
      byte[] manifest,
      Map<String, byte[]> blobs,
      Map<String, ContainerImage> manifests) {
    this.mediaType = mediaType;
    this.manifest = manifest;
    this.blobs = blobs;
    this.manifests = manifests;
  }

  /** Starts an image for Linux on amd64. */
  public static Builder builder() {
    return new Builder();
  }

  /** What an image is made of. */
  public static final class Builder {

    private final Map<String, byte[]> blobs = new LinkedHashMap<>();
    private final List<String> layers = new ArrayList<>();
    private final List<String> labels = new ArrayList<>();
    private final List<String> environment = new ArrayList<>();
    private String architecture = "amd64";
    private String configType = CONFIG;

    /** Adds a layer, as it is to be stored. */
    public Builder layer(byte[] blob) {
      return layer(blob, TAR_GZIP);
    }

    public Builder layer(byte[] blob, String type) {
      blobs.put(digest(blob), blob);
      layers.add(descriptor(type, digest(blob), blob.length, ""));
      return this;
    }

    /** Adds a layer that the manifest lies about. */
    public Builder layer(byte[] blob, String claimedDigest, long claimedSize) {
      blobs.put(claimedDigest, blob);
      layers.add(descriptor(TAR_GZIP, claimedDigest, claimedSize, ""));
      return this;
    }

    /** Adds a layer that lies elsewhere, too; in a registry it may be missing. */
    public Builder foreignLayer(byte[] blob, String... urls) {
      String list = String.join("\",\"", urls);
      layers.add(
          descriptor(TAR_GZIP, digest(blob), blob.length, ",\"urls\":[\"%s\"]".formatted(list)));
      return this;
    }

    public Builder architecture(String name) {
      architecture = name;
      return this;
    }

    public Builder label(String name, String value) {
      labels.add("\"%s\":\"%s\"".formatted(name, value));
      return this;
    }

    public Builder environment(String nameAndValue) {
      environment.add("\"" + nameAndValue + "\"");
      return this;
    }

    /** Makes it an artifact, whose config is nobody's business. */
    public Builder artifact() {
      configType = "application/vnd.oci.empty.v1+json";
      return this;
    }

    public ContainerImage build() {
      String config =
          """
          {"architecture":"%s","os":"linux","config":{"Labels":{%s},"Env":[%s]},\
          "rootfs":{"type":"layers","diff_ids":[]}}\
          """
              .formatted(architecture, String.join(",", labels), String.join(",", environment));
      byte[] configBytes = utf8(configType.equals(CONFIG) ? config : "{}");
      blobs.put(digest(configBytes), configBytes);
      String manifest =
          """
          {"schemaVersion":2,"mediaType":"%s","config":%s,"layers":[%s]}\
          """
              .formatted(
                  MANIFEST,
                  descriptor(configType, digest(configBytes), configBytes.length, ""),
                  String.join(",", layers));
      return new ContainerImage(MANIFEST, utf8(manifest), blobs, Map.of());
    }
  }

  /**
   * Makes an index.
   *
   * @param images by platform: {@code linux/arm64/v8}, or a word without a slash for none
   */
  public static ContainerImage index(String mediaType, Map<String, ContainerImage> images) {
    Map<String, ContainerImage> all = new LinkedHashMap<>();
    Map<String, byte[]> blobs = new LinkedHashMap<>();
    List<String> descriptors = new ArrayList<>();
    images.forEach(
        (platform, image) -> {
          descriptors.add(
              descriptor(
                  image.mediaType, image.digest(), image.manifest.length, platform(platform)));
          all.putAll(image.manifests);
          all.put(image.digest(), image);
          blobs.putAll(image.blobs);
        });
    String index =
        """
        {"schemaVersion":2,"mediaType":"%s","manifests":[%s]}\
        """
            .formatted(mediaType, String.join(",", descriptors));
    return new ContainerImage(mediaType, utf8(index), blobs, all);
  }

  private static String platform(String text) {
    String[] parts = text.split("/", -1);
    if (parts.length < 2) {
      return "";
    }
    String variant = parts.length > 2 ? ",\"variant\":\"%s\"".formatted(parts[2]) : "";
    return ",\"platform\":{\"os\":\"%s\",\"architecture\":\"%s\"%s}"
        .formatted(parts[0], parts[1], variant);
  }

  private static String descriptor(String type, String digest, long size, String more) {
    return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d%s}"
        .formatted(type, digest, size, more);
  }

  /** Returns the digest of its manifest. */
  public String digest() {
    return digest(manifest);
  }

  /** Returns a copy of its manifest. */
  public byte[] manifest() {
    return manifest.clone();
  }

  /** Returns {@code sha256:…} of these bytes. */
  public static String digest(byte[] bytes) {
    try {
      byte[] sum = MessageDigest.getInstance("SHA-256").digest(bytes);
      return "sha256:" + HexFormat.of().formatHex(sum);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  // Layers.

  /** A tar of files, by name; the values are what they hold. */
  public static byte[] tar(Map<String, byte[]> files) {
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      tar.writeBytes(tarHeader(file.getKey(), '0', file.getValue().length));
      tar.writeBytes(file.getValue());
      tar.writeBytes(new byte[-file.getValue().length & 511]);
    }
    tar.writeBytes(new byte[1024]);
    return tar.toByteArray();
  }

  /**
   * One header of a tar (POSIX ustar): name 100, mode 8, uid 8, gid 8, size 12, mtime 12, checksum
   * 8, type 1.
   */
  public static byte[] tarHeader(String name, char type, long size) {
    byte[] header = new byte[512];
    put(header, 0, name);
    put(header, 100, "0000644\0" + "0000000\0" + "0000000\0");
    put(header, 124, "%011o\0%011o\0        ".formatted(size, 0));
    put(header, 156, String.valueOf(type));
    put(header, 257, "ustar\00000");
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xff;
    }
    put(header, 148, "%06o\0 ".formatted(sum));
    return header;
  }

  private static void put(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }

  public static byte[] gzip(byte[] content) {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(compressed)) {
      out.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return compressed.toByteArray();
  }

  // Places.

  /** Writes it as an OCI layout. */
  public Path writeDirectory(Path directory) throws IOException {
    for (Map.Entry<String, byte[]> file : layout("").entrySet()) {
      Path path = directory.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.write(path, file.getValue());
    }
    return directory;
  }

  /** Writes it as an OCI layout in a tar. */
  public Path writeArchive(Path file) throws IOException {
    return Files.write(file, tar(layout("")));
  }

  /** Writes it under a name. */
  public Path writeArchive(Path file, String tag) throws IOException {
    return Files.write(
        file,
        tar(
            layout(
                ",\"annotations\":{\"org.opencontainers.image.ref.name\":\"%s\"}".formatted(tag))));
  }

  private Map<String, byte[]> layout(String annotations) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    String index =
        """
        {"schemaVersion":2,"manifests":[%s]}\
        """
            .formatted(descriptor(mediaType, digest(), manifest.length, annotations));
    files.put("oci-layout", utf8("{\"imageLayoutVersion\":\"1.0.0\"}"));
    files.put("index.json", utf8(index));
    files.put(file(digest()), manifest);
    manifests.forEach((digest, image) -> files.put(file(digest), image.manifest));
    blobs.forEach((digest, bytes) -> files.put(file(digest), bytes));
    return files;
  }

  private static String file(String digest) {
    return "blobs/" + digest.replace(':', '/');
  }

  /** Returns what a registry serves of it, by path. */
  public Map<String, byte[]> served(String repository, String tag) {
    String base = "/v2/%s/".formatted(repository);
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put(base + "manifests/" + tag, manifest);
    manifests.forEach((digest, image) -> files.put(base + "manifests/" + digest, image.manifest));
    blobs.forEach((digest, bytes) -> files.put(base + "blobs/" + digest, bytes));
    return files;
  }

  /** Pushes it to a registry that asks for nothing (OCI distribution-spec, "Push"). */
  public void push(DockerRegistry registry, String repository, String tag) throws IOException {
    URI base = URI.create("http://%s/v2/%s/".formatted(registry.host(), repository));
    for (Map.Entry<String, byte[]> blob : blobs.entrySet()) {
      pushBlob(base, blob.getKey(), blob.getValue());
    }
    for (ContainerImage image : manifests.values()) {
      send(base.resolve("manifests/" + image.digest()), "PUT", image.mediaType, image.manifest);
    }
    send(base.resolve("manifests/" + tag), "PUT", mediaType, manifest);
  }

  private static void pushBlob(URI base, String digest, byte[] bytes) throws IOException {
    String type = "application/octet-stream";
    String location = send(base.resolve("blobs/uploads/"), "POST", type, new byte[0]);
    String separator = location.indexOf('?') < 0 ? "?" : "&";
    send(base.resolve(location + separator + "digest=" + digest), "PUT", type, bytes);
  }

  /** Returns where the answer says that things go on. */
  private static String send(URI uri, String method, String type, byte[] body) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    connection.setRequestMethod(method);
    connection.setRequestProperty("Content-Type", type);
    connection.setDoOutput(true);
    connection.setFixedLengthStreamingMode(body.length);
    try (OutputStream out = connection.getOutputStream()) {
      out.write(body);
    }
    if (connection.getResponseCode() / 100 != 2) {
      throw new IOException(
          "%s %s answers %d".formatted(method, uri, connection.getResponseCode()));
    }
    return String.valueOf(connection.getHeaderField("Location"));
  }
}
