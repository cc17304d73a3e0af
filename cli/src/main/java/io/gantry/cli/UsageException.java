package io.gantry.cli;

/** The command line cannot be understood, or asks for what can never work. */
final class UsageException extends RuntimeException {

  private static final long serialVersionUID = 1;

  UsageException(String message) {
    super(message);
  }
}
