/** QCOW2 versions 2 and 3, from the specification (qemu docs/interop/qcow2). */
@NullMarked
package io.gantry.format.qcow2;

import org.jspecify.annotations.NullMarked;
