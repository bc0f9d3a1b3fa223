package org.ratescope.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.ratescope.dataset.ImageSet;
import org.ratescope.dataset.Partition;
import org.ratescope.dataset.tetromino.SplitPlane;
import org.ratescope.dataset.tetromino.Tetrominoes;
import org.ratescope.results.DataAnalysis;
import org.ratescope.spec.Split;
import org.ratescope.spec.Subset;
import org.ratescope.study.Analysis;
import org.ratescope.tensor.ImageTensor;

/** Computes analyses of one data set. Safe to use from many threads. */
public final class DataAnalyst {
  /**
   * The splits of Figure 2, in its order; the training sets of constant density and of constant
   * volume have the same number of points, about 60.
   */
  static final List<Split> PLANE =
      List.of(
          new Split.Default(),
          new Split.Checkerboard(),
          new Split.ConstantDensity(0.2),
          new Split.ConstantVolume(0.1));

  private final ImageSet images;
  private final ImageTensor pool;

  private DataAnalyst(ImageSet images, ImageTensor pool) {
    this.images = images;
    this.pool = pool;
  }

  /**
   * An analyst for these images.
   *
   * @param pool the same images as a tensor
   */
  public static DataAnalyst of(ImageSet images, ImageTensor pool) {
    return new DataAnalyst(images, pool);
  }

  /**
   * Computes the result of an analysis.
   *
   * @throws IllegalArgumentException if the analysis is about other images, or about a split that
   *     is impossible for these
   */
  public DataAnalysis answer(Analysis analysis) {
    return answer(analysis, images -> {});
  }

  /**
   * The same, reporting progress.
   *
   * @param measured receives numbers of images whose nearest training images have been found
   */
  public DataAnalysis answer(Analysis analysis, IntConsumer measured) {
    if (!analysis.data().equals(images.spec())) {
      throw new IllegalArgumentException(
          "got an analysis of %s; expected one of %s, whose images these are"
              .formatted(analysis.data().text(), images.spec().text()));
    }
    return switch (analysis) {
      case Analysis.Samples samples -> SampleImages.of(images);
      case Analysis.Sizes sizes -> sizes(images.partition(sizes.split()));
      case Analysis.Plane plane -> plane();
      case Analysis.Neighbours neighbours ->
          NeighbourDistances.of(images, pool, neighbours.split(), neighbours.examples(), measured);
      case Analysis.Sensitivity sensitivity ->
          PixelSensitivity.of(Tetrominoes.of(sensitivity.data()), sensitivity.examples());
    };
  }

  private static DataAnalysis.Sizes sizes(Partition partition) {
    return new DataAnalysis.Sizes(partition.size(Subset.TRAIN), partition.size(Subset.TEST));
  }

  private static DataAnalysis.Plane plane() {
    SplitPlane plane = new SplitPlane();
    List<DataAnalysis.Point> points = new ArrayList<>();
    for (Split split : PLANE) {
      Partition partition = plane.partition(split);
      for (Subset subset : Subset.values()) {
        for (int row : partition.rows(subset)) {
          points.add(new DataAnalysis.Point(split.text(), plane.x(row), plane.y(row), subset));
        }
      }
    }
    return new DataAnalysis.Plane(points);
  }
}
