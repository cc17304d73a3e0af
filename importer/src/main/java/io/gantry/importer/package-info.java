/**
 * The importer pod: reads the environment that CDI's controller sets, fills the volume, and says
 * how it went in the way the controller understands.
 */
@org.jspecify.annotations.NullMarked
package io.gantry.importer;
