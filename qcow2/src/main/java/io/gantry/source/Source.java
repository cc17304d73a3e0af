package io.gantry.source;

import io.gantry.io.RandomAccessInput;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Bytes of an image as somebody holds them: a file, a pipe, a web server.
 *
 * <p>A source can always be read once from its beginning. {@link #ranges()} is present when it can
 * also be read at any position; such a source can be opened any number of times. A stream ends
 * early only with an exception: its end means that every byte was delivered (and verified, where
 * there is something to verify against). A source is used by one thread, what it opens by another
 * one each at most; ranges by many. Whoever opened a source closes it, and with it all it opened.
 */
public interface Source extends Closeable {

  /** Returns the name for people: a path, a URL without credentials, or {@code standard input}. */
  String name();

  /** Returns the number of bytes, when it is known before reading. */
  OptionalLong length();

  /** Opens the bytes from the first one on. The channel blocks until at least one byte is there. */
  ReadableByteChannel open() throws IOException;

  /** Returns positioned reads of the same bytes, when the source can do that safely. */
  Optional<RandomAccessInput> ranges() throws IOException;

  /**
   * Returns what tells these bytes from any others that the same name may stand for some day: name,
   * length and validator. Empty when nothing does; then a broken transfer cannot be taken up again.
   */
  default Optional<String> identity() {
    return Optional.empty();
  }

  /**
   * Returns what is worth telling of where the bytes are, a line each: for people who look first.
   */
  default List<String> details() {
    return List.of();
  }

  /** Returns how many times something was asked for again because it failed; any thread. */
  default long retries() {
    return 0;
  }
}
