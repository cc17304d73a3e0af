/** Microbenchmarks of inner loops. */
@NullMarked
package io.gantry.jmh;

import org.jspecify.annotations.NullMarked;
