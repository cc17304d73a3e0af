/**
 * Tar archives into a directory: what a volume of many files is imported from. Nothing outside of
 * that directory is created, changed, linked or read, whatever the archive says.
 */
@NullMarked
package io.gantry.archive;

import org.jspecify.annotations.NullMarked;
