/** The {@code gantry} command for people. */
@org.jspecify.annotations.NullMarked
module io.gantry.cli {
  requires static transitive org.jspecify;
  requires io.gantry.engine;
  requires io.gantry.importer;
  requires io.gantry.runtime;
  requires info.picocli;
  requires com.google.gson;

  exports io.gantry.cli;
}
