package org.ratescope.dataset.picture;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.ratescope.dataset.format.FormatException;

/**
 * The properties of a JPEG file's samples, from the segments before them: the colours of its
 * channels, by the rules of libjpeg, and its orientation.
 */
final class JpegMarkers {
  /** The meaning of the channels. */
  enum Colours {
    GREY,
    RGB,
    YCC,
    /** Cyan, magenta, yellow, black as Adobe stores them: 255 means no ink. */
    INVERTED_CMYK,
    /** The same, with the three colours as luma and chroma. */
    INVERTED_YCCK
  }

  private static final int APP0 = 0xE0;
  private static final int APP1 = 0xE1;
  private static final int APP14 = 0xEE;
  private static final int START_OF_SCAN = 0xDA;
  private static final int END = 0xD9;

  private final String where;
  private boolean jfif;
  private int transform = -1; // Adobe's; -1 without the marker
  private String ids = ""; // of the channels
  private Orientation orientation = Orientation.NONE;

  private JpegMarkers(String where) {
    this.where = where;
  }

  /** Reads the segments up to the first scan; the decoder reports damage. */
  static JpegMarkers of(byte[] file, String where) {
    JpegMarkers markers = new JpegMarkers(where);
    ByteBuffer in = ByteBuffer.wrap(file).position(2);
    while (in.remaining() >= 4) {
      int marker = in.get() & 0xFF;
      if (marker != 0xFF) {
        return markers;
      }
      while (marker == 0xFF && in.remaining() >= 3) { // fill bytes
        marker = in.get() & 0xFF;
      }
      int length = Short.toUnsignedInt(in.getShort()) - 2;
      if (marker == START_OF_SCAN || marker == END || length < 0 || length > in.remaining()) {
        return markers;
      }
      byte[] body = new byte[length];
      in.get(body);
      markers.segment(marker, body);
    }
    return markers;
  }

  private void segment(int marker, byte[] body) {
    switch (marker) {
      case APP0 -> jfif |= startsWith(body, "JFIF\0");
      case APP14 ->
          transform = body.length >= 12 && startsWith(body, "Adobe") ? body[11] : transform;
      case APP1 -> {
        if (orientation.equals(Orientation.NONE) && startsWith(body, "Exif\0")) {
          orientation =
              Orientation.of(Arrays.copyOfRange(body, Math.min(6, body.length), body.length));
        }
      }
      case 0xC0, 0xC1, 0xC2 -> frame(body);
      default -> {}
    }
  }

  private void frame(byte[] body) {
    StringBuilder found = new StringBuilder();
    for (int at = 6; at + 2 < body.length; at += 3) {
      found.append((char) (body[at] & 0xFF));
    }
    ids = found.toString();
  }

  private static boolean startsWith(byte[] body, String start) {
    byte[] wanted = start.getBytes(StandardCharsets.US_ASCII);
    return body.length >= wanted.length
        && Arrays.equals(body, 0, wanted.length, wanted, 0, wanted.length);
  }

  Orientation orientation() {
    return orientation;
  }

  /**
   * The meaning of that many channels.
   *
   * @throws FormatException if the file does not define it
   */
  Colours colours(int channels) throws FormatException {
    return switch (channels) {
      case 1 -> Colours.GREY;
      case 3 -> threeColours();
      case 4 -> fourColours();
      default ->
          throw new FormatException(
              where, "a JPEG picture of %d channels; expected 1, 3 or 4".formatted(channels));
    };
  }

  private Colours threeColours() {
    boolean named = !jfif && transform < 0 && ids.equals("RGB");
    boolean stored = !jfif && transform == 0;
    return named || stored ? Colours.RGB : Colours.YCC;
  }

  private Colours fourColours() throws FormatException {
    return switch (transform) {
      case 0 -> Colours.INVERTED_CMYK;
      case 2 -> Colours.INVERTED_YCCK;
      default ->
          throw new FormatException(
              where,
              "four channels and %s, which does not say what they are; expected the transform 0"
                      .formatted(
                          transform < 0 ? "no Adobe marker" : "the Adobe transform " + transform)
                  + " (CMYK) or 2 (YCCK); save it as RGB");
    };
  }
}
