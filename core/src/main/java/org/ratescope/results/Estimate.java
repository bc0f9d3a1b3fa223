package org.ratescope.results;

import java.util.LinkedHashMap;
import java.util.Map;
import org.ratescope.spec.Subset;

/**
 * A number that an estimator computed on the training or the test set, with its standard error over
 * examples.
 *
 * @param name what was estimated: distortion, rate, elbo, …
 * @param subset the training or the test set
 * @param value the mean over examples
 * @param standardError standard error of the mean over the examples used; 0 for a quantity without
 *     sampling
 * @param unit the unit, in most cases {@link #NATS}
 * @param examples how many examples were used
 * @param settings how it was estimated, where there is a choice: samples, proposal, mixture; empty
 *     where there is none
 */
public record Estimate(
    String name,
    Subset subset,
    double value,
    double standardError,
    String unit,
    int examples,
    String settings) {
  /** Nats per example. */
  public static final String NATS = "nats per example";

  /** An estimate without settings. */
  public Estimate(
      String name, Subset subset, double value, double standardError, String unit, int examples) {
    this(name, subset, value, standardError, unit, examples, "");
  }

  /**
   * The name that a study requests to get this value: the part before the first dot. A value whose
   * name has a dot is a detail of that estimate.
   */
  public String requestedName() {
    int dot = name.indexOf('.');
    return dot < 0 ? name : name.substring(0, dot);
  }

  /** The same with those settings. */
  public Estimate settings(String text) {
    return new Estimate(name, subset, value, standardError, unit, examples, text);
  }

  /**
   * The facts under the names that the command line prints, in a fixed order: texts and numbers.
   */
  public Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", name);
    fields.put("subset", subset.text());
    fields.put("value", value);
    fields.put("standardError", standardError);
    fields.put("unit", unit);
    fields.put("examples", examples);
    fields.put("settings", settings);
    return fields;
  }
}
