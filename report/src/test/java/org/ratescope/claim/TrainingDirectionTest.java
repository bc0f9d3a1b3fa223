package org.ratescope.claim;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.claim.Verdict.Outcome;
import org.ratescope.figure.GeneratedPaper;
import org.ratescope.figure.MadeNumbers;
import org.ratescope.figure.MadeRun;
import org.ratescope.sql.QueryException;
import org.ratescope.sql.Records;

/** The direction of a claim's effects, from learning curves that are made up. */
class TrainingDirectionTest {
  private static final String SAID = "In the last quarter of training ";

  @TempDir Path folder;

  private Records open(List<MadeRun> runs) throws Exception {
    Records records = GeneratedPaper.open(folder, runs, MadeNumbers.PAPER);
    records.query("update runs set convergence = 'still falling'");
    records.choose(List.of());
    return records;
  }

  /** The MLPs of rd on the sparse split. */
  private static List<MadeRun> sparse() {
    return GeneratedPaper.runs(2).stream()
        .filter(run -> run.study().equals("rd") && run.is("cv") && run.family().equals("mlp"))
        .toList();
  }

  /**
   * Curves of 20 points that end at the estimates; before, the test distortion at the smallest β is
   * lower by a number of nats for each point that is still to come.
   */
  private static void addCurves(Records records, double nats) throws QueryException {
    records.query(
        String.format(
            Locale.ROOT,
            """
            insert into learning_curves
            select run, 200 * s, subset, distortion - if(weight = 0.001 and subset = 'test', (20 - s) * %f, 0), rate
            from results, range(0, 21) t(s)
            """,
            nats));
  }

  private static Verdict judged(Records records, String id) {
    Claim claim =
        Claims.all().stream().filter(one -> one.id().equals(id)).findFirst().orElseThrow();
    return Claims.judge(claim, records);
  }

  private static double rise(double less) {
    return mean(0.001) - less - mean(0.01);
  }

  private static double mean(double beta) {
    return sparse().stream()
        .filter(run -> run.split().equals("cv:0.1") && run.layers() == 1 && run.weight() == beta)
        .mapToDouble(run -> MadeNumbers.PAPER.of(run, "distortion", "test"))
        .average()
        .orElseThrow();
  }

  /** Five of the twenty points lie in the last quarter. */
  @Test
  void anEffectThatGrewIsFavouredByMoreTraining() throws Exception {
    try (Records records = open(sparse())) {
      addCurves(records, 0.08);
      Verdict verdict = judged(records, "3b");

      assertThat(verdict.outcome()).isEqualTo(Outcome.NOT_TRAINED);
      assertThat(verdict.numbers())
          .contains(
              String.format(
                  Locale.ROOT,
                  SAID
                      + "the rise of the test distortion to the smallest β grew by 0.40 (%.2f, then"
                      + " %.2f nats), the fall of the training distortion hardly changed (",
                  rise(0.4),
                  rise(0)))
          .contains(" nats): more training favours the claim. As far as trained: ");
    }
  }

  @Test
  void anEffectThatShrankIsWeakenedByMoreTraining() throws Exception {
    try (Records records = open(sparse())) {
      addCurves(records, -0.08);
      assertThat(judged(records, "3b").numbers())
          .contains(
              String.format(
                  Locale.ROOT,
                  "smallest β shrank by 0.40 (%.2f, then %.2f nats)",
                  rise(-0.4),
                  rise(0)))
          .contains("more training weakens the claim. As far as trained: ");
    }
  }

  @Test
  void withoutTheCurveOfARunNothingIsSaid() throws Exception {
    try (Records records = open(sparse())) {
      String without = judged(records, "3b").numbers();
      addCurves(records, 0.08);
      records.query(
          "delete from learning_curves where run = (select min(run) from runs where layers = 1 and"
              + " split = 'cv:0.1')");

      assertThat(without).startsWith("12 of 12 runs").doesNotContain(SAID);
      // The curves of the other runs say how they improve, in place of batch losses.
      String trained = without.substring(without.indexOf(". As far as trained: "));
      assertThat(judged(records, "3b").numbers())
          .startsWith("12 of 12 runs are not trained to convergence; a tenth more updates changes")
          .doesNotContain(SAID)
          .endsWith(" nats with the 1-layer MLP (12 runs)" + trained);
      assertThat(judged(records, "3c").numbers()).as("other runs").contains(SAID);
    }
  }

  @Test
  void theEstimatesAreThoseOfTheEndAgain() throws Exception {
    String sum =
        "select name, subset, sum(\"value\"), count(*) from estimates group by all order by all";
    try (Records records = open(sparse())) {
      addCurves(records, 1);
      List<?> before = records.query(sum).rows();
      String judged = judged(records, "3b").numbers();
      assertThat(records.query(sum).rows()).hasToString(before.toString());
      assertThat(judged(records, "3b").numbers()).isEqualTo(judged);
    }
  }

  /** Claims about other numbers have none. */
  @Test
  void eachClaimAboutLossesHasEffects() throws Exception {
    List<String> losses =
        List.of("3a", "3b", "3c", "3d", "4a", "5", "6", "7", "A9", "A16", "A17", "A19", "A23");
    try (Records records = open(GeneratedPaper.runs(2))) {
      for (Claim claim : Claims.all()) {
        records.choose(claim.studies());
        Map<String, Double> effects = new LinkedHashMap<>();
        if (losses.contains(claim.id())) {
          effects.putAll(claim.test().effects(new Evidence(records)));
          assertThat(effects).as(claim.id()).isNotEmpty();
          assertThat(effects.values()).as(claim.id()).allMatch(value -> value > 0);
        } else if (claim.test() instanceof FormulaJudge judge) {
          assertThat(judge.effects()).as(claim.id()).isEmpty();
        }
      }
    }
  }

  @Test
  void twoEffectsMayMoveInDifferentDirections() {
    Map<String, Double> before = new LinkedHashMap<>();
    before.put("rise", 1.0);
    before.put("fall", 2.0);
    assertThat(TrainingDirection.sentence(before, Map.of("rise", 1.5, "fall", 1.0)))
        .isEqualTo(
            SAID
                + "the rise grew by 0.50 (1.00, then 1.50 nats), the fall shrank by 1.00 (2.00, then"
                + " 1.00 nats): more training favours one part of the claim and weakens another");
    assertThat(TrainingDirection.sentence(before, Map.of("rise", 1.04, "fall", 1.91)))
        .endsWith("more training hardly moves the claim");
  }
}
