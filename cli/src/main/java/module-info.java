/** The {@code gantry} command for people. */
@org.jspecify.annotations.NullMarked
module io.gantry.cli {
  requires static transitive org.jspecify;
  requires io.gantry.engine;
  requires io.gantry.importer;
  requires transitive io.gantry.runtime;
  requires org.apache.commons.cli;
  requires com.google.gson;

  exports io.gantry.cli;
}
