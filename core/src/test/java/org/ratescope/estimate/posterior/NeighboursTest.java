package org.ratescope.estimate.posterior;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ratescope.dataset.Partition;
import org.ratescope.estimate.Partitions;
import org.ratescope.spec.RunRandom;
import org.ratescope.spec.Subset;
import org.ratescope.tensor.ImageTensor;
import org.ratescope.tensor.Libtorch;
import org.ratescope.tensor.Tensors;

class NeighboursTest {
  private static final int D = 5;

  @BeforeAll
  static void load() {
    Libtorch.useOneThread();
  }

  /** More training images than fit into a tile; every result equals that of a plain double loop. */
  @Test
  void agreesWithALoopOverAllPairs() {
    int train = 5000;
    float[] images = uniform((train + 60) * D, 1);
    // many ties: copies of one image in the whole training set, and near copies
    for (int copy = 0; copy < 40; copy++) {
      System.arraycopy(images, 17 * D, images, (100 + 113 * copy) * D, D);
      System.arraycopy(images, 17 * D, images, (101 + 113 * copy) * D, D);
      images[(101 + 113 * copy) * D] += 1e-7f * (1 + copy % 3);
    }
    System.arraycopy(images, 17 * D, images, train * D, D);
    check(images, train, 60, Subset.TEST);
    check(images, train, 60, Subset.TRAIN);
  }

  /** Far from the origin the product loses all digits of a distance; the result does not. */
  @Test
  void resultsAreExactForLargeOffsets() {
    float[] images = uniform(300 * D, 2);
    for (int i = 0; i < images.length; i++) {
      images[i] = 1000 + images[i];
    }
    check(images, 250, 50, Subset.TEST);
  }

  /**
   * Images with enough values for bounds from projections, more of them than fit into a tile and a
   * block: soft patches that are moved, and copies of some of them, exact and with a small change.
   */
  @Test
  void projectionsLoseNoNeighbour() {
    int side = 16;
    int values = side * side;
    int train = 4500;
    int test = 520;
    float[] images = new float[(train + test) * values];
    float[] places = uniform(3 * (train + test), 3);
    for (int n = 0; n < train + test; n++) {
      for (int p = 0; p < values; p++) {
        int column = p % side;
        int row = p / side;
        double x = column - side * places[3 * n];
        double y = row - side * places[3 * n + 1];
        images[n * values + p] =
            (float) ((0.2 + places[3 * n + 2]) * Math.exp(-(x * x + y * y) / 9));
      }
    }
    for (int copy = 0; copy < 30; copy++) {
      System.arraycopy(images, 17 * values, images, (100 + 140 * copy) * values, values);
      System.arraycopy(images, 17 * values, images, (101 + 140 * copy) * values, values);
      images[(101 + 140 * copy) * values] += 1e-7f * (1 + copy % 3);
    }
    System.arraycopy(images, 17 * values, images, train * values, values);
    System.arraycopy(images, 4400 * values, images, (train + 1) * values, values);
    check(images, values, train, test, Subset.TEST);
  }

  /** The bound is as tight as it can be where the images differ in few directions. */
  @Test
  void distancesOfCoordinatesAreLowerBounds() {
    int values = 300;
    int count = 250;
    float[] noise = uniform(count * values, 4);
    float[] flat = new float[count * values];
    float[] codes = uniform(count * 5, 5);
    for (int n = 0; n < count; n++) {
      for (int p = 0; p < values; p++) {
        for (int k = 0; k < 5; k++) {
          flat[n * values + p] += (float) (codes[5 * n + k] * Math.cos((k + 1) * p));
        }
      }
    }
    try (PointerScope scope = new PointerScope()) {
      for (boolean isFlat : List.of(false, true)) {
        float[] images = isFlat ? flat : noise;
        ImageTensor pool = ImageTensor.of(images, count, values);
        int[] train = IntStream.range(0, 150).toArray();
        int width = PixelProjection.COORDINATES;
        var coordinates = Tensors.empty(ScalarType.Float, count, width);
        PixelProjection.of(pool, train).coordinates(pool.images(), coordinates);
        float[] mapped = Tensors.floats(coordinates);
        for (int a = 0; a < 150; a += 5) {
          for (int b = 150; b < count; b++) {
            double bound = distance(mapped, width, a, b);
            double distance = distance(images, values, a, b);
            assertThat(bound).isLessThanOrEqualTo(distance * (1 + 1e-5));
            if (isFlat) {
              assertThat(bound).isCloseTo(distance, within(1e-4));
            }
          }
        }
      }
    }
  }

  private static void check(float[] images, int train, int test, Subset subset) {
    check(images, D, train, test, subset);
  }

  private static void check(float[] images, int values, int train, int test, Subset subset) {
    try (PointerScope scope = new PointerScope()) {
      ImageTensor pool =
          new ImageTensor(Tensors.tensor(ScalarType.Float, images, train + test, values));
      Partition partition = Partitions.of(train, test);
      Examples examples = Examples.of(pool, partition, subset, values == D ? 200 : 520);
      List<Integer> searched = new ArrayList<>();
      Neighbours found = Neighbours.of(pool, partition, examples, searched::add);
      assertThat(searched.stream().mapToInt(i -> i).sum()).isEqualTo(examples.size());
      for (int i = 0; i < examples.size(); i++) {
        int nearest = -1;
        double smallest = Double.POSITIVE_INFINITY;
        for (int n = 0; n < train; n++) {
          double distance = distance(images, values, examples.row(i), n);
          if (n != examples.row(i) && distance < smallest) {
            smallest = distance;
            nearest = n;
          }
        }
        assertThat(found.row(i)).as("example %d", i).isEqualTo(nearest);
        assertThat(found.distance(i)).isEqualTo(smallest);
      }
    }
  }

  @Test
  void quantilesAreThoseOfTheDistances() {
    try (PointerScope scope = new PointerScope()) {
      float[] images = {0, 3, 1, 7, 2}; // one training image, then four test images
      ImageTensor pool = new ImageTensor(Tensors.tensor(ScalarType.Float, images, 5, 1));
      Partition partition = Partitions.of(1, 4);
      Neighbours found =
          Neighbours.of(pool, partition, Examples.of(pool, partition, Subset.TEST, 4));
      assertThat(found.distance(found.atQuantile(0))).isEqualTo(1);
      assertThat(found.distance(found.atQuantile(1))).isEqualTo(7);
      assertThat(found.distance(found.atQuantile(0.34))).isEqualTo(2);
    }
  }

  @Test
  void aSingleTrainingImageHasNoNeighbour() {
    try (PointerScope scope = new PointerScope()) {
      ImageTensor pool =
          new ImageTensor(Tensors.tensor(ScalarType.Float, new float[] {1, 2}, 2, 1));
      Partition partition = Partitions.of(1, 1);
      assertThatThrownBy(
              () -> Neighbours.of(pool, partition, Examples.of(pool, partition, Subset.TRAIN, 1)))
          .hasMessage("a nearest training image needs another training image; got 1 in all");
    }
  }

  /** If images repeat, all of them are candidates; the first one is the result. */
  @Test
  @Timeout(60)
  void thousandsOfEqualImages() {
    try (PointerScope scope = new PointerScope()) {
      int train = 6000;
      float[] images = new float[(train + 20) * D];
      for (int n = 0; n < 20; n++) {
        Arrays.fill(images, (train + n) * D, (train + n + 1) * D, n % 2);
      }
      images[5 * D] = 0.5f; // one training image is not black
      ImageTensor pool = new ImageTensor(Tensors.tensor(ScalarType.Float, images, train + 20, D));
      Partition partition = Partitions.of(train, 20);
      Neighbours found =
          Neighbours.of(pool, partition, Examples.of(pool, partition, Subset.TEST, 20));
      for (int i = 0; i < 20; i++) {
        assertThat(found.row(i)).isEqualTo(i % 2 == 0 ? 0 : 5);
        assertThat(found.distance(i)).isEqualTo(i % 2 == 0 ? 0 : Math.sqrt(D - 1 + 0.25));
      }
    }
  }

  private static double distance(float[] images, int values, int a, int b) {
    double sum = 0;
    for (int j = 0; j < values; j++) {
      double d = (double) images[a * values + j] - images[b * values + j];
      sum += d * d;
    }
    return Math.sqrt(sum);
  }

  private static float[] uniform(int count, long seed) {
    RunRandom random = RunRandom.of(seed, RunRandom.Stream.ORDER, 0);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.uniform(i);
    }
    return values;
  }
}
