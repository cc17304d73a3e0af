/** The importer pod, and the remote sources it reads: images on web servers. */
@org.jspecify.annotations.NullMarked
module io.gantry.importer {
  requires static transitive org.jspecify;
  requires transitive io.gantry.engine;
  requires transitive io.gantry.runtime;
  requires com.google.gson;
  requires org.apache.httpcomponents.core5.httpcore5;

  exports io.gantry.http;
  exports io.gantry.importer;
}
