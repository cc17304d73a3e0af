package io.gantry.image;

/** The image names another file that holds some of the disk, and names are not followed here. */
public final class OtherFileException extends UnsupportedImageException {

  private final String image;
  private final String role;
  private final String file;

  /**
   * @param image name of the source
   * @param role what the other file is to it: {@code backing file}, {@code data file}
   * @param file the name in the image, made printable
   * @param message for those who could allow it
   */
  public OtherFileException(String image, String role, String file, String message) {
    super(message);
    this.image = image;
    this.role = role;
    this.file = file;
  }

  public String image() {
    return image;
  }

  public String role() {
    return role;
  }

  public String file() {
    return file;
  }
}
