package io.gantry.cli;

import java.util.List;

/** What help says of {@code convert} below its options; nothing a conversion needs to load. */
final class ConvertNotes {

  static final String TEXT =
      """
      SOURCE is a path, - for standard input, file:///..., http(s)://..., s3://BUCKET/KEY or
      gs://BUCKET/OBJECT, or a container image with a disk in it:
      docker://[REGISTRY/]REPOSITORY[:TAG][@DIGEST], oci-archive:FILE[:TAG], oci:DIR[:TAG]. gz, xz and
      zst around the image are decoded on the way. TARGET is a file or a block device; a device keeps
      what lies beyond the disk.

      SIZE is a number of bytes, or one with K, M, G, T, P or E (powers of 1024): 10G, 1.5T.
      ALGO is md5, sha1, sha256 or sha512. The password of --user may stand in GANTRY_PASSWORD, proxies in
      http_proxy, https_proxy and no_proxy. Credentials for s3:// are taken from AWS_ACCESS_KEY_ID,
      AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, those for gs:// from the service account's file
      that GOOGLE_APPLICATION_CREDENTIALS names.

      Examples:
        gantry convert debian.qcow2 disk.img
        gantry convert docker://quay.io/containerdisks/debian:13 disk.img
        gantry convert --size 20G https://example.org/debian.qcow2 /dev/vg0/guest
        gantry convert --endpoint http://minio:9000 s3://images/debian.qcow2 disk.img
        zstd -dc image.raw.zst | gantry convert - disk.img
        gantry convert --checksum sha256:2c26b46b... --output json image.qcow2.xz disk.img

      """
          + HelpText.exitStatuses(List.of(ExitStatus.values()))
          + "  130 or 143 when interrupted by SIGINT or SIGTERM; the target is removed then\n";

  private ConvertNotes() {}
}
