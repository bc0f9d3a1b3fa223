package org.ratescope.dataset.source;

import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.ratescope.dataset.Labels;
import org.ratescope.dataset.format.FormatException;
import org.ratescope.dataset.format.StoredArray;

/**
 * Labels in an array, [N] or [N, FACTORS]. Numbers are kept; texts, and whole numbers that a double
 * cannot tell apart, become the numbers 0, 1, … in their order, which are called what the file has.
 */
final class LabelTable {
  private static final double EXACT = 0x1p53;
  private static final int MOST_FACTORS = 1 << 12;

  private LabelTable() {}

  /**
   * The labels of the user's images: one column is the factor {@code class}, more are factors.
   *
   * @param rows number of images
   * @throws FormatException if they are not as many, or a label is not finite, or a class is no
   *     whole number
   */
  static Labels read(StoredArray table, int rows) throws IOException {
    FormatException.require(
        table.shape().size() <= 2 && table.size(0) == rows,
        table.where(),
        "labels of shape %s; expected [%d] or [%d, FACTORS]".formatted(table.shape(), rows, rows));
    FormatException.require(
        table.size(1) <= MOST_FACTORS,
        table.where(),
        "labels of shape %s; expected at most %d factors".formatted(table.shape(), MOST_FACTORS));
    int factors = (int) table.size(1);
    List<String> names =
        factors == 1
            ? List.of(Labels.CLASS)
            : IntStream.range(0, factors).mapToObj(f -> "factor" + f).toList();
    return columns(table, names);
  }

  /**
   * The labels in an array with a column for each of those factors.
   *
   * @throws FormatException if a label is not finite, or the only factor's is no whole number
   */
  static Labels columns(StoredArray table, List<String> names) throws IOException {
    int factors = names.size();
    int rows = (int) table.size(0);
    if (table.element().isText()) {
      return ofTexts(names, table.texts(), Comparator.naturalOrder());
    }
    double[] values = values(table, names);
    if (table.element().exceedsDouble()
        && Arrays.stream(values).anyMatch(v -> Math.abs(v) >= EXACT)) {
      return ofTexts(names, table.texts(), Comparator.comparing(BigInteger::new));
    }
    for (int row = 0; factors == 1 && row < rows; row++) {
      FormatException.require(
          values[row] == Math.rint(values[row]),
          table.where(),
          "label %s of row %d; expected a whole number or a text for each image, or [%d, FACTORS]"
                  .formatted(values[row], row, rows)
              + " with two factors or more");
    }
    return Labels.of(names, values);
  }

  /**
   * The numbers of an array with a column for each of those factors.
   *
   * @throws FormatException if one is not finite
   */
  static double[] values(StoredArray table, List<String> names) throws IOException {
    FormatException.require(
        !table.element().isText(),
        table.where(),
        "labels that are texts; expected numbers: texts are read from the only array of labels of a"
            + " set in one part");
    double[] values = table.values();
    for (int i = 0; i < values.length; i++) {
      FormatException.require(
          Double.isFinite(values[i]),
          table.where(),
          "label %s of row %d, %s; expected a finite number"
              .formatted(values[i], i / names.size(), names.get(i % names.size())));
    }
    return values;
  }

  private static Labels ofTexts(List<String> names, List<String> texts, Comparator<String> order) {
    int factors = names.size();
    List<Labels.Column> columns = new ArrayList<>();
    for (int f = 0; f < factors; f++) {
      int first = f;
      List<String> column =
          IntStream.range(0, texts.size() / factors)
              .mapToObj(row -> texts.get(row * factors + first))
              .toList();
      List<String> different = column.stream().distinct().sorted(order).toList();
      Map<String, Integer> numbers = new HashMap<>();
      different.forEach(text -> numbers.put(text, numbers.size()));
      double[] values =
          column.stream().mapToDouble(text -> numbers.getOrDefault(text, 0)).toArray();
      columns.add(new Labels.Column(names.get(f), values, different));
    }
    return Labels.of(columns);
  }
}
