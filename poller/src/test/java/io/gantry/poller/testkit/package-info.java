/** A cluster for tests of this module and of the finished program. */
@NullMarked
package io.gantry.poller.testkit;

import org.jspecify.annotations.NullMarked;
