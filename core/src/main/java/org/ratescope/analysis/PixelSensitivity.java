package org.ratescope.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.ratescope.dataset.tetromino.FeatureSensitivity;
import org.ratescope.dataset.tetromino.Tetrominoes;
import org.ratescope.estimate.posterior.MeanEstimate;
import org.ratescope.results.DataAnalysis;
import org.ratescope.results.DataPicture;
import org.ratescope.results.Histogram;

/** The change of pixels when one factor moves by a sixteenth of its range (Figures A3, A4). */
final class PixelSensitivity {
  private static final int FACTORS = 5;
  private static final long ROWS = 4;
  private static final double[] SHOWN = {0.1, 0.5, 0.9};

  private PixelSensitivity() {}

  /** All factors on at most {@code examples} rows, the same rows for each factor. */
  static DataAnalysis.Sensitivities of(Tetrominoes images, int examples) {
    int[] rows = RandomRows.drawn(images.size(), examples, ROWS);
    Arrays.sort(rows);
    return new DataAnalysis.Sensitivities(
        IntStream.range(0, FACTORS).mapToObj(factor -> factor(images, factor, rows)).toList());
  }

  private static DataAnalysis.FactorSensitivity factor(Tetrominoes images, int factor, int[] rows) {
    FeatureSensitivity found = FeatureSensitivity.of(images, factor, rows);
    double[] distances = found.distances();
    MeanEstimate mean = MeanEstimate.of(distances);
    double width = Math.sqrt(images.spec().dimensions()) / NeighbourDistances.BINS;
    return new DataAnalysis.FactorSensitivity(
        found.factor(),
        rows.length,
        mean.value(),
        rows.length == images.size() ? 0 : mean.standardError(),
        Histogram.of(distances, width),
        pictures(images, factor, rows, distances));
  }

  private static List<DataPicture> pictures(
      Tetrominoes images, int factor, int[] rows, double[] distances) {
    List<Integer> order =
        IntStream.range(0, rows.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> distances[i]))
            .toList();
    String name = images.factorNames().get(factor);
    List<DataPicture> pictures = new ArrayList<>();
    for (double quantile : SHOWN) {
      int example = order.get((int) Math.round(quantile * (order.size() - 1)));
      float[] original = new float[images.spec().dimensions()];
      images.render(rows[example], original);
      float[] moved = FeatureSensitivity.moved(images, rows[example], factor);
      int position = pictures.size();
      pictures.add(new DataPicture(name, position, null, images.dataUri(original)));
      pictures.add(new DataPicture(name, position + 1, distances[example], images.dataUri(moved)));
    }
    return pictures;
  }
}
