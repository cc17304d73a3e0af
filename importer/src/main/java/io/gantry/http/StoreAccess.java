package io.gantry.http;

import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What an object store wants to see before it serves an object, and what its refusals mean.
 *
 * <p>The credentials in {@link HttpSourceOptions} stay as they are. Those of a store are made for
 * every single request (a signature) or end after an hour (a token), and its refusals have codes
 * that say more than an HTTP status. Called by many threads.
 */
public interface StoreAccess {

  /** Returns the object's name for people. */
  String name();

  /** Returns how the message begins that says why the object cannot be had at all. */
  String cannotOpen();

  /**
   * Returns the headers that make a GET acceptable. They go to the origin of the object's own URL
   * and nowhere else, so a redirect to another one is followed without them.
   *
   * @param target the URL as it is sent
   * @param headers what the request already has and a signature may cover: Host, Range, conditions
   * @throws io.gantry.source.SourceException when there are no credentials to be had
   */
  Map<String, String> authorize(URI target, Map<String, String> headers) throws IOException;

  /**
   * Returns the headers that let a later request fail rather than bring bytes of another content
   * than the first answer's (RFC 9110 section 13.1); empty where the store gives nothing to hold it
   * to.
   *
   * @param firstAnswer the headers of that answer, by name
   */
  Map<String, String> sameContent(Function<String, Optional<String>> firstAnswer);

  /** Says whether a refused request should go out once more, with credentials made anew. */
  boolean renew(Refusal refusal) throws IOException;

  /** Says what a refusal means. */
  Refusal.Meaning meaning(Refusal refusal);
}
