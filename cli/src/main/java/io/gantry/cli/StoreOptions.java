package io.gantry.cli;

/** The options for object stores. They know no class of a client, as {@link HttpOptions}. */
final class StoreOptions {

  static final OptionSpec ENDPOINT =
      OptionSpec.value("endpoint", "URL", "Read s3:// from this store; Amazon's");
  static final OptionSpec REGION =
      OptionSpec.value("region", "REGION", "Sign s3:// requests for this region; us-east-1");
  static final OptionSpec VIRTUAL_HOST_STYLE =
      OptionSpec.flag("virtual-host-style", "Put the bucket into the host name, not the path");
  static final OptionSpec ANONYMOUS =
      OptionSpec.flag("anonymous", "Send no credentials, whatever the environment has");

  static final OptionGroup GROUP =
      new OptionGroup("Object store", ENDPOINT, REGION, VIRTUAL_HOST_STYLE, ANONYMOUS);

  private StoreOptions() {}
}
