package io.gantry.io;

/**
 * What a request costs on an input.
 *
 * @param gapMax bytes worth reading and throwing away rather than starting another request
 * @param requestMax bytes one request should cover at the most
 * @param requestsInFlight requests worth having under way at once
 */
public record AccessCost(long gapMax, long requestMax, int requestsInFlight) {

  /** A local file: a request is a system call, and pieces should stay in the CPU's cache. */
  public static final AccessCost LOCAL = new AccessCost(16 << 10, 1 << 20, 1);
}
