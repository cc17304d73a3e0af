package io.gantry.http;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Credentials that are made while a service is being used: tokens that a server hands out and that
 * end after minutes. What it returns is sent to the service's own origin and nowhere else.
 */
public interface Authorizer {

  /**
   * Returns the {@code Authorization} header of the next request.
   *
   * @throws io.gantry.source.SourceException when whoever hands it out cannot be asked
   */
  Optional<String> authorization() throws IOException;

  /**
   * Told that a request was answered with 401, and with these {@code WWW-Authenticate} headers (RFC
   * 9110 section 11.6.1).
   *
   * @return whether it is worth sending again, with what {@link #authorization} returns now
   */
  boolean renew(List<String> challenges) throws IOException;
}
