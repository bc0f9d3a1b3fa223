package org.ratescope.claim;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.ratescope.sql.QueryException;
import org.ratescope.sql.Records;
import org.ratescope.statistic.NotEnoughRuns;
import org.ratescope.study.Suite;

/**
 * How training moves the effects of claims: the table {@code claim_effects}, from which the figure
 * of that name draws each number against the updates.
 */
public final class ClaimEffects {
  /** Shares of the updates; learning curves have about twenty points. */
  private static final List<Double> SHARES = List.of(0.05, 0.1, 0.15, 0.25, 0.35, 0.5, 0.75, 1.0);

  private ClaimEffects() {}

  /**
   * Has the table filled when a query first names it.
   *
   * @param folder the folder {@code claims} beside the study file, see {@link Claims#of}
   */
  public static void offer(Path folder, Suite suite, Records records) {
    records.offer("claim_effects", () -> fill(claims(folder, suite), records));
  }

  private static List<Claim> claims(Path folder, Suite suite) {
    try {
      return Claims.of(folder, suite);
    } catch (IOException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  static void fill(List<Claim> claims, Records records) {
    for (int i = 0; i < claims.size(); i++) {
      fill(claims.get(i), i, records);
    }
  }

  private static void fill(Claim claim, int index, Records records) {
    records.choose(claim.studies());
    try {
      Evidence evidence = new Evidence(records);
      boolean holds = claim.test().judge(evidence).holds();
      Verdict.Outcome outcome = Verdict.Outcome.of(evidence.untrained().isEmpty(), holds);
      Map<Double, Map<String, Double>> found =
          TrainingDirection.at(SHARES, claim.test(), records, evidence);
      if (found.values().stream().anyMatch(effects -> !effects.isEmpty())) {
        double updates = updates(evidence, records);
        for (Map.Entry<Double, Map<String, Double>> moment : found.entrySet()) {
          for (Map.Entry<String, Double> effect : moment.getValue().entrySet()) {
            records.query(
                String.format(
                    Locale.ROOT,
                    "insert into claim_effects values (%s, %d, %s, %s, %s, %s, '%s'::double)",
                    Records.quoted(claim.id()),
                    index,
                    Records.quoted(outcome.text()),
                    Records.quoted(effect.getKey()),
                    moment.getKey(),
                    updates * moment.getKey(),
                    effect.getValue()));
          }
        }
      }
    } catch (NotEnoughRuns e) {
      return; // nothing to draw
    } catch (QueryException e) {
      throw new IllegalArgumentException(
          "claim %s cannot be judged: %s".formatted(claim.id(), e.getMessage()), e);
    }
  }

  private static double updates(Evidence evidence, Records records) throws QueryException {
    return ((Number)
            Objects.requireNonNull(
                records
                    .query(
                        "select max(step) as step from learning_curves where run in (%s)"
                            .formatted(evidence.listedRuns()))
                    .value(0, "step")))
        .doubleValue();
  }
}
