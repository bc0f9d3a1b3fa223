package org.ratescope.dataset.tetromino;

import org.ratescope.dataset.Partition;
import org.ratescope.spec.Split;

/**
 * Six hundred points of two factors, one in each cell of a 30×20 grid over the unit square, and
 * their splits, computed by the same code as the splits of the Tetrominoes (Figure 2).
 */
public final class SplitPlane {
  /** Number of points, as in the figure. */
  public static final int SIZE = 600;

  private static final int SEED = 1;

  private final Points points = new Points();
  private final TetrominoSplits splits = new TetrominoSplits(points);

  /** First factor of a point, in [0, 1). */
  public double x(int point) {
    return points.coordinate(point, 0);
  }

  /** Second factor of a point, in [0, 1). */
  public double y(int point) {
    return points.coordinate(point, 1);
  }

  /**
   * The points of a split.
   *
   * @throws IllegalArgumentException if the split is impossible for so few points
   */
  public Partition partition(Split split) {
    return splits.partition(split);
  }

  private static final class Points implements FactorPoints {
    private static final FactorAxis[] AXES = {new FactorAxis(0, 1, 30), new FactorAxis(0, 1, 20)};

    private final double[] uniforms = new double[2 * SIZE]; // [SIZE, 2]
    private final int[] permutation;

    Points() {
      MersenneTwister random = new MersenneTwister(SEED);
      for (int i = 0; i < uniforms.length; i++) {
        uniforms[i] = random.nextDouble();
      }
      permutation = random.permutation(SIZE);
    }

    @Override
    public int size() {
      return SIZE;
    }

    @Override
    public int factors() {
      return AXES.length;
    }

    @Override
    public FactorAxis axis(int factor) {
      return AXES[factor];
    }

    @Override
    public double coordinate(int point, int factor) {
      int bin = factor == 0 ? point / AXES[1].bins() : point % AXES[1].bins();
      return AXES[factor].value(bin, uniforms[2 * point + factor]);
    }

    @Override
    public int rank(int point) {
      return permutation[point];
    }
  }
}
