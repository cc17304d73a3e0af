package io.gantry.cli;

/**
 * The options for disks in container images, beside those of {@link HttpOptions}. They know no
 * class of the registry client, which a local run never loads.
 */
final class ContainerOptions {

  static final OptionSpec ARCH =
      OptionSpec.value("arch", "ARCH", "Take the image for ARCH (amd64, arm64); this machine's");
  static final OptionSpec MIRROR =
      OptionSpec.value(
              "mirror",
              "REGISTRY=MIRROR",
              "Ask MIRROR (HOST[:PORT][/PREFIX]) before REGISTRY; repeatable")
          .severalTimes();

  static final OptionGroup GROUP = new OptionGroup("Container images", ARCH, MIRROR);

  private ContainerOptions() {}
}
