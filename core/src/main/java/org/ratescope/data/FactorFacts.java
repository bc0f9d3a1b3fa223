package org.ratescope.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The values that one factor, or the class, takes in some rows.
 *
 * @param name the factor
 * @param distinct how many different values
 * @param minimum the smallest; NaN without rows
 * @param maximum the largest; NaN without rows
 * @param counts rows of each value, where there are at most {@value #LISTED}; else empty
 */
public record FactorFacts(
    String name, int distinct, double minimum, double maximum, SortedMap<Double, Integer> counts) {
  /** Of a factor with more values, the counts say little. */
  private static final int LISTED = 64;

  public FactorFacts {
    counts = Collections.unmodifiableSortedMap(new TreeMap<>(counts));
  }

  /** The facts about each factor of a source, in the order of its labels. */
  static List<FactorFacts> of(ImageSource source, int[] rows) {
    List<String> names = source.factorNames();
    List<SortedMap<Double, Integer>> counts = new ArrayList<>();
    names.forEach(name -> counts.add(new TreeMap<>()));
    for (int row : rows) {
      double[] factors = source.factors(row);
      for (int f = 0; f < factors.length; f++) {
        counts.get(f).merge(factors[f], 1, Integer::sum);
      }
    }
    List<FactorFacts> facts = new ArrayList<>();
    for (int f = 0; f < names.size(); f++) {
      facts.add(of(names.get(f), counts.get(f)));
    }
    return facts;
  }

  private static FactorFacts of(String name, SortedMap<Double, Integer> counts) {
    return new FactorFacts(
        name,
        counts.size(),
        counts.isEmpty() ? Double.NaN : counts.firstKey(),
        counts.isEmpty() ? Double.NaN : counts.lastKey(),
        counts.size() <= LISTED ? counts : new TreeMap<>());
  }

  /** The facts under the names the command line prints, in a fixed order. */
  Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", name);
    fields.put("distinct", distinct);
    fields.put("minimum", minimum);
    fields.put("maximum", maximum);
    if (!counts.isEmpty()) {
      Map<String, Integer> byText = new LinkedHashMap<>();
      counts.forEach((value, count) -> byText.put(text(value), count));
      fields.put("counts", byText);
    }
    return fields;
  }

  private static String text(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
