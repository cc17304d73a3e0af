package io.gantry.format.qcow2;

/**
 * One piece of guest data and the host bytes it comes from.
 *
 * @param hostOffset first host byte
 * @param hostLength host bytes: {@code length} for plain data, sectors of a compressed cluster
 * @param guestOffset first guest byte
 * @param length guest bytes
 * @param compressed whether the host bytes decode to one cluster, of which {@code length} count
 */
public record Reference(
    long hostOffset, long hostLength, long guestOffset, long length, boolean compressed) {

  public long hostEnd() {
    return hostOffset + hostLength;
  }

  /** Returns the plain data in front of {@code hostSplit}. */
  public Reference before(long hostSplit) {
    long part = hostSplit - hostOffset;
    return new Reference(hostOffset, part, guestOffset, part, false);
  }

  /** Returns the plain data from {@code hostSplit} on. */
  public Reference from(long hostSplit) {
    long part = hostSplit - hostOffset;
    return new Reference(hostSplit, hostLength - part, guestOffset + part, length - part, false);
  }
}
