package io.gantry.cli;

import java.util.List;

/** Entry point of the {@code gantry} command. */
public final class GantryMain {

  private GantryMain() {}

  public static void main(String[] args) {
    int status = Gantry.run(List.of(args), Shell.ofProcess());
    System.out.flush();
    System.exit(status);
  }
}
