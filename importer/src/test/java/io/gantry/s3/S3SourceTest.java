package io.gantry.s3;

import io.gantry.source.Source;
import io.gantry.testkit.SourceContract;
import org.junit.jupiter.api.AfterEach;

/** The contract of a source, over a store that checks signatures. */
final class S3SourceTest extends SourceContract {

  private Store store;

  @Override
  protected Source sourceOf(byte[] content) throws Exception {
    store = Store.start().put("a folder/image é+%&=.qcow2", content);
    String url = store.url("a%20folder/image%20%C3%A9+%25%26%3D.qcow2");
    return Store.reading(url).connect();
  }

  @AfterEach
  void stop() throws Exception {
    if (store != null) {
      store.close();
    }
  }
}
