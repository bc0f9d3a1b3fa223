package org.ratescope.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.ratescope.dataset.ImageSet;
import org.ratescope.dataset.Partition;
import org.ratescope.estimate.posterior.Examples;
import org.ratescope.estimate.posterior.MeanEstimate;
import org.ratescope.estimate.posterior.Neighbours;
import org.ratescope.results.DataAnalysis;
import org.ratescope.results.DataPicture;
import org.ratescope.results.Histogram;
import org.ratescope.spec.Split;
import org.ratescope.spec.Subset;
import org.ratescope.tensor.ImageTensor;

/** Distances of test images to their nearest training images (Figures A1, A2, A18). */
final class NeighbourDistances {
  /** Number of bins between a black and a white image. */
  static final int BINS = 256;

  private NeighbourDistances() {}

  static DataAnalysis.Distances of(
      ImageSet images, ImageTensor pool, Split split, int examples, IntConsumer measured) {
    Partition partition = images.partition(split);
    Examples tests = Examples.of(pool, partition, Subset.TEST, examples);
    Neighbours neighbours = Neighbours.of(pool, partition, tests, measured);
    double[] distances = neighbours.distances();
    MeanEstimate mean = MeanEstimate.of(distances);
    double normaliser = Math.sqrt(images.spec().dimensions());
    return new DataAnalysis.Distances(
        partition.size(Subset.TRAIN),
        partition.size(Subset.TEST),
        mean.examples(),
        mean.value(),
        mean.standardError(),
        neighbours.distance(neighbours.atQuantile(0.1)),
        neighbours.distance(neighbours.atQuantile(0.5)),
        neighbours.distance(neighbours.atQuantile(0.9)),
        normaliser,
        Histogram.of(distances, normaliser / BINS),
        pictures(images, neighbours));
  }

  private static List<DataPicture> pictures(ImageSet images, Neighbours neighbours) {
    List<DataPicture> pictures = new ArrayList<>();
    pictures.addAll(pair("minimum", images, neighbours, neighbours.atQuantile(0)));
    pictures.addAll(pair("median", images, neighbours, neighbours.atQuantile(0.5)));
    pictures.addAll(pair("maximum", images, neighbours, neighbours.atQuantile(1)));
    return pictures;
  }

  private static List<DataPicture> pair(
      String name, ImageSet images, Neighbours neighbours, int example) {
    float[] test = images.image(neighbours.examples().row(example));
    float[] nearest = images.image(neighbours.row(example));
    return List.of(
        new DataPicture(name, 0, null, images.source().dataUri(test)),
        new DataPicture(name, 1, neighbours.distance(example), images.source().dataUri(nearest)));
  }
}
