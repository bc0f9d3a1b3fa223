package org.ratescope.dataset.tetromino;

/**
 * Points with continuous factors, on which the splits of section 4.2 are defined: the Tetrominoes'
 * five factors, or a plane of two.
 */
interface FactorPoints {

  /** Number of points. */
  int size();

  /** Number of factors. */
  int factors();

  /** The interval of a factor. */
  FactorAxis axis(int factor);

  /** A point's coordinate in one factor, inside its interval. */
  double coordinate(int point, int factor);

  /**
   * The position of a point in the random order that the default and constant-volume splits use.
   */
  int rank(int point);
}
