package org.ratescope.estimate.posterior;

import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.ratescope.spec.Subset;
import org.ratescope.tensor.ImageTensor;
import org.ratescope.tensor.Tensors;

/**
 * Finds the training images that may be the nearest ones, from lower bounds of squared distances,
 * ‖φ(y)‖² − 2 φ(x)·φ(y) + ‖φ(x)‖² in float32, and measures these. φ is a {@link PixelProjection} if
 * that saves work, else the images themselves.
 */
final class NeighbourSearch {
  /** Number of examples for one call of {@link #search}. */
  static final int BLOCK = 512;

  private static final int TRAIN = 4096;

  /** A projection of images with fewer values would not save enough. */
  private static final int FEWEST_VALUES = 2 * PixelProjection.COORDINATES;

  /** A projection costs about as much as this number of products of its coordinates. */
  private static final double PROJECTION = 256;

  private static final double UNIT_ROUNDOFF = 0x1p-24;

  private final ImageTensor pool;
  private final int[] train;
  private final Examples examples;
  private final @Nullable Projected projected;
  private final double roundings;

  /** Coordinates of all training images, [M, COORDINATES]. */
  private record Projected(PixelProjection projection, Tensor coordinates) {}

  private NeighbourSearch(
      ImageTensor pool, int[] train, Examples examples, @Nullable Projected projected) {
    this.pool = pool;
    this.train = train;
    this.examples = examples;
    this.projected = projected;
    int terms = projected == null ? examples.dimensions() : PixelProjection.COORDINATES;
    this.roundings = 8 * UNIT_ROUNDOFF * terms;
  }

  /**
   * A search for these examples. Its tensors belong to the innermost open scope: 512 bytes for each
   * training image where it projects.
   */
  static NeighbourSearch of(ImageTensor pool, int[] train, Examples examples) {
    double pairs = (double) train.length * examples.size();
    boolean saves =
        examples.dimensions() >= FEWEST_VALUES
            && pairs > PROJECTION * (train.length + examples.size());
    return new NeighbourSearch(pool, train, examples, saves ? projected(pool, train) : null);
  }

  private static Projected projected(ImageTensor pool, int[] train) {
    PixelProjection projection = PixelProjection.of(pool, train);
    Tensor all = Tensors.empty(ScalarType.Float, train.length, PixelProjection.COORDINATES);
    for (int from = 0; from < train.length; from += TRAIN) {
      int[] tile = Arrays.copyOfRange(train, from, Math.min(from + TRAIN, train.length));
      try (PointerScope scope = new PointerScope()) {
        projection.coordinates(select(pool, tile), all.narrow(0, from, tile.length));
      }
    }
    return new Projected(projection, all);
  }

  private static Tensor select(ImageTensor pool, int[] rows) {
    return pool.select(Arrays.stream(rows).asLongStream().toArray());
  }

  /** The nearest training images of {@code count} examples from {@code first} on. */
  NearestImage[] search(int first, int count) {
    NearestImage[] found = new NearestImage[count];
    try (PointerScope scope = new PointerScope()) {
      Tensor x = exampleCoordinates(first, count); // [n, C]
      double[] squares = squares(x);
      for (int i = 0; i < count; i++) {
        int row = examples.row(first + i);
        found[i] =
            new NearestImage(
                pool, examples.pool().image(row), examples.subset() == Subset.TRAIN ? row : -1);
      }
      double largest = Arrays.stream(squares).max().orElse(0);
      float[] scores = new float[TRAIN];
      for (int from = 0; from < train.length; from += TRAIN) {
        scan(x, squares, largest, from, Math.min(TRAIN, train.length - from), scores, found);
      }
    }
    for (NearestImage nearest : found) {
      nearest.finish();
    }
    return found;
  }

  private Tensor exampleCoordinates(int first, int count) {
    Tensor images = examples.images(first, count);
    if (projected == null) {
      return images;
    }
    Tensor coordinates = Tensors.empty(ScalarType.Float, count, PixelProjection.COORDINATES);
    projected.projection().coordinates(images, coordinates);
    return coordinates;
  }

  private static double[] squares(Tensor x) {
    try (PointerScope scope = new PointerScope()) {
      return Tensors.doubles(x.mul(x).sum(1L));
    }
  }

  private void scan(
      Tensor x,
      double[] squares,
      double largest,
      int from,
      int length,
      float[] scores,
      NearestImage[] found) {
    try (PointerScope scope = new PointerScope()) {
      int[] tile = Arrays.copyOfRange(train, from, from + length);
      Tensor y =
          projected == null ? select(pool, tile) : projected.coordinates().narrow(0, from, length);
      Tensor norms = y.mul(y).sum(1L);
      Tensor products =
          Tensors.here(torch.addmm(norms, x, y.t(), new Scalar(1.0), new Scalar(-2.0))); // [n, M]
      double norm = norms.max().item_double();
      double rounding = roundings * Math.sqrt(norm) * Math.sqrt(Math.max(largest, norm));
      for (int i = 0; i < found.length; i++) {
        products.data_ptr_float().position((long) i * length).get(scores, 0, length);
        found[i].add(tile, scores, squares[i], rounding);
      }
    }
  }
}
