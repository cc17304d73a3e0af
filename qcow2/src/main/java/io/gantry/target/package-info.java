/** The volume being written: regular files and block devices. */
@NullMarked
package io.gantry.target;

import org.jspecify.annotations.NullMarked;
