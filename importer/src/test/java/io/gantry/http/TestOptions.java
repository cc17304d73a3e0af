package io.gantry.http;

import io.gantry.runtime.Env;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Options for tests, which have less patience than users. */
final class TestOptions {

  static final HttpSourceOptions DEFAULTS = new TestOptions().build();

  private Optional<String> user = Optional.empty();
  private Optional<String> password = Optional.empty();
  private final List<Map.Entry<String, String>> headers = new ArrayList<>();
  private final List<Path> caFiles = new ArrayList<>();
  private boolean insecure;
  private boolean everywhere;
  private int redirectsMax = 5;
  private int attemptsMax = 4;
  private Duration stallTimeout = Duration.ofSeconds(10);
  private Optional<Duration> reconnectAfter = Optional.empty();
  private Env env = Env.of(Map.of());

  static TestOptions user(String user, String password) {
    TestOptions options = new TestOptions();
    options.user = Optional.of(user);
    options.password = Optional.of(password);
    return options;
  }

  static TestOptions header(String text) {
    TestOptions options = new TestOptions();
    options.headers.add(HttpSourceOptions.parseHeader(text));
    return options;
  }

  static TestOptions attempts(int attemptsMax) {
    TestOptions options = new TestOptions();
    options.attemptsMax = attemptsMax;
    return options;
  }

  static TestOptions environment(Map<String, String> variables) {
    TestOptions options = new TestOptions();
    options.env = Env.of(variables);
    return options;
  }

  TestOptions everywhere() {
    everywhere = true;
    return this;
  }

  TestOptions trusting(Path caFile) {
    caFiles.add(caFile);
    return this;
  }

  TestOptions insecure() {
    insecure = true;
    return this;
  }

  TestOptions stallTimeout(Duration timeout) {
    stallTimeout = timeout;
    return this;
  }

  TestOptions reconnectAfter(Duration silence) {
    reconnectAfter = Optional.of(silence);
    return this;
  }

  HttpSourceOptions build() {
    return new HttpSourceOptions(
        user,
        password,
        headers,
        caFiles,
        insecure,
        redirectsMax,
        attemptsMax,
        stallTimeout,
        reconnectAfter.orElse(stallTimeout),
        env,
        HttpSourceOptions.USER_AGENT,
        everywhere);
  }
}
