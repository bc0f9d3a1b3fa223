package org.ratescope.claim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.ratescope.io.Resources;
import org.ratescope.sql.QueryException;
import org.ratescope.sql.Records;
import org.ratescope.statistic.NotEnoughRuns;

/**
 * In which direction training moves the effects of a claim: they are computed again from the
 * learning curves at their ends and three quarters of the way, in place of the estimates of
 * distortion, rate and ELBO. Both have the same images and the same noise, so that the difference
 * is what training changed.
 */
final class TrainingDirection {
  private static final double EARLIER = 0.75;

  /** A smaller change, as a share of the larger value, is none. */
  private static final double SMALL = 0.05;

  private TrainingDirection() {}

  /**
   * A sentence on the last quarter of training; nothing if a run on which the verdict rests has no
   * learning curve, or the claim no effects.
   *
   * @param evidence what the claim was judged by
   */
  static Optional<String> of(Claim.Test test, Records records, Evidence evidence)
      throws QueryException {
    Map<Double, Map<String, Double>> found = at(List.of(EARLIER, 1.0), test, records, evidence);
    Map<String, Double> before = found.getOrDefault(EARLIER, Map.of());
    return before.isEmpty()
        ? Optional.empty()
        : Optional.of(sentence(before, Objects.requireNonNull(found.get(1.0))));
  }

  /**
   * The effects with the losses of the curves at shares of the updates; nothing if a run on which
   * the verdict rests has no learning curve.
   */
  static Map<Double, Map<String, Double>> at(
      List<Double> shares, Claim.Test test, Records records, Evidence evidence)
      throws QueryException {
    Map<Double, Map<String, Double>> found = new LinkedHashMap<>();
    if (haveCurves(records, evidence)) {
      try {
        for (double share : shares) {
          found.put(share, at(share, test, records));
        }
      } catch (NotEnoughRuns e) {
        return Map.of();
      }
    }
    return found;
  }

  /** Whether each run has points at its end and before. */
  private static boolean haveCurves(Records records, Evidence evidence) throws QueryException {
    int runs = evidence.runs().size();
    String sql = sql("curves-of.sql", "${runs}", evidence.listedRuns()).getFirst();
    return runs > 0 && records.query(sql).rows().size() == runs;
  }

  /** The effects with the losses of the curves at a share of the updates. */
  private static Map<String, Double> at(double share, Claim.Test test, Records records)
      throws NotEnoughRuns, QueryException {
    try {
      for (String statement : sql("curves-in.sql", "${share}", String.valueOf(share))) {
        records.query(statement);
      }
      return test.effects(new Evidence(records));
    } finally {
      for (String statement : sql("curves-out.sql", "${share}", String.valueOf(share))) {
        records.query(statement);
      }
    }
  }

  private static List<String> sql(String file, String parameter, String value) {
    String text = Resources.text(TrainingDirection.class, file).replace(parameter, value);
    return List.of(text.split(";\\s*"));
  }

  static String sentence(Map<String, Double> before, Map<String, Double> after) {
    Map<String, List<String>> groups = new LinkedHashMap<>();
    before.forEach(
        (name, old) -> {
          double now = Objects.requireNonNull(after.get(name));
          groups
              .computeIfAbsent(word(old, now), w -> new ArrayList<>())
              .add(change(name, old, now));
        });
    String changes =
        groups.values().stream().flatMap(List::stream).collect(Collectors.joining(", "));
    return "In the last quarter of training " + changes + ": " + conclusion(groups.keySet());
  }

  private static String change(String name, double before, double after) {
    return Claim.withMinus(
        String.format(
            Locale.ROOT,
            "the %s %s (%.2f, then %.2f nats)",
            name,
            switch (word(before, after)) {
              case "favours" -> String.format(Locale.ROOT, "grew by %.2f", after - before);
              case "weakens" -> String.format(Locale.ROOT, "shrank by %.2f", before - after);
              default -> "hardly changed";
            },
            before,
            after));
  }

  private static String word(double before, double after) {
    double change = after - before;
    if (!(Math.abs(change) > SMALL * Math.max(Math.abs(before), Math.abs(after)))) {
      return "neither";
    }
    return change > 0 ? "favours" : "weakens";
  }

  private static String conclusion(Set<String> words) {
    boolean favours = words.contains("favours");
    boolean weakens = words.contains("weakens");
    if (favours && weakens) {
      return "more training favours one part of the claim and weakens another";
    }
    return favours || weakens
        ? "more training " + (favours ? "favours" : "weakens") + " the claim"
        : "more training hardly moves the claim";
  }
}
