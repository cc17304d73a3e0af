package io.gantry.registry;

import io.gantry.http.HttpSourceOptions;
import io.gantry.runtime.Env;
import io.gantry.testkit.SourceContract;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Options for tests, which have less patience than users and logins of their own. */
final class TestPulls {

  private final String reference;
  private Optional<String> architecture = Optional.of("amd64");
  private Optional<String> user = Optional.empty();
  private Optional<String> password = Optional.empty();
  private final List<Path> caFiles = new ArrayList<>();
  private final Map<String, List<String>> mirrors = new HashMap<>();
  private final Map<String, String> environment = new HashMap<>();
  private boolean insecure;

  private TestPulls(String reference) {
    this.reference = reference;
  }

  static TestPulls of(String reference) {
    return new TestPulls(reference);
  }

  TestPulls architecture(String name) {
    architecture = Optional.of(name).filter(given -> !given.isEmpty());
    return this;
  }

  TestPulls login(String name, String secret) {
    user = Optional.of(name);
    password = Optional.of(secret);
    return this;
  }

  TestPulls trusting(Path caFile) {
    caFiles.add(caFile);
    return this;
  }

  TestPulls insecure() {
    insecure = true;
    return this;
  }

  TestPulls mirror(String registry, String... hosts) {
    mirrors.put(registry, List.of(hosts));
    return this;
  }

  TestPulls environment(String name, Path value) {
    environment.put(name, value.toString());
    return this;
  }

  RegistryOptions build() {
    return new RegistryOptions(
        reference,
        architecture,
        mirrors,
        new HttpSourceOptions(
            user,
            password,
            List.of(),
            caFiles,
            insecure,
            5,
            4,
            Duration.ofSeconds(10),
            Env.of(environment),
            "gantry-test"));
  }

  RegistrySource open() throws IOException {
    return RegistrySource.open(build());
  }

  /** Reads the disk to its end. */
  byte[] disk() throws IOException {
    try (RegistrySource source = open();
        ReadableByteChannel channel = source.open()) {
      return SourceContract.readAll(channel, ByteBuffer.allocateDirect(200_000));
    }
  }
}
