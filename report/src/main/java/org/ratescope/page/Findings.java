package org.ratescope.page;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.ratescope.answer.AnswerText;
import org.ratescope.sql.DisplayNames;
import org.ratescope.sql.QueryException;
import org.ratescope.sql.QueryResult;
import org.ratescope.sql.Records;
import org.ratescope.statistic.CurveMinimum;
import org.ratescope.statistic.Restarts;
import org.ratescope.statistic.StudentT;

/**
 * The results in a study's records, in sentences computed only from them.
 *
 * @param sentences plain text, in reading order
 */
public record Findings(List<String> sentences) {
  public Findings {
    sentences = List.copyOf(sentences);
  }

  private static final double LEVEL = 0.05;

  private static final String NOTE =
      """
      <p class="note">Computed from the records. Distortion and rate are in nats per example, ± is one standard \
      deviation over restarts (runs that differ only in the seed). A U is a curve of test distortion over β with a \
      minimum inside the grid; p is that of Student's two-sided t test between the restarts at the minimum and at the \
      smallest β, without correction for the choice of the minimum, which the table above has.</p>
      """;

  /** The findings of the runs that have records, with a message if there are none. */
  public static Findings of(Records records) {
    List<Curve> curves = Curve.of(records);
    List<String> sentences = new ArrayList<>();
    curves.forEach(curve -> sentences.add(valley(curve) + " " + bestElbo(curve)));
    sentences.addAll(comparisons(curves));
    if (curves.isEmpty()) {
      sentences.add("No finished run has a test distortion and a rate yet.");
    }
    sentences.add(outcomes(records));
    return new Findings(sentences);
  }

  /**
   * The number of runs by outcome, without sentences about curves: for suites, which have claims.
   */
  static Findings ofOutcomes(Records records) {
    return new Findings(List.of(outcomes(records)));
  }

  /** The sentences as a list, with a note on the method if they are about curves. */
  String html() {
    String items =
        sentences.stream()
            .map(sentence -> "<li>" + Page.escape(sentence) + "</li>")
            .collect(Collectors.joining("\n"));
    return "<ul>" + items + "</ul>" + (sentences.size() > 1 ? NOTE : "");
  }

  /** All sentences, one on each line. */
  public String text() {
    return String.join("\n", sentences);
  }

  private static String valley(Curve curve) {
    CurveMinimum valley = CurveMinimum.of(curve.distortion());
    Restarts lowest = valley.lowest();
    String start =
        "%s, %s: test distortion is lowest at β = %s (%s)"
            .formatted(curve.split(), curve.model(), beta(lowest), value(lowest));
    if (curve.distortion().size() == 1) {
      return start + ", the only β with a finished run.";
    }
    if (!curve.hasConverged()) {
      return start
          + ", but the training loss still fell by %s nats in a tenth of the updates: no verdict about a U."
              .formatted(AnswerText.nats(curve.fall()));
    }
    return switch (valley.verdict()) {
      case FALLS_TO_SMALLEST ->
          start + ", the smallest β of the grid: no minimum inside the grid (no U).";
      case AT_LARGEST -> start + ", the largest β of the grid: no minimum inside the grid (no U).";
      case TOO_FEW_RESTARTS ->
          start
              + rise(valley)
              + ". There are too few restarts to distinguish a U from their spread.";
      case INTERIOR ->
          start
              + rise(valley)
              + " ("
              + test(valley)
              + (pValue(valley) <= LEVEL
                  ? "): a U."
                  : "): a U is not distinguishable from the spread over restarts.");
    };
  }

  private static double pValue(CurveMinimum valley) {
    return 2 * new StudentT(valley.freedom()).above(valley.t());
  }

  private static String rise(CurveMinimum valley) {
    return String.format(
        Locale.ROOT,
        ", inside the grid, and rises by %.2f nats to β = %s",
        valley.rise(),
        beta(valley.smallest()));
  }

  private static String test(CurveMinimum valley) {
    if (Double.isInfinite(valley.deviations())) {
      return "the restarts do not differ at all";
    }
    return String.format(
        Locale.ROOT,
        "t = %.1f, %d degrees of freedom, %s",
        valley.t(),
        valley.freedom(),
        AnswerText.pValue(pValue(valley)));
  }

  /** The model with the lowest mean test distortion for each split: one test set. */
  private static List<String> comparisons(List<Curve> curves) {
    Map<String, List<Curve>> bySplit = new LinkedHashMap<>();
    curves.forEach(c -> bySplit.computeIfAbsent(c.split(), s -> new ArrayList<>()).add(c));
    List<String> sentences = new ArrayList<>();
    bySplit.forEach(
        (split, models) -> {
          if (models.size() > 1) {
            sentences.add(
                models.stream().allMatch(Curve::hasConverged)
                    ? comparison(split, models)
                    : "%s: models are not compared, since some had not converged."
                        .formatted(split));
          }
        });
    return sentences;
  }

  private static String comparison(String split, List<Curve> models) {
    List<Curve> ranked =
        models.stream().sorted(Comparator.comparingDouble(Findings::lowest)).toList();
    Curve best = ranked.get(0);
    Curve second = ranked.get(1);
    return String.format(
        Locale.ROOT,
        "%s: %s has the lowest mean test distortion, %.2f nats below that of %s.",
        split,
        best.model(),
        lowest(second) - lowest(best),
        second.model());
  }

  private static double lowest(Curve curve) {
    return CurveMinimum.of(curve.distortion()).lowest().mean();
  }

  private static String bestElbo(Curve curve) {
    Restarts highest = Collections.max(curve.elbo(), Comparator.comparingDouble(Restarts::mean));
    return "The test ELBO, −D − R, is best at β = %s (%s)."
        .formatted(beta(highest), value(highest));
  }

  private static String outcomes(Records records) {
    Map<String, Long> counts = counts(records);
    long all = counts.values().stream().mapToLong(n -> n).sum();
    List<String> lost =
        List.of("missing", "diverged", "failed").stream()
            .filter(counts::containsKey)
            .map(outcome -> counts.get(outcome) + " " + outcome)
            .toList();
    String runs = DisplayNames.plural(all, "run");
    return lost.isEmpty()
        ? "%s, all finished.".formatted(runs)
        : "%s: %s. These are not part of the means.".formatted(runs, String.join(", ", lost));
  }

  private static Map<String, Long> counts(Records records) {
    try {
      QueryResult table = records.query("select outcome, count(*) as n from runs group by outcome");
      Map<String, Long> counts = new LinkedHashMap<>();
      table.rows().forEach(row -> counts.put((String) row.get(0), (Long) row.get(1)));
      return counts;
    } catch (QueryException e) {
      throw new IllegalStateException("a query of our own is wrong", e);
    }
  }

  private static String beta(Restarts sample) {
    return DisplayNames.number(sample.beta());
  }

  private static String value(Restarts sample) {
    double mean = sample.mean();
    String text =
        sample.size() == 1
            ? String.format(Locale.ROOT, "%.2f nats, 1 restart", mean)
            : String.format(
                Locale.ROOT,
                "%.2f ± %.2f nats, %d restarts",
                mean,
                sample.standardDeviation(),
                sample.size());
    return text.replace('-', '−');
  }
}
