/**
 * Objects in Amazon S3 and in the stores that speak like it.
 *
 * <pre>
 *   S3Source ── S3Options, S3Address      what is read, from whom
 *       │
 *   S3Access ── S3Credentials             signs each request, with the AWS SDK; S3Refusals explains
 *       │
 *   io.gantry.http                        fetches: ranges, resuming, validators, proxies, TLS
 * </pre>
 *
 * <p>Why the SDK signs and does not fetch: docs/adr/0008-object-stores.md.
 */
@NullMarked
package io.gantry.s3;

import org.jspecify.annotations.NullMarked;
