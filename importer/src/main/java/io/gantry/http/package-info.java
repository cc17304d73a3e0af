/** Images on web servers: ranges, redirects, retries, validators. */
@NullMarked
package io.gantry.http;

import org.jspecify.annotations.NullMarked;
