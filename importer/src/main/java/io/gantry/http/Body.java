package io.gantry.http;

import io.gantry.io.RandomAccessInput;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How the bytes can be had.
 *
 * <p>Methods, where patterns would do: the first pattern that a JVM matches costs it five
 * hundredths of a second, and an import has few.
 */
sealed interface Body {

  OptionalLong length();

  /** Says whether the end of the stream can be told from the connection breaking. */
  default boolean endIsCertain() {
    return true;
  }

  /** Returns what tells this content from any other; empty when nothing does. */
  default Optional<String> identity() {
    return Optional.empty();
  }

  default Optional<RandomAccessInput> ranges() {
    return Optional.empty();
  }

  /**
   * Opens a stream of all of it.
   *
   * @param name of the source, for messages
   */
  ReadableByteChannel open(String name);

  /** By any number of requests. */
  record Resumable(RemoteFile file) implements Body {

    @Override
    public OptionalLong length() {
      return OptionalLong.of(file.size());
    }

    @Override
    public Optional<String> identity() {
      return Optional.of(file.identity());
    }

    @Override
    public Optional<RandomAccessInput> ranges() {
      return Optional.of(new HttpRanges(file));
    }

    @Override
    public ReadableByteChannel open(String name) {
      return new ResumingChannel(file);
    }
  }

  /** From one answer, once. */
  final class SingleAnswer implements Body {

    private final Exchange answer;
    private final OptionalLong length;
    private boolean opened;

    /**
     * @param length as the answer's headers or HEAD told it
     */
    SingleAnswer(Exchange answer, OptionalLong length) {
      this.answer = answer;
      this.length = length;
    }

    @Override
    public OptionalLong length() {
      return length;
    }

    @Override
    public boolean endIsCertain() {
      return answer.isFramed() || length.isPresent();
    }

    @Override
    public ReadableByteChannel open(String name) {
      if (opened) {
        throw new IllegalStateException(
            name + ": can be read only once, the server offers no ranges with a validator");
      }
      opened = true;
      return new SingleAnswerChannel(name, answer, length);
    }
  }

  /** There are none. */
  record Empty() implements Body {

    @Override
    public OptionalLong length() {
      return OptionalLong.of(0);
    }

    @Override
    public ReadableByteChannel open(String name) {
      return Channels.newChannel(InputStream.nullInputStream());
    }
  }
}
