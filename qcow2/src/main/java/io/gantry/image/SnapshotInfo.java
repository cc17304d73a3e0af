package io.gantry.image;

/**
 * An internal snapshot.
 *
 * @param id unique ID string
 * @param name for people
 * @param vmStateSize bytes of saved machine state
 * @param dateSeconds seconds since 1970-01-01
 * @param dateNanos nanoseconds of the second
 * @param vmClockNanos guest run time, nanoseconds
 * @param icount instruction count, -1 when none was recorded
 * @param virtualSize disk size when it was taken, bytes
 */
public record SnapshotInfo(
    String id,
    String name,
    long vmStateSize,
    long dateSeconds,
    long dateNanos,
    long vmClockNanos,
    long icount,
    long virtualSize) {}
