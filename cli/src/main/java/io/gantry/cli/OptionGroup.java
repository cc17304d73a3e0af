package io.gantry.cli;

import java.util.List;

/** Options that help shows under one heading. */
record OptionGroup(String title, List<OptionSpec> options) {

  OptionGroup(String title, OptionSpec... options) {
    this(title, List.of(options));
  }
}
