package io.gantry.target;

/**
 * What was really done to the target.
 *
 * @param zeroMethod how zero areas were made, {@code none} when none were
 * @param preallocation {@code off}, {@code falloc} or {@code full}, as applied
 * @param direct whether the page cache was bypassed
 */
public record TargetReport(String zeroMethod, Preallocation preallocation, boolean direct) {}
