package io.gantry.format;

/** Disk image formats we can tell apart. */
public enum Format {
  RAW("raw", "raw", true),
  QCOW2("qcow2", "QCOW2", true),
  /** Version 1, which shares nothing with its successors but the magic. */
  QCOW("qcow", "QCOW (version 1)", false),
  QED("qed", "QED", false),
  VMDK("vmdk", "VMDK", false),
  VDI("vdi", "VDI", false),
  VHD("vpc", "VHD", false),
  VHDX("vhdx", "VHDX", false),
  PARALLELS("parallels", "Parallels", false);

  private final String id;
  private final String shown;
  private final boolean decoded;

  Format(String id, String shown, boolean decoded) {
    this.id = id;
    this.shown = shown;
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

  /** Returns the name for people. */
  @Override
  public String toString() {
    return shown;
  }
}
