package io.gantry.cli;

import io.gantry.http.HttpSourceOptions;
import io.gantry.registry.ImageReference;
import io.gantry.registry.RegistryOptions;
import io.gantry.registry.RegistrySource;
import io.gantry.source.Source;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Turns the options of {@link ContainerOptions} into those of the registry source. */
final class ContainerArguments {

  private ContainerArguments() {}

  /** Finds the image that {@code operand} names. */
  static Source open(String operand, Arguments arguments, Shell shell) throws IOException {
    return RegistrySource.open(options(operand, arguments, shell));
  }

  private static RegistryOptions options(String operand, Arguments arguments, Shell shell)
      throws IOException {
    HttpSourceOptions http = HttpArguments.options(arguments, shell);
    try {
      ImageReference.parse(operand);
      return new RegistryOptions(
          operand,
          arguments.value(ContainerOptions.ARCH.name()),
          mirrors(arguments.values(ContainerOptions.MIRROR.name())),
          http);
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  static Map<String, List<String>> mirrors(List<String> values) {
    Map<String, List<String>> mirrors = new LinkedHashMap<>();
    for (String value : values) {
      int equals = value.indexOf('=');
      if (equals <= 0 || equals == value.length() - 1) {
        throw new UsageException(
            "--mirror is \"%s\", must be REGISTRY=HOST[:PORT][/PREFIX]".formatted(value));
      }
      mirrors
          .computeIfAbsent(value.substring(0, equals), _ -> new ArrayList<>())
          .add(value.substring(equals + 1));
    }
    return mirrors;
  }
}
