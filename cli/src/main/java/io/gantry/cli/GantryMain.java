package io.gantry.cli;

import java.util.List;

/** Entry point of the {@code gantry} command. */
public final class GantryMain {

  private GantryMain() {}

  public static void main(String[] args) {
    int status = Gantry.run(List.of(args), Shell.ofProcess());
    System.out.flush();
    if (status == ExitStatus.DONE.code()) {
      // System.exit would first look for a logger to tell, which takes 12 ms of every run. Nothing
      // waits for the end of the process when all went well; see Interruption for the rest.
      Runtime.getRuntime().halt(status);
    }
    System.exit(status);
  }
}
