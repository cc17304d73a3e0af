/** What the long-running programs share: environment, TLS material, health, metrics. */
@org.jspecify.annotations.NullMarked
module io.gantry.runtime {
  requires static transitive org.jspecify;
  requires jdk.httpserver;

  exports io.gantry.runtime;
}
