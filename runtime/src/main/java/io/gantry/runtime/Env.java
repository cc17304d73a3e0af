package io.gantry.runtime;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The environment, read once; deep code never asks the system again. */
public final class Env {

  private final Map<String, String> values;

  private Env(Map<String, String> values) {
    this.values = Map.copyOf(values);
  }

  public static Env of(Map<String, String> values) {
    return new Env(values);
  }

  /** Returns the value of {@code name}; an empty value counts as absent. */
  public Optional<String> get(String name) {
    return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
  }

  /** Returns the names of all variables, also of empty ones. */
  public Set<String> names() {
    return values.keySet();
  }
}
