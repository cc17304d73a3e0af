package io.gantry.image;

/** What is compressed around the image is damaged or cut short; the image itself was never seen. */
public final class DamagedStreamException extends MalformedImageException {

  public DamagedStreamException(MalformedImageException damage) {
    super(String.valueOf(damage.getMessage()), damage);
  }
}
