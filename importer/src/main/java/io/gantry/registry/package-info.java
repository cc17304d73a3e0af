/**
 * Disks in container images: in registries, in archives, in directories.
 *
 * <pre>
 *   RegistrySource ── ImageReference          what the user wrote
 *       │
 *   ImageDigest                             which manifest that is now, and no more
 *   ResolvedImage ── Manifest, PlatformChoice, ImageConfig
 *       │                                     which image it is, and whether it may be imported
 *   DiskSearch ── Layer ── DiskEntry          the disk, while its layer comes
 *       │
 *   ImageStore ── VerifiedChannel             documents and blobs, with the digests they should have
 *     RegistryStore ── RegistryConnection ── RegistryLogin ── TokenServer, AuthFiles
 *     LayoutStore ── ArchiveLayout, DirectoryLayout
 * </pre>
 *
 * <p>Specifications: OCI image-spec 1.1 (manifest.md, image-index.md, config.md, image-layout.md,
 * layer.md) and distribution-spec 1.1, Docker's image manifest v2 schema 2 and token
 * authentication.
 */
@NullMarked
package io.gantry.registry;

import org.jspecify.annotations.NullMarked;
