package io.gantry.poller;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is needed of a DataImportCron.
 *
 * @param uid tells it from another one that had the same name before
 * @param resourceVersion changes whenever anything of it does
 * @param annotations empty also when it has none at all
 */
record DataImportCron(String uid, String resourceVersion, Map<String, String> annotations) {

  /** When it was polled last. */
  static final String LAST_CRON_TIME = "cdi.kubevirt.io/storage.import.lastCronTime";

  /** The image that shall be imported; the controller acts when it changes. */
  static final String DESIRED_DIGEST = "cdi.kubevirt.io/storage.import.sourceDesiredDigest";

  DataImportCron {
    annotations = Map.copyOf(annotations);
  }

  static DataImportCron of(GenericKubernetesResource object) {
    ObjectMeta metadata = object.getMetadata();
    return new DataImportCron(
        text(metadata.getUid()),
        text(metadata.getResourceVersion()),
        Objects.requireNonNullElse(metadata.getAnnotations(), Map.of()));
  }

  private static String text(@Nullable String value) {
    return Objects.requireNonNullElse(value, "");
  }

  boolean wants(String digest) {
    return digest.equals(annotations.get(DESIRED_DIGEST));
  }
}
