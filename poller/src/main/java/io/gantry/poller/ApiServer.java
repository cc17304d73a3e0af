package io.gantry.poller;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.gantry.runtime.WorkerLog;
import java.io.Closeable;

/** The cluster's API server; the one class that starts the Kubernetes client. */
final class ApiServer implements Closeable {

  private static final ResourceDefinitionContext DATA_IMPORT_CRON =
      new ResourceDefinitionContext.Builder()
          .withGroup("cdi.kubevirt.io")
          .withVersion("v1beta1")
          .withKind("DataImportCron")
          .withPlural("dataimportcrons")
          .withNamespaced(true)
          .build();

  private final KubernetesClient client;

  private ApiServer(KubernetesClient client) {
    this.client = client;
  }

  /** Sends nothing yet. */
  static ApiServer connect(Config cluster) throws PollException {
    try {
      return new ApiServer(
          new KubernetesClientBuilder()
              .withConfig(cluster)
              .withHttpClientFactory(new JdkHttpClientFactory())
              .build());
    } catch (KubernetesClientException e) {
      throw new PollException(
          "Failed to create a client: " + new ApiFailure(cluster.getMasterUrl()).text(e), e);
    }
  }

  DataImportCrons dataImportCrons(String namespace, WorkerLog log) {
    return new DataImportCrons(
        namespace,
        client.genericKubernetesResources(DATA_IMPORT_CRON).inNamespace(namespace),
        new ApiFailure(client.getMasterUrl().toString()),
        log);
  }

  @Override
  public void close() {
    client.close();
  }
}
