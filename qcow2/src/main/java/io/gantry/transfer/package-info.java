/** Where source, image and target meet: plans a transfer once, then carries it out once. */
@NullMarked
package io.gantry.transfer;

import org.jspecify.annotations.NullMarked;
