package io.gantry.transfer;

import java.util.Comparator;

/**
 * Pieces of one file side by side, in the order of the file. A class, because combinators of
 * lambdas cost each run the 10 ms in which the JVM makes classes of them.
 */
final class HostOrder implements Comparator<HostPiece> {

  static final HostOrder INSTANCE = new HostOrder();

  private HostOrder() {}

  @Override
  public int compare(HostPiece one, HostPiece other) {
    int files =
        Integer.compare(
            System.identityHashCode(one.input()), System.identityHashCode(other.input()));
    return files != 0 ? files : Long.compare(one.hostOffset(), other.hostOffset());
  }
}
