package io.gantry.target;

/**
 * How a target is opened.
 *
 * @param preallocation what to claim before writing
 * @param direct bypass the page cache ({@code O_DIRECT})
 * @param overwrite take an existing regular file (a device always exists and is always taken)
 * @param keep leave an incomplete file where it is when the target is abandoned, because a later
 *     run will {@link Target#resume resume} it
 */
public record TargetOptions(
    Preallocation preallocation, boolean direct, boolean overwrite, boolean keep) {

  public static final TargetOptions DEFAULT = new TargetOptions(Preallocation.OFF, false, false);

  /** One that leaves nothing half-made. */
  public TargetOptions(Preallocation preallocation, boolean direct, boolean overwrite) {
    this(preallocation, direct, overwrite, false);
  }
}
