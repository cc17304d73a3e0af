package io.gantry.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.image.MalformedImageException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What tools write into the config of an image. */
final class ImageConfigTest {

  @Test
  void takesALabelOfNullForAnEmptyOne() throws Exception {
    ImageConfig config = parse("{\"config\":{\"Labels\":{\"a\":null,\"b\":\"1\"},\"Env\":null}}");
    assertThat(config.labels()).isEqualTo(Map.of("a", "", "b", "1"));
    assertThat(config.environment()).isEmpty();
    assertThat(config.architecture()).isEmpty();
  }

  @Test
  void refusesALabelThatIsNoText() {
    assertThatThrownBy(() -> parse("{\"config\":{\"Labels\":{\"a\":1}}}"))
        .isInstanceOf(MalformedImageException.class)
        .hasMessageContaining("\"a\" of \"Labels\"");
  }

  private static ImageConfig parse(String json) throws Exception {
    return ImageConfig.parse(json.getBytes(UTF_8));
  }
}
