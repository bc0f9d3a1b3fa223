package org.ratescope.dataset;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * The labels of a data set's rows: values of some factors. A factor with the name {@code class} is
 * the class of the image.
 */
public final class Labels {
  /** The factor for {@code heldout} splits. */
  public static final String CLASS = "class";

  /** All whole numbers below it are exact as doubles. */
  private static final double EXACT = 0x1p53;

  private final int rows;
  private final List<String> names;
  private final double[][] values; // for each factor its distinct values, increasing
  private final int[][] indices; // for each factor, each row's index in them

  private final List<List<String>> texts; // for each factor the names of its values 0, 1, …

  private Labels(
      int rows, List<String> names, double[][] values, int[][] indices, List<List<String>> texts) {
    this.rows = rows;
    this.names = names;
    this.values = values;
    this.indices = indices;
    this.texts = texts;
  }

  /**
   * A factor of all rows.
   *
   * @param name its name
   * @param values the value of each row
   * @param texts the names of the values 0, 1, …; empty if they are plain numbers
   */
  @SuppressWarnings("ArrayRecordComponent") // a column is passed on, never compared
  public record Column(String name, double[] values, List<String> texts) {
    public Column {
      texts = List.copyOf(texts);
    }
  }

  /** Rows without labels. */
  public static Labels none(int rows) {
    return new Labels(rows, List.of(), new double[0][], new int[0][], List.of());
  }

  /**
   * Labels of that many factors.
   *
   * @param names their names
   * @param table the values of each row, row by row
   * @throws IllegalArgumentException if the table is not rectangular or contains a NaN
   */
  public static Labels of(List<String> names, double[] table) {
    int factors = names.size();
    int rows = table.length / factors;
    if (table.length != rows * factors) {
      throw new IllegalArgumentException(
          "labels: got %d values; expected %d for each row".formatted(table.length, factors));
    }
    List<Column> columns = new ArrayList<>();
    for (int f = 0; f < factors; f++) {
      double[] column = new double[rows];
      for (int row = 0; row < rows; row++) {
        column[row] = table[row * factors + f];
      }
      columns.add(new Column(names.get(f), column, List.of()));
    }
    return of(columns);
  }

  /**
   * Labels of these factors, at least one, with equally many rows.
   *
   * @throws IllegalArgumentException if a value is NaN
   */
  public static Labels of(List<Column> columns) {
    int factors = columns.size();
    int rows = columns.getFirst().values().length;
    double[][] values = new double[factors][];
    int[][] indices = new int[factors][rows];
    for (int f = 0; f < factors; f++) {
      double[] column = columns.get(f).values();
      for (int row = 0; row < rows; row++) {
        if (Double.isNaN(column[row])) {
          throw new IllegalArgumentException(
              "label in row %d of factor %s: got NaN; expected a number"
                  .formatted(row, columns.get(f).name()));
        }
      }
      values[f] = Arrays.stream(column).map(v -> v + 0.0).distinct().sorted().toArray();
      for (int row = 0; row < rows; row++) {
        indices[f][row] = Arrays.binarySearch(values[f], column[row] + 0.0); // never -0.0
      }
    }
    return new Labels(
        rows,
        columns.stream().map(Column::name).toList(),
        values,
        indices,
        columns.stream().map(Column::texts).toList());
  }

  /** Number of rows. */
  public int rows() {
    return rows;
  }

  /** Names of the factors. */
  public List<String> names() {
    return names;
  }

  /** The values of a row, in a new array. */
  public double[] of(int row) {
    Objects.checkIndex(row, rows);
    double[] label = new double[names.size()];
    Arrays.setAll(label, f -> values[f][indices[f][row]]);
    return label;
  }

  /** Whether the values of a factor stand for texts. */
  public boolean named(int factor) {
    return !texts.get(factor).isEmpty();
  }

  /** The name of a value of a factor: the text that it stands for, or the number. */
  public String text(int factor, double value) {
    List<String> known = texts.get(factor);
    return value >= 0 && value < known.size() && value == Math.rint(value)
        ? known.get((int) value)
        : text(value);
  }

  /** A number in the form of splits and descriptions. */
  public static String text(double value) {
    return value == Math.rint(value) && Math.abs(value) < EXACT
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  /** The different values of a factor, increasing, in a new array. */
  public double[] values(int factor) {
    return values[factor].clone();
  }

  /** The number of different values of a factor. */
  public int count(int factor) {
    return values[factor].length;
  }

  /** The position of a row's value among the different values of the factor. */
  public int index(int row, int factor) {
    return indices[factor][row];
  }
}
