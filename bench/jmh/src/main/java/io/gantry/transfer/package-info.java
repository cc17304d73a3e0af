/** Microbenchmarks of what the engine keeps to itself; on the class path they may look inside. */
@NullMarked
package io.gantry.transfer;

import org.jspecify.annotations.NullMarked;
