/** The importer pod, and its remote sources: web servers, object stores, container images. */
@org.jspecify.annotations.NullMarked
module io.gantry.importer {
  requires static transitive org.jspecify;
  requires transitive io.gantry.engine;
  requires transitive io.gantry.runtime;
  requires com.google.gson;
  // The SDK is automatic modules, which name nothing that they need: it logs, and parses XML.
  requires java.xml;
  requires org.slf4j;
  requires org.apache.httpcomponents.core5.httpcore5;
  requires software.amazon.awssdk.auth;
  requires software.amazon.awssdk.core;
  requires software.amazon.awssdk.http;
  requires software.amazon.awssdk.http.auth.aws;
  requires software.amazon.awssdk.http.auth.spi;
  requires software.amazon.awssdk.identity.spi;
  requires software.amazon.awssdk.regions;
  requires software.amazon.awssdk.services.sts;
  requires software.amazon.awssdk.utils;

  exports io.gantry.gcs;
  exports io.gantry.http;
  exports io.gantry.importer;
  exports io.gantry.registry;
  exports io.gantry.s3;
}
