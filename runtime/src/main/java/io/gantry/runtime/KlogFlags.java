package io.gantry.runtime;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The flags that every worker image is started with: klog's own, which are accepted and, but for
 * the verbosity, have no effect, and those a program adds. Go's flag syntax: one or two dashes,
 * {@code -f=v} or {@code -f v}, booleans also bare.
 *
 * @param verbosity of {@code -v}: the controller passes it on; from 3 on more is logged
 * @param own values of the program's own flags, by name without dashes
 */
public record KlogFlags(int verbosity, Map<String, String> own) {

  private static final Set<String> BOOLEANS =
      Set.of(
          "alsologtostderr",
          "logtostderr",
          "add_dir_header",
          "skip_headers",
          "skip_log_headers",
          "one_output");

  private static final Set<String> VALUES =
      Set.of(
          "v",
          "stderrthreshold",
          "vmodule",
          "log_backtrace_at",
          "log_dir",
          "log_file",
          "log_file_max_size");

  /** A flag that nobody knows, or one without its value. */
  public static final class UsageException extends RuntimeException {

    UsageException(String message) {
      super(message);
    }
  }

  /**
   * Parses the command line of a worker.
   *
   * @param ownFlags names of flags that the program knows besides, each with a value
   * @throws UsageException when it is wrong; Go programs end with status 2 then
   */
  public static KlogFlags parse(List<String> arguments, Set<String> ownFlags) {
    Map<String, String> own = new HashMap<>();
    int verbosity = 0;
    List<String> rest = new ArrayList<>(arguments);
    while (!rest.isEmpty() && rest.getFirst().startsWith("-") && !rest.getFirst().equals("-")) {
      String argument = rest.removeFirst();
      if (argument.equals("--")) {
        break;
      }
      String flag = argument.substring(argument.startsWith("--") ? 2 : 1);
      int equals = flag.indexOf('=');
      String name = equals < 0 ? flag : flag.substring(0, equals);
      if (BOOLEANS.contains(name)) {
        checkBoolean(name, equals < 0 ? "true" : flag.substring(equals + 1));
        continue;
      }
      if (!VALUES.contains(name) && !ownFlags.contains(name)) {
        throw new UsageException("flag provided but not defined: -" + name);
      }
      if (equals < 0 && rest.isEmpty()) {
        throw new UsageException("flag needs an argument: -" + name);
      }
      String value = equals < 0 ? rest.removeFirst() : flag.substring(equals + 1);
      if (name.equals("v")) {
        verbosity = parseVerbosity(value);
      } else if (ownFlags.contains(name)) {
        own.put(name, value);
      }
    }
    return new KlogFlags(verbosity, Map.copyOf(own));
  }

  private static void checkBoolean(String name, String value) {
    if (GoValues.parseBool(value).isEmpty()) {
      throw new UsageException("invalid boolean value \"%s\" for -%s".formatted(value, name));
    }
  }

  private static int parseVerbosity(String value) {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new UsageException("invalid value \"%s\" for flag -v: not a number".formatted(value));
    }
  }
}
