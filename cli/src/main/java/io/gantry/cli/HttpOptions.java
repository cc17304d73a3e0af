package io.gantry.cli;

/**
 * The options for http and https sources. They know no class of the HTTP client, which a local run
 * never loads; a test keeps the defaults they name true.
 */
final class HttpOptions {

  /** Where a password may stand that should be on no command line. */
  static final String PASSWORD_VARIABLE = "GANTRY_PASSWORD";

  static final OptionSpec USER =
      OptionSpec.value("user", "USER[:PASSWORD]", "Log in with Basic auth");
  static final OptionSpec PASSWORD_FILE =
      OptionSpec.value("password-file", "FILE", "Take the password from the first line of FILE");
  static final OptionSpec HEADER =
      OptionSpec.value("header", "'NAME: VALUE'", "Send this request header; repeatable")
          .severalTimes();
  static final OptionSpec HEADER_FILE =
      OptionSpec.value("header-file", "FILE", "Send the headers in FILE, one a line; repeatable")
          .severalTimes();
  static final OptionSpec CA_FILE =
      OptionSpec.value("ca-file", "FILE", "Trust the certificates in this PEM file too; repeatable")
          .severalTimes();
  static final OptionSpec INSECURE =
      OptionSpec.flag("insecure", "Do not verify the server's certificate");
  static final OptionSpec REDIRECTS =
      OptionSpec.value("redirects", "N", "Follow at most N redirects; 50");
  static final OptionSpec RETRIES =
      OptionSpec.value("retries", "N", "Try a failed request N times more; 7");
  static final OptionSpec STALL_TIMEOUT =
      OptionSpec.value(
          "stall-timeout", "SECONDS", "Give a request up after this time without a byte; 60");

  static final OptionGroup GROUP =
      new OptionGroup(
          "HTTP",
          USER,
          PASSWORD_FILE,
          HEADER,
          HEADER_FILE,
          CA_FILE,
          INSECURE,
          REDIRECTS,
          RETRIES,
          STALL_TIMEOUT);

  private HttpOptions() {}
}
