/**
 * Objects in Google Cloud Storage, by its XML interface; nothing of Google's own libraries.
 *
 * <pre>
 *   GcsSource ── GcsOptions, GcsAddress   what is read, from whom
 *       │
 *   GcsAccess ── AccessTokens             a token on each request, a new one before it ends
 *       │              └── ServiceAccount     signs for it (RFC 7523)
 *   io.gantry.http                        fetches: ranges, resuming, validators, proxies, TLS
 * </pre>
 */
@NullMarked
package io.gantry.gcs;

import org.jspecify.annotations.NullMarked;
