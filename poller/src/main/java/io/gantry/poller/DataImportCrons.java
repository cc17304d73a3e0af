package io.gantry.poller;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.gantry.runtime.WorkerLog;
import java.net.HttpURLConnection;
import java.util.LinkedHashMap;
import java.util.Map;

/** The DataImportCrons of one namespace, as the API server has them. */
final class DataImportCrons {

  /** Somebody changed it between reading and writing: it is read again, but not for ever. */
  private static final int ATTEMPTS_MAX = 5;

  /** RFC 4918: what the API server says when a patch does not fit what it finds. */
  private static final int UNPROCESSABLE = 422;

  private static final PatchContext JSON_PATCH = PatchContext.of(PatchType.JSON);

  private final String namespace;
  private final NonNamespaceOperation<
          GenericKubernetesResource,
          GenericKubernetesResourceList,
          Resource<GenericKubernetesResource>>
      objects;
  private final ApiFailure failure;
  private final WorkerLog log;

  DataImportCrons(
      String namespace,
      NonNamespaceOperation<
              GenericKubernetesResource,
              GenericKubernetesResourceList,
              Resource<GenericKubernetesResource>>
          objects,
      ApiFailure failure,
      WorkerLog log) {
    this.namespace = namespace;
    this.objects = objects;
    this.failure = failure;
    this.log = log;
  }

  /**
   * Writes down when it was polled, and the digest if that is another one than before.
   *
   * @return whether the digest is another one
   */
  boolean polled(String name, String time, String digest) throws PollException {
    GenericKubernetesResource object = read(name);
    String uid = DataImportCron.of(object).uid();
    for (int attempt = 1; true; attempt++) {
      DataImportCron cron = DataImportCron.of(object);
      if (!cron.uid().equals(uid)) {
        throw new PollException(
            "Failed updating %s: it was deleted, and another one has its name"
                .formatted(title(name)));
      }
      boolean changed = !cron.wants(digest);
      String patch = AnnotationPatch.setting(values(time, digest, changed), cron);
      if (patched(object, name, patch, attempt == ATTEMPTS_MAX)) {
        return changed;
      }
      object = read(name);
    }
  }

  private static Map<String, String> values(String time, String digest, boolean changed) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put(DataImportCron.LAST_CRON_TIME, time);
    if (changed) {
      values.put(DataImportCron.DESIRED_DIGEST, digest);
    }
    return values;
  }

  private GenericKubernetesResource read(String name) throws PollException {
    String failed = "Failed getting " + title(name);
    try {
      GenericKubernetesResource found = objects.withName(name).get();
      if (found == null) {
        throw new PollException(failed + ": it does not exist");
      }
      return found;
    } catch (KubernetesClientException e) {
      throw new PollException("%s: %s".formatted(failed, failure.text(e)), e);
    }
  }

  /** Says whether the patch was fitting; if not, somebody else was faster. */
  private boolean patched(
      GenericKubernetesResource object, String name, String patch, boolean lastAttempt)
      throws PollException {
    try {
      objects.resource(object).patch(JSON_PATCH, patch);
      return true;
    } catch (KubernetesClientException e) {
      if (lastAttempt || !isConflict(e)) {
        throw new PollException(
            "Failed updating %s: %s".formatted(title(name), failure.text(e)), e);
      }
      log.info(title(name) + " was changed meanwhile: reading it again");
      return false;
    }
  }

  private static boolean isConflict(KubernetesClientException e) {
    return e.getCode() == HttpURLConnection.HTTP_CONFLICT || e.getCode() == UNPROCESSABLE;
  }

  private String title(String name) {
    return "DataImportCron %s/%s".formatted(namespace, name);
  }
}
