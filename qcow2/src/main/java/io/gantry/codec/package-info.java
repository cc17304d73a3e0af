/**
 * Compression around and inside images: gzip, xz, zstd by magic bytes; deflate and zstd clusters.
 */
@NullMarked
package io.gantry.codec;

import org.jspecify.annotations.NullMarked;
