package org.ratescope.dataset.picture;

import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.spi.ImageReaderSpi;
import org.ratescope.dataset.format.FormatException;

/** The supported picture formats. The first bytes of a file, not its name, determine its format. */
enum PictureForm {
  PNG("PNG", ".png", "\u0089PNG\r\n\u001A\n"),
  JPEG("JPEG", ".jpg .jpeg .jpe .jfif", "\u00FF\u00D8\u00FF"),
  GIF("GIF", ".gif", "GIF8"),
  BMP("BMP", ".bmp .dib", "BM"),
  TIFF("TIFF", ".tif .tiff", "II*\0|MM\0*"),
  WEBP("WebP", ".webp", "RIFF????WEBP");

  private final String text;
  private final String suffixes; // separated by spaces
  private final String starts; // separated by |; ? is any byte

  PictureForm(String text, String suffixes, String starts) {
    this.text = text;
    this.suffixes = suffixes;
    this.starts = starts;
  }

  /** All forms, for messages. */
  static String all() {
    return Arrays.stream(values()).map(PictureForm::text).collect(Collectors.joining(", "));
  }

  /** Its usual name. */
  String text() {
    return text;
  }

  /** The format of a file, from its first bytes. */
  static Optional<PictureForm> of(byte[] bytes) {
    return Arrays.stream(values())
        .filter(
            form ->
                Arrays.stream(form.starts.split("\\|")).anyMatch(start -> startsWith(bytes, start)))
        .findFirst();
  }

  /** Whether the name of a file has the suffix of a picture. */
  static boolean named(String fileName) {
    String name = fileName.toLowerCase(Locale.ROOT);
    return Arrays.stream(values())
        .flatMap(form -> Arrays.stream(form.suffixes.split(" ")))
        .anyMatch(name::endsWith);
  }

  private static boolean startsWith(byte[] bytes, String start) {
    if (bytes.length < start.length()) {
      return false;
    }
    for (int i = 0; i < start.length(); i++) {
      if (start.charAt(i) != '?' && (bytes[i] & 0xFF) != start.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** A reader of the JDK if there is one, regardless of the rest of the class path. */
  ImageReader reader(String where) throws FormatException {
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(text);
    ImageReader other = null;
    while (readers.hasNext()) {
      ImageReader reader = readers.next();
      ImageReaderSpi provider = reader.getOriginatingProvider();
      if (provider.getClass().getModule().isNamed()) {
        return reader;
      }
      other = reader;
    }
    if (other == null) {
      throw new FormatException(where, "no reader for %s here".formatted(text));
    }
    return other;
  }
}
