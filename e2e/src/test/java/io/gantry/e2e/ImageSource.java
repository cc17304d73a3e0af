package io.gantry.e2e;

/** Where a pod may get an image from. */
enum ImageSource {
  HTTP,
  /** With a certificate of an authority that only the pod's ConfigMap knows. */
  HTTPS,
  /** Asks for user and password. */
  HTTP_BASIC,
  /** Checks signatures. */
  S3,
  GCS_ANONYMOUS,
  /** Checks the tokens of a service account. */
  GCS_ACCOUNT,
  REGISTRY,
  OCI_ARCHIVE;

  /** Says whether there is a file as it is, rather than a disk in a container image. */
  boolean holdsFiles() {
    return this != REGISTRY && this != OCI_ARCHIVE;
  }
}
