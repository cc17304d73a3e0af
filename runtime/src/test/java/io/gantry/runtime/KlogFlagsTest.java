package io.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class KlogFlagsTest {

  private static KlogFlags parse(String line, String... ownFlags) {
    return KlogFlags.parse(Arrays.asList(line.split(" ")), Set.of(ownFlags));
  }

  @ParameterizedTest
  @CsvSource({"-v=3, 3", "-v 3, 3", "--v=3, 3", "-alsologtostderr -v=1, 1", "-v=1 -v=5, 5"})
  void takesTheVerbosityInEveryForm(String line, int verbosity) {
    assertThat(parse(line).verbosity()).isEqualTo(verbosity);
  }

  @Test
  void acceptsEveryFlagOfKlog() {
    KlogFlags flags =
        parse(
            "-alsologtostderr --logtostderr=false -stderrthreshold 2 -vmodule=a=1"
                + " -log_backtrace_at :0 -log_dir /tmp -log_file x -log_file_max_size=1"
                + " -add_dir_header -skip_headers -skip_log_headers=true -one_output");

    assertThat(flags.verbosity()).isZero();
  }

  @Test
  void handsOutTheProgramsOwnFlags() {
    assertThat(parse("-image-path /data/disk.img -v=1", "image-path", "scheme").own())
        .containsExactly(java.util.Map.entry("image-path", "/data/disk.img"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-x", "--unknown=1", "-v", "-v=many", "-one_output=maybe"})
  void refusesWhatNobodyKnows(String line) {
    assertThatThrownBy(() -> parse(line)).isInstanceOf(KlogFlags.UsageException.class);
  }
}
