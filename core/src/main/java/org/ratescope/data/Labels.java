package org.ratescope.data;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * The labels of a data set's rows: values of some factors. A factor with the name {@code class}
 * says what a picture shows.
 */
public final class Labels {
  /** The factor that splits can hold a value of out. */
  public static final String CLASS = "class";

  private final int rows;
  private final List<String> names;
  private final double[][] values; // for each factor its distinct values, increasing
  private final int[][] indices; // for each factor, each row's index in them

  private Labels(int rows, List<String> names, double[][] values, int[][] indices) {
    this.rows = rows;
    this.names = names;
    this.values = values;
    this.indices = indices;
  }

  /** Rows of which nothing is known. */
  public static Labels none(int rows) {
    return new Labels(rows, List.of(), new double[0][], new int[0][]);
  }

  /**
   * Labels of that many factors.
   *
   * @param names their names
   * @param table for each row its values, row by row
   * @throws IllegalArgumentException if the table is not rectangular or holds a NaN
   */
  public static Labels of(List<String> names, double[] table) {
    int factors = names.size();
    int rows = table.length / factors;
    if (table.length != rows * factors) {
      throw new IllegalArgumentException(
          "labels must have %d values a row, came %d in all".formatted(factors, table.length));
    }
    double[][] values = new double[factors][];
    int[][] indices = new int[factors][rows];
    for (int f = 0; f < factors; f++) {
      double[] column = new double[rows];
      for (int row = 0; row < rows; row++) {
        column[row] = table[row * factors + f];
        if (Double.isNaN(column[row])) {
          throw new IllegalArgumentException(
              "a label must be a number, came NaN in row %d, factor %s"
                  .formatted(row, names.get(f)));
        }
      }
      values[f] = Arrays.stream(column).map(v -> v + 0.0).distinct().sorted().toArray();
      for (int row = 0; row < rows; row++) {
        indices[f][row] = Arrays.binarySearch(values[f], column[row] + 0.0); // never -0.0
      }
    }
    return new Labels(rows, List.copyOf(names), values, indices);
  }

  /** Number of rows. */
  public int rows() {
    return rows;
  }

  /** Names of the factors. */
  public List<String> names() {
    return names;
  }

  /** A row's values, in a fresh array. */
  public double[] of(int row) {
    Objects.checkIndex(row, rows);
    double[] label = new double[names.size()];
    Arrays.setAll(label, f -> values[f][indices[f][row]]);
    return label;
  }

  /** The different values of a factor, increasing, in a fresh array. */
  public double[] values(int factor) {
    return values[factor].clone();
  }

  /** The place of a row's value among the factor's different values. */
  public int index(int row, int factor) {
    return indices[factor][row];
  }
}
