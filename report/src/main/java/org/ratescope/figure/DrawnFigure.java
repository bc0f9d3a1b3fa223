package org.ratescope.figure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ratescope.figure.svg.SvgRasterizer;
import org.ratescope.io.AtomicFile;
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
    List<String> remarks) {
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
    return SvgRasterizer.png(svg);
  }

  /** Writes {@code NAME.svg}, {@code NAME.png} and {@code NAME.csv} into a folder. */
  public List<Path> write(Path folder) throws IOException {
    Files.createDirectories(folder);
    Path image = folder.resolve(name + ".svg");
    Path pixels = folder.resolve(name + ".png");
    Path data = folder.resolve(name + ".csv");
    AtomicFile.write(image, svg.getBytes(StandardCharsets.UTF_8));
    AtomicFile.write(pixels, png());
    AtomicFile.write(data, csv.toCsv().getBytes(StandardCharsets.UTF_8));
    return List.of(image, pixels, data);
  }

  /** Vega's configuration for the theme {@code light} or {@code dark}, as JSON. */
  public static String theme(String name) {
    return Spec.theme(name).toString();
  }
}
