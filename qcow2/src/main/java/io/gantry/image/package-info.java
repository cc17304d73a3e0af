/** The contract of a disk image, its vocabulary of extents, limits and exceptions. */
@NullMarked
package io.gantry.image;

import org.jspecify.annotations.NullMarked;
