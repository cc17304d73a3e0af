package io.gantry.image;

/** The whole image is in a format that has no decoder here. */
public final class UnsupportedFormatException extends UnsupportedImageException {

  private final String image;
  private final String format;
  private final String advice;

  /**
   * @param image name of the source
   * @param format as qemu-img spells it
   * @param shown the format for people
   */
  public UnsupportedFormatException(String image, String format, String shown) {
    this(
        image,
        format,
        shown,
        "convert it with qemu-img convert -f %s -O qcow2 first".formatted(format));
  }

  private UnsupportedFormatException(String image, String format, String shown, String advice) {
    super("%s: is a %s image, which is not decoded; %s".formatted(image, shown, advice));
    this.image = image;
    this.format = format;
    this.advice = advice;
  }

  public String image() {
    return image;
  }

  public String format() {
    return format;
  }

  /** Returns what the owner of the image can do. */
  public String advice() {
    return advice;
  }
}
