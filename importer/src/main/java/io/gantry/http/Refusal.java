package io.gantry.http;

import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An answer of an object store that brings no bytes.
 *
 * @param headers its headers, by name
 * @param body what it says, cut where nobody reads on
 */
public record Refusal(int status, Function<String, Optional<String>> headers, String body) {

  /** Messages are for one line of a log. */
  private static final int MESSAGE_MAX = 300;

  /** When the same request could succeed. */
  public enum Prospect {
    /** The store is busy: in this run. */
    SOON,
    /** In another run: the object is not the one that this run began to read. */
    LATER,
    /** Not before somebody changes something. */
    NEVER
  }

  /**
   * What a refusal says to the user.
   *
   * @param text what is wrong and what to do, on one line
   */
  public record Meaning(Prospect prospect, String text) {}

  /**
   * Returns the text of an element of the body. S3 and the XML interface of Google Cloud Storage
   * answer alike: {@code <Error><Code>NoSuchKey</Code><Message>...</Message>...</Error>}. A few
   * flat elements are all there is, so no XML parser is asked, which would have to be told not to
   * follow a stranger's entities.
   */
  public Optional<String> element(String name) {
    Matcher element = Pattern.compile("<" + name + ">([^<]*)</" + name + ">").matcher(body);
    return element.find() ? Optional.of(plain(element.group(1))) : Optional.empty();
  }

  /** Returns the store's own words: {@code NoSuchKey: The specified key does not exist.} */
  public String told() {
    String code = element("Code").orElse("status " + status);
    return element("Message")
        .filter(message -> !message.isEmpty())
        .map(message -> code + ": " + message)
        .orElse(code);
  }

  /** Resolves the entities that XML itself has (XML 1.0 section 4.6), the ampersand last. */
  private static String plain(String text) {
    String line = text.strip().replaceAll("\\s+", " ");
    String cut = line.length() > MESSAGE_MAX ? line.substring(0, MESSAGE_MAX) + "..." : line;
    return cut.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&#39;", "'")
        .replace("&amp;", "&");
  }
}
