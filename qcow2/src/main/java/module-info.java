/** The engine: bytes in, volume out. No HTTP, no environment, no logging. */
@org.jspecify.annotations.NullMarked
module io.gantry.engine {
  requires static transitive org.jspecify;
  requires org.tukaani.xz;
  requires com.github.luben.zstd_jni;
  requires org.apache.commons.compress;

  exports io.gantry.archive;
  exports io.gantry.codec;
  exports io.gantry.format;
  exports io.gantry.image;
  exports io.gantry.io;
  exports io.gantry.journal;
  exports io.gantry.source;
  exports io.gantry.target;
  exports io.gantry.transfer;
}
