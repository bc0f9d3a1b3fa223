package org.ratescope.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.ratescope.sql.QueryResult;

class NeighbourFigureTest {
  private static final String RED = pixel(0xFF0000);
  private static final String GREEN = pixel(0x00FF00);

  private static String pixel(int rgb) {
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, rgb);
    var bytes = new ByteArrayOutputStream();
    try {
      assertThat(ImageIO.write(image, "png", bytes)).isTrue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return "data:image/png;base64," + Base64.getEncoder().encodeToString(bytes.toByteArray());
  }

  private static NeighbourFigure figure(List<Double> distances, double mean, double random) {
    List<NeighbourFigure.Pair> pairs =
        Collections.nCopies(4, new NeighbourFigure.Pair(RED, GREEN, 1.5));
    return new NeighbourFigure(
        "tetrominoes   cv:0.1",
        "5 of 9 test images",
        List.of(pairs, pairs, pairs.subList(0, 2)),
        distances,
        mean,
        random);
  }

  private static List<List<@Nullable Object>> rows(QueryResult table, String kind) {
    return table.rows().stream().filter(row -> kind.equals(row.getFirst())).toList();
  }

  @Test
  void theHistogramIsNormalised() {
    List<Double> distances = IntStream.range(0, 100).mapToObj(i -> i / 10.0 + 0.03).toList();
    QueryResult table = figure(distances, 4.95, 20).table();
    List<List<@Nullable Object>> bins = rows(table, "bin");
    double sum = 0;
    for (List<@Nullable Object> bin : bins) {
      double from = (Double) bin.get(1);
      double to = (Double) bin.get(3);
      double share = distances.stream().filter(d -> d >= from && d < to).count() / 100.0;
      assertThat((Double) bin.get(2)).isCloseTo(share, within(1e-12));
      sum += share;
    }
    assertThat(sum).isCloseTo(1, within(1e-12));
    assertThat((Double) bins.getLast().get(3)).isCloseTo(20.8, within(1e-9));
    assertThat(rows(table, "mean"))
        .extracting(row -> row.get(4))
        .containsExactly("mean 4.95", "random pair 20.0");
    assertThat(rows(table, "image")).hasSize(20);
  }

  @Test
  void thePictureShowsImagesTitleAndMarks() throws Exception {
    NeighbourFigure figure = figure(List.of(0.0, 1.0, 1.5, 2.0, 3.0), 1.5, 2.0);
    assertThat(figure.svg())
        .contains("tetrominoes", "5 of 9 test images", "Share of test images", "Minimum", "1.50")
        .contains("mean 1.50", "random pair 2.00");
    BufferedImage picture = ImageIO.read(new ByteArrayInputStream(figure.png()));
    int red = 0;
    int green = 0;
    int blue = 0;
    for (int y = 0; y < picture.getHeight(); y++) {
      for (int x = 0; x < picture.getWidth(); x++) {
        int rgb = picture.getRGB(x, y) & 0xFFFFFF;
        red += rgb == 0xFF0000 ? 1 : 0;
        green += rgb == 0x00FF00 ? 1 : 0;
        blue += (rgb & 0xFF) > 0x90 && (rgb >> 16) < 0x40 ? 1 : 0;
      }
    }
    // ten images of 56 by 56 units at two pixels a unit, each way
    assertThat(red).isBetween(10 * 110 * 110, 10 * 112 * 112);
    assertThat(green).isBetween(10 * 110 * 110, 10 * 112 * 112);
    assertThat(blue).as("bars").isGreaterThan(1000);
  }

  /** A split whose test images are all training images too. */
  @Test
  void allDistancesMayBeZero() throws Exception {
    NeighbourFigure figure = figure(List.of(0.0, 0.0), 0, 0);
    assertThat(rows(figure.table(), "bin").getFirst()).contains(1.0);
    assertThat(figure.png()).isNotEmpty();
  }

  @Test
  void atLeastOneDistanceIsRequired() {
    assertThatThrownBy(() -> figure(List.of(), 0, 0))
        .hasMessage(
            "got 0 distances and 3 groups; expected at least one distance and three groups");
  }
}
