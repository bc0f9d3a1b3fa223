package org.ratescope.figure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ratescope.figure.svg.PdfWriter;
import org.ratescope.figure.svg.PngText;
import org.ratescope.figure.svg.SvgFonts;
import org.ratescope.figure.svg.SvgRasterizer;
import org.ratescope.io.AtomicFile;
import org.ratescope.spec.text.EnumText;
import org.ratescope.spec.text.Wording;
import org.ratescope.sql.QueryResult;

/**
 * A figure with its data, drawn.
 *
 * @param name the figure's name
 * @param number its number in the paper, empty for none
 * @param title its heading, without the number
 * @param caption its caption
 * @param table the rows of its query
 * @param csv the rows of its CSV file: one for each point of curves
 * @param spec the Vega-Lite spec with these rows in it, as JSON, without theme
 * @param svg the drawing on a white background
 * @param remarks Vega-Lite's remarks, for the author of the spec
 * @param definition a hash of the figure's definition, {@link Figure#definition()}
 */
public record DrawnFigure(
    String name,
    String number,
    String title,
    String caption,
    QueryResult table,
    QueryResult csv,
    String spec,
    String svg,
    List<String> remarks,
    String definition) {
  /** The key of the text in PNG files that names the figure and its definition. */
  public static final String PNG_KEY = "ratescope-figure";

  /** What a report and the command {@code figure} write by default. */
  public static final Set<FigureFormat> USUAL =
      Collections.unmodifiableSet(EnumSet.of(FigureFormat.SVG, FigureFormat.PNG, FigureFormat.CSV));

  private static final double CSS_DPI = 96;
  private static final double POINTS = 72;
  private static final double PRINTED_DPI = 300;

  private static final Pattern WIDTH = Pattern.compile("<svg[^>]*? width=\"(\\d+(?:\\.\\d+)?)\"");
  private static final Pattern HEIGHT = Pattern.compile("<svg[^>]*? height=\"(\\d+(?:\\.\\d+)?)\"");

  public DrawnFigure {
    remarks = List.copyOf(remarks);
  }

  /** The heading with the number, {@code Figure A16. Objectives}. */
  public String heading() {
    if (number.isEmpty()) {
      return title;
    }
    return "%s%s. %s".formatted(number.startsWith("Table") ? "" : "Figure ", number, title);
  }

  /** The drawing's height in CSS pixels, rounded up; 0 if the SVG does not contain it. */
  public int height() {
    Matcher height = HEIGHT.matcher(svg);
    return height.find() ? (int) Math.ceil(Double.parseDouble(height.group(1))) : 0;
  }

  /** The drawing as a PNG file, at two pixels per unit. */
  public byte[] png() {
    return png(SvgRasterizer.png(svg));
  }

  /** The same pixels with the figure and its definition as a text. */
  private byte[] png(byte[] pixels) {
    return PngText.with(pixels, PNG_KEY, name + " " + definition);
  }

  /** The drawing's width in CSS pixels, of which an inch has 96. */
  public double width() {
    Matcher width = WIDTH.matcher(svg);
    if (!width.find()) {
      throw new IllegalStateException("what Vega drew has no width");
    }
    return Double.parseDouble(width.group(1));
  }

  /** The drawing as an SVG file with the typeface in it. */
  public String svgWithFonts() {
    return SvgFonts.embedded(svg);
  }

  /** Writes {@code NAME.svg}, {@code NAME.png} and {@code NAME.csv} into a folder. */
  public List<Path> write(Path folder) throws IOException {
    return write(folder, USUAL, OptionalDouble.empty());
  }

  /**
   * Writes a file {@code NAME.FORMAT} for each format into a folder.
   *
   * @param width width of the picture in inches, if not its own; it is scaled as a whole
   */
  public List<Path> write(Path folder, Set<FigureFormat> formats, OptionalDouble width)
      throws IOException {
    Files.createDirectories(folder);
    List<Path> files = new ArrayList<>();
    for (FigureFormat format : formats) {
      Path file = folder.resolve(name + "." + EnumText.of(format));
      AtomicFile.write(file, content(format, width));
      files.add(file);
    }
    return files;
  }

  private byte[] content(FigureFormat format, OptionalDouble width) {
    return switch (format) {
      case SVG -> bytes(sized(svgWithFonts(), width));
      case PNG ->
          width.isPresent()
              ? png(SvgRasterizer.png(svg, PRINTED_DPI * width.getAsDouble() / width()))
              : png();
      case CSV -> bytes(csv.toCsv());
      case PDF -> PdfWriter.pdf(svg, heading(), POINTS * width.orElse(width() / CSS_DPI));
      case TEX -> bytes(TexTable.of(csv));
      case TXT -> bytes(heading() + "\n\n" + caption + "\n");
    };
  }

  /** The same drawing, stretched to a width in inches. */
  private String sized(String drawing, OptionalDouble width) {
    if (width.isEmpty()) {
      return drawing;
    }
    double scale = width.getAsDouble() / width();
    Matcher height = HEIGHT.matcher(drawing);
    if (!height.find()) {
      throw new IllegalStateException("what Vega drew has no height");
    }
    String high = Wording.number(Double.parseDouble(height.group(1)) * scale) + "in";
    String tall = drawing.substring(0, height.start(1)) + high + drawing.substring(height.end(1));
    Matcher wide = WIDTH.matcher(tall);
    return wide.find()
        ? tall.substring(0, wide.start(1))
            + Wording.number(width.getAsDouble())
            + "in"
            + tall.substring(wide.end(1))
        : tall;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Vega's configuration for the theme {@code light} or {@code dark}, as JSON. */
  public static String theme(String name) {
    return Spec.theme(name).toString();
  }
}
