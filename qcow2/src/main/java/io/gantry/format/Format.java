package io.gantry.format;

import java.util.Locale;

/** Disk image formats we can tell apart. */
public enum Format {
  RAW("raw", true),
  QCOW2("qcow2", true),
  VMDK("vmdk", false),
  VDI("vdi", false),
  VHD("vpc", false),
  VHDX("vhdx", false);

  private final String id;
  private final boolean decoded;

  Format(String id, boolean decoded) {
    this.id = id;
    this.decoded = decoded;
  }

  /** Returns the name used in options and output, as qemu-img spells it. */
  public String id() {
    return id;
  }

  /** Says whether we have a decoder for it. */
  public boolean decoded() {
    return decoded;
  }

  @Override
  public String toString() {
    return id.toUpperCase(Locale.ROOT);
  }
}
