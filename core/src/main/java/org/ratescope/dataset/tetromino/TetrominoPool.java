package org.ratescope.dataset.tetromino;

import org.ratescope.spec.data.DataSpec.Preset;

/**
 * The stratified sample of 163,840 points in the five factors, one in each cell of a 16×8×5×16×16
 * grid. Colour is the slowest index, then angle, scale, x, and y the fastest.
 *
 * <p>A point's <em>coordinates</em> are angle (degrees), colour (fraction of a turn), scale (pixels
 * per unit square) and two positions. Under {@link Preset#PUBLISHED} the positions are x and y in
 * pixels; under {@link Preset#PAPER_TEXT} they are fractions in [0, 1) of the range in which the
 * turned piece fits into the picture. Splits are defined on coordinates.
 */
final class TetrominoPool implements FactorPoints {
  static final int SIZE = 163_840;
  static final int FACTORS = 5;
  static final int ANGLE = 0;
  static final int COLOR = 1;
  static final int SCALE = 2;
  static final int X = 3;
  static final int Y = 4;

  private static final int SEED = 1;

  private final FactorAxis[] axes;
  private final double[] uniforms; // [SIZE, FACTORS]
  private final int[] permutation; // [SIZE]

  TetrominoPool(Preset preset) {
    axes = axes(preset);
    MersenneTwister random = new MersenneTwister(SEED);
    uniforms = new double[SIZE * FACTORS];
    for (int i = 0; i < uniforms.length; i++) {
      uniforms[i] = random.nextDouble();
    }
    permutation = random.permutation(SIZE);
  }

  private static FactorAxis[] axes(Preset preset) {
    FactorAxis color = new FactorAxis(0, 0.875, 8);
    FactorAxis scale = new FactorAxis(2, 5, 5);
    return switch (preset) {
      case PUBLISHED -> {
        FactorAxis position = new FactorAxis(8, 23, 16);
        yield new FactorAxis[] {new FactorAxis(0, 337.5, 16), color, scale, position, position};
      }
      case PAPER_TEXT -> {
        FactorAxis position = new FactorAxis(0, 1, 16);
        yield new FactorAxis[] {new FactorAxis(0, 360, 16), color, scale, position, position};
      }
    };
  }

  @Override
  public int size() {
    return SIZE;
  }

  @Override
  public int factors() {
    return FACTORS;
  }

  @Override
  public FactorAxis axis(int factor) {
    return axes[factor];
  }

  @Override
  public double coordinate(int row, int factor) {
    return axes[factor].value(bin(row, factor), uniforms[row * FACTORS + factor]);
  }

  private static int bin(int row, int factor) {
    return switch (factor) {
      case ANGLE -> row / 1280 % 16;
      case COLOR -> row / 20480;
      case SCALE -> row / 256 % 5;
      case X -> row / 16 % 16;
      case Y -> row % 16;
      default -> throw new IndexOutOfBoundsException("factor must be 0 to 4; got " + factor);
    };
  }

  @Override
  public int rank(int row) {
    return permutation[row];
  }
}
