package org.ratescope.analysis;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.ratescope.dataset.ImageSource;
import org.ratescope.dataset.Labels;

/**
 * The values of one factor, or of the class, in some rows.
 *
 * @param name the factor
 * @param distinct number of different values
 * @param minimum the smallest; NaN without rows
 * @param maximum the largest; NaN without rows
 * @param counts number of rows of each value, if there are at most {@value #LISTED}; else empty
 * @param texts the names of these values, if they stand for texts
 */
public record FactorSummary(
    String name,
    int distinct,
    double minimum,
    double maximum,
    SortedMap<Double, Integer> counts,
    Map<Double, String> texts) {
  /** The counts of a factor with more values are not informative. */
  private static final int LISTED = 64;

  public FactorSummary {
    counts = Collections.unmodifiableSortedMap(new TreeMap<>(counts));
    texts = Map.copyOf(texts);
  }

  /** The facts about each factor of a source, in the order of its labels. */
  static List<FactorSummary> of(ImageSource source, int[] rows) {
    List<String> names = source.factorNames();
    List<SortedMap<Double, Integer>> counts = new ArrayList<>();
    names.forEach(name -> counts.add(new TreeMap<>()));
    for (int row : rows) {
      double[] factors = source.factors(row);
      for (int f = 0; f < factors.length; f++) {
        counts.get(f).merge(factors[f], 1, Integer::sum);
      }
    }
    List<FactorSummary> facts = new ArrayList<>();
    for (int f = 0; f < names.size(); f++) {
      facts.add(of(source, f, counts.get(f)));
    }
    return facts;
  }

  private static FactorSummary of(
      ImageSource source, int factor, SortedMap<Double, Integer> counts) {
    SortedMap<Double, Integer> listed = counts.size() <= LISTED ? counts : new TreeMap<>();
    Map<Double, String> texts = new LinkedHashMap<>();
    for (double value : counts.keySet()) {
      String text = source.factorText(factor, value);
      if (!text.equals(Labels.text(value))) {
        texts.put(value, text);
      }
    }
    return new FactorSummary(
        source.factorNames().get(factor),
        counts.size(),
        counts.isEmpty() ? Double.NaN : counts.firstKey(),
        counts.isEmpty() ? Double.NaN : counts.lastKey(),
        listed,
        texts);
  }

  /** The facts under the names that the command line prints, in a fixed order. */
  Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", name);
    fields.put("distinct", distinct);
    fields.put("minimum", minimum);
    fields.put("maximum", maximum);
    if (!counts.isEmpty()) {
      Map<String, Integer> byText = new LinkedHashMap<>();
      counts.forEach(
          (value, count) -> byText.put(texts.getOrDefault(value, Labels.text(value)), count));
      fields.put("counts", byText);
    }
    return fields;
  }
}
