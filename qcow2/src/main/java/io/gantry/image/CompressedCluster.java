package io.gantry.image;

import io.gantry.io.RandomAccessInput;

/**
 * Where a compressed cluster lies and how it decodes.
 *
 * @param input the file that holds it
 * @param hostOffset first byte of the compressed data
 * @param hostLength bytes to hand to the decoder, already clipped at the end of the file
 * @param clusterSize bytes it must decode to
 */
public record CompressedCluster(
    RandomAccessInput input,
    long hostOffset,
    int hostLength,
    int clusterSize,
    ClusterCompression compression) {}
