package io.gantry.source;

import io.gantry.testkit.SourceContract;
import java.io.ByteArrayInputStream;
import java.nio.channels.Channels;

final class StreamSourceContractTest extends SourceContract {

  @Override
  protected Source sourceOf(byte[] content) {
    return StreamSource.of(
        "standard input", Channels.newChannel(new ByteArrayInputStream(content)));
  }
}
