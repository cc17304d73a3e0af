package io.gantry.registry;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.gantry.image.ImageException;
import io.gantry.source.SourceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Whatever a registry, a layout or a user writes: every document is understood or refused in one
 * line. The first byte chooses the parser.
 */
class RegistryTextFuzzTest {

  @FuzzTest
  void understandsOrRefuses(byte[] input) throws IOException {
    if (input.length == 0) {
      return;
    }
    byte[] document = Arrays.copyOfRange(input, 1, input.length);
    String text = new String(document, StandardCharsets.UTF_8);
    try {
      switch (input[0]) {
        case 'm' -> choose(Manifest.parse(document, ""));
        case 'c' -> look(ImageConfig.parse(document));
        case 'r' -> name(text);
        case 'a' -> logIn(document);
        case 'w' -> Challenge.parse(List.of(text)).forEach(one -> one.parameter("realm"));
        case 't' -> BearerToken.parse(text, 0).isOver(1);
        case 'd' -> Digest.parse(text);
        default -> {
          return;
        }
      }
    } catch (ImageException | SourceException | IllegalArgumentException e) {
      checkMessage(new PullFailure("fuzz").of(asIOException(e)));
    }
  }

  private static void choose(Manifest manifest) throws IOException {
    if (manifest instanceof Manifest.Index index) {
      new PlatformChoice("arm64").from(index);
    }
  }

  private static void look(ImageConfig config) throws IOException {
    config.refuseBootc();
    config.requireArchitecture("amd64");
  }

  private static void name(String text) {
    if (ImageReference.parse(text) instanceof ImageReference.Registry(DockerName name)) {
      DockerName again = DockerName.parse(name.toString());
      if (!again.repository().equals(name.repository())
          || !again.registry().equals(name.registry())) {
        throw new AssertionError("%s becomes %s".formatted(name, again));
      }
    }
  }

  private static void logIn(byte[] document) throws IOException {
    Path file = Files.createTempFile(temporary(), "registry-fuzz", "");
    try {
      Files.write(file, document);
      var logins = AuthFile.read(file);
      if (logins.isPresent()) {
        logins.get().login("docker.io", "library/debian");
        logins.get().login("a", "b");
      }
    } finally {
      Files.delete(file);
    }
  }

  private static Path temporary() {
    Path memory = Path.of("/dev/shm");
    return Files.isWritable(memory) ? memory : Path.of(System.getProperty("java.io.tmpdir"));
  }

  private static IOException asIOException(Exception e) {
    return e instanceof IOException io
        ? io
        : new SourceException(String.valueOf(e.getMessage()), false, e);
  }

  private static void checkMessage(IOException told) {
    String message = String.valueOf(told.getMessage());
    if (message.chars().anyMatch(Character::isISOControl)) {
      throw new AssertionError("a poor message", told);
    }
  }
}
