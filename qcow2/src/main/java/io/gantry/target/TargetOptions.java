package io.gantry.target;

/**
 * How a target is opened.
 *
 * @param preallocation what to claim before writing
 * @param direct bypass the page cache ({@code O_DIRECT})
 * @param overwrite take an existing regular file (a device always exists and is always taken)
 */
public record TargetOptions(Preallocation preallocation, boolean direct, boolean overwrite) {

  public static final TargetOptions DEFAULT = new TargetOptions(Preallocation.OFF, false, false);
}
