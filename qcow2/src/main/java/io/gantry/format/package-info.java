/** Recognises image formats and opens them; one package below per format. */
@NullMarked
package io.gantry.format;

import org.jspecify.annotations.NullMarked;
