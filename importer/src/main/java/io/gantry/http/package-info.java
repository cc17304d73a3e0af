/**
 * Images on web servers.
 *
 * <pre>
 *   HttpSource ── FirstContact            what the first answer says about the rest
 *       │
 *   RemoteFile ── Validator               one file, wherever it is: checks every answer
 *       │
 *   ResumingReader ── Attempts            one range, over as many requests as it takes
 *       │
 *   Requester ── RequestHeaders           one request, along its redirects
 *       │
 *   Connections ── Connection             sockets, TLS, proxies; httpcore speaks HTTP/1.1
 * </pre>
 *
 * <p>Failures of one request are {@code RequestException}s, which stay in here; what leaves is a
 * {@link io.gantry.source.SourceException}, or an {@code IOException} for a CA file that cannot be
 * used.
 */
@NullMarked
package io.gantry.http;

import org.jspecify.annotations.NullMarked;
