package org.ratescope.estimate.detail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ratescope.dataset.ImageSet;
import org.ratescope.dataset.Partition;
import org.ratescope.estimate.TrainedModel;
import org.ratescope.estimate.posterior.Examples;
import org.ratescope.estimate.posterior.Neighbours;
import org.ratescope.results.Picture;
import org.ratescope.spec.Subset;
import org.ratescope.tensor.ImageTensor;

/**
 * An easy, a typical and a hard test image of a split: at the 10th, 50th and 90th percentile of the
 * distance to the nearest training image, over at most {@link #SEARCHED} test images drawn at
 * random. They are the same for every run of the split.
 */
public final class ExemplarImages {
  /** Maximum number of test images from which the examples are chosen. */
  public static final int SEARCHED = 500;

  private static final List<Pick> PICKS =
      List.of(new Pick("easy", 0.1), new Pick("typical", 0.5), new Pick("hard", 0.9));

  private record Pick(String name, double quantile) {}

  private final ImageSet images;
  private final int[] testRows;
  private final Neighbours neighbours;

  private ExemplarImages(ImageSet images, int[] testRows, Neighbours neighbours) {
    this.images = images;
    this.testRows = testRows;
    this.neighbours = neighbours;
  }

  /** Chooses the examples of a split; an empty test set gives none. */
  public static ExemplarImages of(ImageSet images, ImageTensor pool, Partition partition) {
    Examples searched = Examples.of(pool, partition, Subset.TEST, SEARCHED);
    return new ExemplarImages(
        images, partition.rows(Subset.TEST), Neighbours.of(pool, partition, searched));
  }

  /** The examples, their nearest training images and the model's reconstructions. */
  public List<Picture> pictures(TrainedModel model) {
    List<Picture> pictures = new ArrayList<>();
    for (Pick pick : PICKS) {
      if (neighbours.examples().size() > 0) {
        int example = neighbours.atQuantile(pick.quantile());
        int row = neighbours.examples().row(example);
        pictures.add(
            new Picture(
                pick.name(),
                Subset.TEST,
                Arrays.binarySearch(testRows, row),
                neighbours.distance(example),
                images.source().dataUri(images.image(row)),
                images.source().dataUri(images.image(neighbours.row(example))),
                images.source().dataUri(model.reconstruct(neighbours.examples(), example))));
      }
    }
    return pictures;
  }
}
