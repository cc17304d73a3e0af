package io.gantry.poller;

import io.gantry.registry.ImageDigest;
import io.gantry.runtime.PodRoot;
import io.gantry.runtime.WorkerLog;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** One poll: the registry is asked first, because without its answer there is nothing to tell. */
final class Poller {

  private final PollerConfig config;
  private final PodRoot root;
  private final Clock clock;
  private final WorkerLog log;

  Poller(PollerConfig config, Clock clock, WorkerLog log) {
    this.config = config;
    this.root = PodRoot.of(config.env());
    this.clock = clock;
    this.log = log;
  }

  void run() throws PollException {
    String digest = digest();
    log.info("Digest is " + digest);
    try (ApiServer server = ApiServer.connect(Cluster.of(config, root))) {
      DataImportCrons crons = server.dataImportCrons(config.namespace(), log);
      boolean changed = crons.polled(config.cron(), now(), digest);
      log.info(changed ? "Digest updated" : "No digest update");
    }
  }

  private String digest() throws PollException {
    try {
      RegistryAccess access = new RegistryAccess(config, root, log);
      return ImageDigest.of(access.options());
    } catch (IOException | IllegalArgumentException e) {
      throw new PollException("Failed to get image digest: " + e.getMessage(), e);
    }
  }

  /** RFC 3339, whole seconds, as the control plane writes times. */
  private String now() {
    return Instant.now(clock).truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
