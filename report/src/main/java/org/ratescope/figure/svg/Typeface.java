package org.ratescope.figure.svg;

import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.awt.geom.PathIterator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.fontbox.ttf.GlyphData;
import org.apache.fontbox.ttf.TTFParser;
import org.apache.fontbox.ttf.TrueTypeFont;
import org.apache.pdfbox.io.RandomAccessReadBuffer;
import org.ratescope.io.Resources;

/**
 * Inter in one weight: a Latin file, a Greek one and one of mathematical signs, searched in this
 * order for each character. See fonts/README.md for origin and licence. FontBox reads them, not
 * java.awt.Font, so that text looks the same on every machine, also without any installed font.
 */
public final class Typeface {
  /** The parser warns of fonts without names of glyphs, which no drawing needs. */
  private static final Logger PARSER = Logger.getLogger("org.apache.fontbox");

  static {
    PARSER.setLevel(Level.SEVERE);
  }

  static final Typeface REGULAR = of(400);
  static final Typeface BOLD = of(600);
  private static final int BOLD_FROM = 600;

  private final List<TrueTypeFont> fonts;

  /** A character's glyph, with lengths in units of the font size. */
  private record Glyph(TrueTypeFont font, int id) {
    double advance() throws IOException {
      return font.getAdvanceWidth(id) / (double) font.getUnitsPerEm();
    }

    PathIterator outline(double x, double y, double size) throws IOException {
      GlyphData data = font.getGlyph().getGlyph(id); // null for a space
      double scale = size / font.getUnitsPerEm();
      return (data == null ? new Path2D.Double() : data.getPath())
          .getPathIterator(new AffineTransform(scale, 0, 0, -scale, x, y));
    }
  }

  private Typeface(List<TrueTypeFont> fonts) {
    this.fonts = fonts;
  }

  private static Typeface of(int weight) {
    return new Typeface(
        List.of(font("latin", weight), font("greek", weight), font("math", weight)));
  }

  private static TrueTypeFont font(String script, int weight) {
    String file = "fonts/inter-%s-%s-normal.woff".formatted(script, weight);
    try {
      byte[] font = Woff.unpacked(Resources.bytes(Typeface.class, file));
      return new TTFParser(true).parse(new RandomAccessReadBuffer(font));
    } catch (IOException e) {
      throw new UncheckedIOException(file, e);
    }
  }

  /** The typeface of a CSS font weight: {@code bold}, {@code normal} or a number. */
  public static Typeface ofWeight(String weight) {
    boolean number = !weight.isEmpty() && weight.chars().allMatch(Character::isDigit);
    boolean bold = number ? Integer.parseInt(weight) >= BOLD_FROM : weight.startsWith("bold");
    return bold ? BOLD : REGULAR;
  }

  private List<Glyph> glyphs(String text) throws IOException {
    List<Glyph> glyphs = new ArrayList<>();
    for (int character : text.codePoints().toArray()) {
      Glyph glyph = new Glyph(fonts.getFirst(), 0); // a box
      for (TrueTypeFont font : fonts) {
        int id = font.getUnicodeCmapLookup().getGlyphId(character);
        if (glyph.id == 0 && id > 0) {
          glyph = new Glyph(font, id);
        }
      }
      glyphs.add(glyph);
    }
    return glyphs;
  }

  /**
   * Characters of one font.
   *
   * @param text the characters; those that no font has are question marks
   */
  record Stretch(TrueTypeFont font, String text) {}

  /** A text as stretches of one font each. */
  List<Stretch> stretches(String text) {
    try {
      List<Stretch> stretches = new ArrayList<>();
      int[] characters = text.codePoints().toArray();
      List<Glyph> glyphs = glyphs(text);
      for (int i = 0; i < characters.length; i++) {
        Glyph glyph = glyphs.get(i);
        String character = glyph.id == 0 ? "?" : Character.toString(characters[i]);
        Stretch last = stretches.isEmpty() ? null : stretches.getLast();
        if (last != null && last.font.equals(glyph.font)) {
          stretches.set(stretches.size() - 1, new Stretch(last.font, last.text + character));
        } else {
          stretches.add(new Stretch(glyph.font, character));
        }
      }
      return stretches;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Width of a line of text at a font size. */
  public double width(String text, double size) {
    try {
      double width = 0;
      for (Glyph glyph : glyphs(text)) {
        width += size * glyph.advance();
      }
      return width;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Outlines of a line of text as SVG path data, its baseline starting at (x, y). */
  String outline(String text, double x, double y, double size) {
    try {
      StringBuilder path = new StringBuilder();
      double at = x;
      for (Glyph glyph : glyphs(text)) {
        append(glyph.outline(at, y, size), path);
        at += size * glyph.advance();
      }
      return path.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void append(PathIterator outline, StringBuilder path) {
    double[] points = new double[6];
    for (; !outline.isDone(); outline.next()) {
      int kind = outline.currentSegment(points);
      path.append(
          switch (kind) {
            case PathIterator.SEG_MOVETO -> "M" + point(points, 0);
            case PathIterator.SEG_LINETO -> "L" + point(points, 0);
            case PathIterator.SEG_QUADTO -> "Q" + point(points, 0) + " " + point(points, 2);
            case PathIterator.SEG_CLOSE -> "Z";
            default -> throw new IllegalStateException("TrueType has no segment " + kind);
          });
    }
  }

  private static String point(double[] points, int at) {
    return String.format(Locale.ROOT, "%.2f,%.2f", points[at], points[at + 1]);
  }
}
