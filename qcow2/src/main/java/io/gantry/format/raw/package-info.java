/** Raw images: the bytes as they are. */
@NullMarked
package io.gantry.format.raw;

import org.jspecify.annotations.NullMarked;
