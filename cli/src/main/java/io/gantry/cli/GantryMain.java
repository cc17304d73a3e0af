package io.gantry.cli;

/** Entry point of the {@code gantry} command. */
public final class GantryMain {

  private GantryMain() {}

  public static void main(String[] args) {
    throw new UnsupportedOperationException("issue 3");
  }
}
