/** What the long-running programs share: environment, TLS material, health, metrics. */
@org.jspecify.annotations.NullMarked
module io.gantry.runtime {
  requires static transitive org.jspecify;
  requires jdk.net; // for httpcore, which only asks for it when it is there
  requires org.apache.httpcomponents.core5.httpcore5;

  exports io.gantry.runtime;
}
