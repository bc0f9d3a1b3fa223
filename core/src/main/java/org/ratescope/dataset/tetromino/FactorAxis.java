package org.ratescope.dataset.tetromino;

/**
 * One stratified factor: the interval [low, high) in equal bins.
 *
 * @param low lower limit
 * @param high upper limit
 * @param bins number of bins
 */
record FactorAxis(double low, double high, int bins) {

  /** The value at the fraction {@code u} of a bin; operations in the generator's order. */
  double value(int bin, double u) {
    double step = (high - low) / bins;
    return (bin * step + low) + u * step;
  }

  /** The checkerboard's cell of a value, counted from 0 at the lower limit. */
  int cell(double value, int cells) {
    double width = (high + 1e-9 - low) / 1 / cells;
    return (int) ((value - low) / width);
  }

  /** Whether a value lies in the centred part of the interval that has the share {@code side}. */
  boolean contains(double value, double side) {
    double margin = (high - low) * (1 - side) / 2;
    return low + margin <= value && value < high - margin;
  }
}
