package io.gantry.cli;

import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.AlreadySelectedException;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.MissingArgumentException;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.UnrecognizedOptionException;

/** The words of a command line, sorted into options and operands. */
final class Arguments {

  private final CommandLine line;

  private Arguments(CommandLine line) {
    this.line = line;
  }

  /**
   * Sorts {@code words} by what {@code command} takes.
   *
   * @throws UsageException for a word that makes no sense, with the nearest one that would
   */
  static Arguments parse(Command command, List<String> words) {
    Options options = new Options();
    command.options().forEach(spec -> options.addOption(toLibrary(spec)));
    // Abbreviations and lost quotes would turn a typing error into another command.
    DefaultParser parser =
        DefaultParser.builder()
            .setAllowPartialMatching(false)
            .setStripLeadingAndTrailingQuotes(false)
            .get();
    Arguments arguments;
    try {
      arguments = new Arguments(parser.parse(options, words.toArray(String[]::new)));
    } catch (ParseException e) {
      throw new UsageException(explain(command, e));
    }
    if (!arguments.has("help")) {
      arguments.check(command);
    }
    return arguments;
  }

  boolean has(String option) {
    return line.hasOption(option);
  }

  Optional<String> value(String option) {
    return Optional.ofNullable(line.getOptionValue(option));
  }

  String valueOr(String option, String absent) {
    return value(option).orElse(absent);
  }

  List<String> values(String option) {
    String[] values = line.getOptionValues(option);
    return values == null ? List.of() : List.of(values);
  }

  List<String> operands() {
    return line.getArgList();
  }

  String operand(int index) {
    return line.getArgList().get(index);
  }

  private static Option toLibrary(OptionSpec spec) {
    return Option.builder(spec.letter().orElse(null))
        .longOpt(spec.name())
        .hasArg(spec.valueName().isPresent())
        .get();
  }

  private void check(Command command) {
    command.options().filter(spec -> has(spec.name())).forEach(this::checkOption);
    List<String> names = command.operands();
    long required = names.stream().filter(name -> !name.startsWith("[")).count();
    if (operands().size() < required) {
      throw new UsageException("no " + names.get(operands().size()) + " given");
    }
    if (operands().size() > names.size()) {
      throw new UsageException("unexpected operand \"" + operand(names.size()) + "\"");
    }
  }

  private void checkOption(OptionSpec spec) {
    List<String> given = values(spec.name());
    if (given.size() > 1 && !spec.repeatable()) {
      throw new UsageException(spec + " given more than once");
    }
    for (String value : given) {
      if (!spec.choices().isEmpty() && !spec.choices().contains(value)) {
        throw new UsageException(
            "%s is \"%s\", must be one of %s"
                .formatted(spec, value, String.join(", ", spec.choices())));
      }
    }
  }

  private static String explain(Command command, ParseException e) {
    return switch (e) {
      case UnrecognizedOptionException unknown -> {
        String given = unknown.getOption().replaceFirst("=.*", "");
        String nearest =
            Suggestion.nearest(given, command.options().map(OptionSpec::toString).toList())
                .map(name -> ", did you mean " + name + "?")
                .orElse("");
        yield "unknown option " + given + nearest;
      }
      case MissingArgumentException missing ->
          "--" + missing.getOption().getLongOpt() + " needs a value";
      case AlreadySelectedException selected ->
          selected.getOption() + " contradicts another option";
      default -> String.valueOf(e.getMessage());
    };
  }
}
