/** Environment, TLS material, proxies: read once, into values. */
@NullMarked
package io.gantry.runtime;

import org.jspecify.annotations.NullMarked;
