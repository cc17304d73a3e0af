/** Remote sources: images on web servers. */
@org.jspecify.annotations.NullMarked
module io.gantry.importer {
  requires static transitive org.jspecify;
  requires transitive io.gantry.engine;
  requires transitive io.gantry.runtime;
  requires org.apache.httpcomponents.core5.httpcore5;

  exports io.gantry.http;
}
