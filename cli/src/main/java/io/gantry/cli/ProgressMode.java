package io.gantry.cli;

/** How progress is shown. */
enum ProgressMode {
  BAR,
  PLAIN,
  JSON,
  NONE;

  /** Returns what an option value means here: {@code auto} is a bar if somebody is watching. */
  static ProgressMode of(String option, Shell shell) {
    return switch (option) {
      case "plain" -> PLAIN;
      case "json" -> JSON;
      case "none" -> NONE;
      default -> shell.errIsTerminal() ? BAR : NONE;
    };
  }
}
