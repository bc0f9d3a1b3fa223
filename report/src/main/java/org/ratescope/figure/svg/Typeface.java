package org.ratescope.figure.svg;

import java.util.List;
import org.ratescope.io.Resources;

/**
 * Inter in one weight: a Latin file and a Greek one, asked in this order for each character. See
 * fonts/README.md for origin and licence.
 */
public final class Typeface {
  static final Typeface REGULAR = of(400);
  static final Typeface BOLD = of(600);
  private static final int BOLD_FROM = 600;

  private final List<Woff> files;

  private Typeface(List<Woff> files) {
    this.files = files;
  }

  private static Typeface of(int weight) {
    return new Typeface(List.of(file("latin", weight), file("greek", weight)));
  }

  private static Woff file(String script, int weight) {
    return new Woff(
        Resources.bytes(Typeface.class, "fonts/inter-%s-%s-normal.woff".formatted(script, weight)));
  }

  /** The typeface of a CSS font weight: {@code bold}, {@code normal} or a number. */
  public static Typeface ofWeight(String weight) {
    boolean number = !weight.isEmpty() && weight.chars().allMatch(Character::isDigit);
    boolean bold = number ? Integer.parseInt(weight) >= BOLD_FROM : weight.startsWith("bold");
    return bold ? BOLD : REGULAR;
  }

  private Woff fileFor(int character) {
    return files.stream().filter(f -> f.has(character)).findFirst().orElse(files.getFirst());
  }

  /** Width of a line of text at a font size. */
  public double width(String text, double size) {
    return size * text.codePoints().mapToDouble(c -> fileFor(c).advance(c)).sum();
  }

  /** Outlines of a line of text as SVG path data, its baseline starting at (x, y). */
  String outline(String text, double x, double y, double size) {
    StringBuilder path = new StringBuilder();
    double at = x;
    for (int character : text.codePoints().toArray()) {
      Woff file = fileFor(character);
      path.append(file.outline(character, at, y, size));
      at += size * file.advance(character);
    }
    return path.toString();
  }
}
