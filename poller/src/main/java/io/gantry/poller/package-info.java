/**
 * {@code cdi-source-update-poller}: asks a registry which image a reference leads to now, and tells
 * the DataImportCron that imports it.
 *
 * <pre>
 *   PollerMain ── PollerConfig                flags and environment
 *       │
 *     Poller
 *       ├── RegistryAccess ─▶ registry        the digest, through the proxy that the pod has
 *       └── DataImportCrons ── ApiServer      the annotations, past every proxy
 *             DataImportCron, AnnotationPatch
 * </pre>
 */
@NullMarked
package io.gantry.poller;

import org.jspecify.annotations.NullMarked;
