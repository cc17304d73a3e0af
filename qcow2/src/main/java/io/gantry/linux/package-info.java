/**
 * Linux system calls through the foreign function interface, one method per man page; nowhere else.
 */
@NullMarked
package io.gantry.linux;

import org.jspecify.annotations.NullMarked;
