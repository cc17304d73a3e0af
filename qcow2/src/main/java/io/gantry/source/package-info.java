/** Where bytes come from: the contract of a source and its wrappers. */
@NullMarked
package io.gantry.source;

import org.jspecify.annotations.NullMarked;
