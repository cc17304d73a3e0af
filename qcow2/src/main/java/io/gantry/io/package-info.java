/** Positioned reads: complete, or an exception that names the input and both numbers. */
@NullMarked
package io.gantry.io;

import org.jspecify.annotations.NullMarked;
