package org.ratescope.results;

import com.fasterxml.jackson.annotation.JsonAlias;
import java.util.List;
import org.ratescope.spec.Subset;

/** The answer to an {@link org.ratescope.study.Analysis}. Distances are in pixel values. */
public sealed interface DataAnalysis {

  /** Images of the data set. */
  record Samples(List<DataPicture> pictures) implements DataAnalysis {
    public Samples {
      pictures = List.copyOf(pictures);
    }
  }

  /**
   * How a split divides the data.
   *
   * @param train rows that train
   * @param test rows that test
   */
  record Sizes(int train, int test) implements DataAnalysis {}

  /** Points of two factors under several splits. */
  record Plane(List<Point> points) implements DataAnalysis {
    public Plane {
      points = List.copyOf(points);
    }
  }

  /**
   * A point of a plane under a split; points in neither set are left out.
   *
   * @param split the split's text
   * @param x first factor, in [0, 1)
   * @param y second factor, in [0, 1)
   * @param subset whether it is in the training or the test set; format 1 called it a half
   */
  record Point(String split, double x, double y, @JsonAlias("half") Subset subset) {}

  /**
   * Distances of test images to their nearest training images.
   *
   * @param train rows that train, all of which are searched
   * @param test rows that test
   * @param examples test images that were looked at
   * @param mean their mean distance
   * @param standardError its standard error over the images
   * @param p10 10th percentile
   * @param p50 median
   * @param p90 90th percentile
   * @param normaliser √D, the distance of a black and a white image: what distances are divided by
   *     to compare data sets
   * @param histogram of the distances, in bins of 1/256 of the normaliser
   * @param pictures the images of minimum, median and maximum distance beside their neighbours
   */
  record Distances(
      int train,
      int test,
      int examples,
      double mean,
      double standardError,
      double p10,
      double p50,
      double p90,
      double normaliser,
      Histogram histogram,
      List<DataPicture> pictures)
      implements DataAnalysis {
    public Distances {
      pictures = List.copyOf(pictures);
    }
  }

  /** What each factor changes in pixel space. */
  record Sensitivities(List<FactorSensitivity> factors) implements DataAnalysis {
    public Sensitivities {
      factors = List.copyOf(factors);
    }
  }

  /**
   * Distances between images and the same images with one factor moved by one unit.
   *
   * @param factor its name
   * @param examples images that were moved
   * @param mean their mean distance
   * @param standardError its standard error over the images; 0 where all images were moved
   * @param histogram of the distances
   * @param pictures images at the 10th, 50th and 90th percentile, each before its moved form
   */
  record FactorSensitivity(
      String factor,
      int examples,
      double mean,
      double standardError,
      Histogram histogram,
      List<DataPicture> pictures) {
    public FactorSensitivity {
      pictures = List.copyOf(pictures);
    }
  }
}
