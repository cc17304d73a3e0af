package io.gantry.registry;

/**
 * A member of a tar, as far as a disk or a blob is concerned.
 *
 * @param regular whether it is a file with content of its own: no link, device or pipe
 * @param sparse whether holes are left out of the tar
 * @param size bytes that it has with its holes filled in
 */
record LayerMember(String name, boolean directory, boolean regular, boolean sparse, long size) {}
