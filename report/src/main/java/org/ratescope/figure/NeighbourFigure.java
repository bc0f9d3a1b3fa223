package org.ratescope.figure;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.ratescope.figure.svg.SvgRasterizer;
import org.ratescope.io.Resources;
import org.ratescope.sql.QueryResult;

/**
 * A picture of the difficulty of a split: test images with the smallest, middle and largest
 * distance, with their nearest training images (Figure A2), and a normalised histogram of the
 * distances (Figures A1 and A18).
 *
 * @param title the data set and the split
 * @param subtitle the number of images searched
 * @param groups three rows of pairs: smallest, middle and largest distances, at most four each
 * @param distances all distances, at least one, none negative
 * @param mean their mean
 * @param random for comparison, the mean distance to a training image drawn at random
 */
public record NeighbourFigure(
    String title,
    String subtitle,
    List<List<Pair>> groups,
    List<Double> distances,
    double mean,
    double random) {
  private static final String SPEC = "neighbours.vl.json";
  private static final List<String> COLUMNS = List.of("kind", "x", "y", "x2", "text", "side");
  private static final List<String> ROWS = List.of("Minimum", "Median", "Maximum");
  private static final int BINS = 48;

  /** Two marks are close if their distance is less than that share of the axis. */
  private static final double CLOSE = 0.25;

  private static final int LEFT = 62;
  private static final int TOP = 16;
  private static final int IMAGE = 56;
  private static final int GAP = 2;
  private static final int PAIR = 2 * IMAGE + GAP + 12;
  private static final int ROW = IMAGE + 24;

  public NeighbourFigure {
    groups = groups.stream().map(List::copyOf).toList();
    distances = List.copyOf(distances);
    if (distances.isEmpty() || groups.size() != ROWS.size()) {
      throw new IllegalArgumentException(
          "got %s distances and %s groups; expected at least one distance and three groups"
              .formatted(distances.size(), groups.size()));
    }
  }

  /**
   * A test image and its nearest training image.
   *
   * @param test the image as a {@code data:} address
   * @param nearest the training image as a {@code data:} address
   * @param distance between them
   */
  public record Pair(String test, String nearest, double distance) {}

  /** The picture as a PNG file, at two pixels per unit. */
  public byte[] png() throws FigureException {
    return SvgRasterizer.png(svg());
  }

  String svg() throws FigureException {
    Spec spec = Spec.parse(SPEC, Resources.text(NeighbourFigure.class, SPEC));
    QueryResult table = table();
    spec.check(table.columns());
    ObjectNode full = spec.with(table);
    ObjectNode heading = full.putObject("title");
    heading.put("text", title).put("subtitle", subtitle).put("anchor", "start").put("offset", 14);
    heading.put("fontSize", 14).put("subtitleFontSize", 11).put("subtitlePadding", 5);
    return spec.draw(full).svg();
  }

  /** The rows that the spec draws. */
  QueryResult table() {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (int g = 0; g < groups.size(); g++) {
      addGroup(rows, g);
    }
    addBins(rows);
    addMean(rows, mean, random, "mean " + rounded(mean));
    addMean(rows, random, mean, "random pair " + rounded(random));
    return new QueryResult(COLUMNS, rows);
  }

  private void addGroup(List<List<@Nullable Object>> rows, int group) {
    double top = TOP + group * ROW;
    add(rows, "row", 0, top + IMAGE / 2.0, null, ROWS.get(group), null);
    List<Pair> pairs = groups.get(group);
    for (int p = 0; p < pairs.size(); p++) {
      Pair pair = pairs.get(p);
      double left = LEFT + p * PAIR;
      if (group == 0) {
        add(rows, "label", left + IMAGE / 2.0, 2, null, "test", null);
        add(rows, "label", left + GAP + 1.5 * IMAGE, 2, null, "nearest", null);
      }
      add(rows, "image", left, top, null, pair.test(), null);
      add(rows, "image", left + IMAGE + GAP, top, null, pair.nearest(), null);
      add(
          rows,
          "label",
          left + IMAGE + GAP / 2.0,
          top + IMAGE + 3,
          null,
          rounded(pair.distance()),
          null);
    }
  }

  /** Shares of the distances in equal bins from 0 to slightly beyond the last mark. */
  private void addBins(List<List<@Nullable Object>> rows) {
    double width = range() / BINS;
    int[] counts = new int[BINS];
    for (double distance : distances) {
      counts[Math.min(BINS - 1, (int) (distance / width))]++;
    }
    for (int b = 0; b < BINS; b++) {
      double share = (double) counts[b] / distances.size();
      add(rows, "bin", b * width, share, (b + 1) * width, null, null);
    }
  }

  private double range() {
    double largest = Math.max(random, Collections.max(distances));
    return largest > 0 ? 1.04 * largest : 1;
  }

  /** Marks a mean, with its text on the side away from the other one if they are close. */
  private void addMean(List<List<@Nullable Object>> rows, double x, double other, String text) {
    boolean close = Math.abs(x - other) < CLOSE * range();
    add(rows, "mean", x, 0, null, text, !close ? "center" : x < other ? "right" : "left");
  }

  private static void add(
      List<List<@Nullable Object>> rows,
      String kind,
      double x,
      double y,
      @Nullable Double x2,
      @Nullable String text,
      @Nullable String side) {
    rows.add(Arrays.asList(kind, x, y, x2, text, side));
  }

  /** Three digits are enough for display. */
  private static String rounded(double value) {
    return String.format(Locale.ROOT, "%.3g", value);
  }
}
