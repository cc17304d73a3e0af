package io.gantry.image;

/**
 * What came ends where a disk, or an archive, has hardly begun: what is left of one, or somebody's
 * message.
 */
public final class TooShortException extends WrongContentException {

  private static final long serialVersionUID = 1;

  /**
   * @param seen what the little that there is looks like
   */
  public TooShortException(WrongContentException seen) {
    super(String.valueOf(seen.getMessage()), seen);
  }

  /**
   * @param length bytes that there are
   * @param least bytes that there should be
   */
  public TooShortException(String name, int length, int least) {
    super("%s: holds %d bytes, and must have %d at least".formatted(name, length, least));
  }
}
