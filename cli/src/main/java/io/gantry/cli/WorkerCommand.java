package io.gantry.cli;

import io.gantry.runtime.KlogFlags;
import java.util.List;

/**
 * A command that does the work of a pod's container: it takes the flags that the control plane
 * passes ({@link KlogFlags}), and its exit statuses are those of that container.
 */
interface WorkerCommand extends Command {

  /** Runs it with everything that follows its name; returns the exit status of the process. */
  int run(List<String> words, Shell shell);

  /** Workers know no flag for help; people ask for it without another word. */
  static boolean asksForHelp(List<String> words) {
    return words.equals(List.of("--help")) || words.equals(List.of("-h"));
  }

  @Override
  default ExitStatus run(Arguments arguments, Shell shell) {
    throw new AssertionError("takes its words as they are");
  }
}
