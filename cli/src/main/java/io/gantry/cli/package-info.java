/** The gantry command for people; it knows all, nobody knows it. */
@NullMarked
package io.gantry.cli;

import org.jspecify.annotations.NullMarked;
