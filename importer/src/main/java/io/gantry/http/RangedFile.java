package io.gantry.http;

import java.io.IOException;

/**
 * A file of which any range can be asked for, any number of times, and of which every answer brings
 * the same bytes; each implementation says how it knows.
 */
interface RangedFile {

  /** Returns the name for people. */
  String name();

  long size();

  /** Returns the first bytes, as far as they are there already. */
  byte[] head();

  /** Returns what decides how often a range is asked for again. */
  Attempts newAttempts();

  /**
   * Asks for a range.
   *
   * @return an answer whose body starts at {@code range.start()}, and may end before its end
   */
  RemoteFile.Part request(ByteRange range, Attempts attempts, Cancellation cancellation)
      throws IOException;
}
