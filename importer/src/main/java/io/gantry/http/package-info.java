/**
 * Images on web servers, and the requests that other remote sources are made of.
 *
 * <pre>
 *   HttpSource ── FirstContact            what the first answer says about the rest
 *       │
 *   RemoteFile ── Validator               one file, wherever it is: checks every answer
 *       │
 *   ResumingReader ── Attempts, Patience  one range, over as many requests as it takes
 *       │
 *   Requester ── Sender, RequestHeaders   one request, along its redirects
 *       │
 *   Connections ── Connection             sockets, TLS, proxies; httpcore speaks HTTP/1.1
 * </pre>
 *
 * <p>A {@link io.gantry.http.WebService} is a server with an API: small documents, and bodies that
 * their address fixes for ever ({@code AddressedFile}), read by the same machinery from {@code
 * ResumingReader} down; {@code ServiceRequester} stands in for {@code Requester} there, and an
 * {@link io.gantry.http.Authorizer} makes its credentials.
 *
 * <p>Failures of one request are {@code RequestException}s, which stay in here; what leaves is a
 * {@link io.gantry.source.SourceException}, or an {@code IOException} for a CA file that cannot be
 * used.
 */
@NullMarked
package io.gantry.http;

import org.jspecify.annotations.NullMarked;
