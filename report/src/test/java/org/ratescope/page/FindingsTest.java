package org.ratescope.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.answer.Answer;
import org.ratescope.answer.AnswerVerdict;
import org.ratescope.answer.RateComparison;
import org.ratescope.figure.Generated;
import org.ratescope.results.Outcome;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Subset;
import org.ratescope.sql.Records;
import org.ratescope.statistic.CurveMinimum;
import org.ratescope.statistic.CurveMinimum.Verdict;
import org.ratescope.statistic.Restarts;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;

/** Findings and their statistics. All numbers are made up. */
class FindingsTest {
  @TempDir Path folder;

  private static Restarts at(double beta, double... values) {
    return new Restarts(beta, Arrays.stream(values).boxed().toList());
  }

  @Test
  void comparesTheRiseWithThePooledSpread() {
    CurveMinimum valley = CurveMinimum.of(List.of(at(1, 9, 11), at(0.1, 4, 6), at(0.01, 6, 10)));
    assertThat(valley.lowest().beta()).isEqualTo(0.1);
    assertThat(valley.rise()).isEqualTo(3);
    // Sums of squares 2 and 8, 2 degrees of freedom: pooled variance 5.
    assertThat(valley.deviations()).isCloseTo(3 / Math.sqrt(5), within(1e-12));
    assertThat(valley.t()).isCloseTo(3 / Math.sqrt(5), within(1e-12));
    assertThat(valley.freedom()).isEqualTo(2);
    assertThat(valley.verdict()).isEqualTo(Verdict.INTERIOR);
  }

  @Test
  void tCountsTheRestarts() {
    CurveMinimum valley = CurveMinimum.of(List.of(at(1, 9), at(0.1, 4, 5, 6), at(0.01, 9, 10, 11)));
    assertThat(valley.deviations()).isCloseTo(5, within(1e-12));
    assertThat(valley.t()).isCloseTo(5 / Math.sqrt(2.0 / 3), within(1e-12));
    assertThat(valley.freedom()).isEqualTo(4);
    assertThat(valley.verdict()).isEqualTo(Verdict.INTERIOR);
  }

  @Test
  void reportsThatThereIsNoU() {
    assertThat(CurveMinimum.of(List.of(at(0.01, 1, 2), at(0.1, 4, 5), at(1, 6, 7))).verdict())
        .isEqualTo(Verdict.FALLS_TO_SMALLEST);
    assertThat(CurveMinimum.of(List.of(at(0.01, 8, 9), at(0.1, 4, 5), at(1, 1, 2))).verdict())
        .isEqualTo(Verdict.AT_LARGEST);
    assertThat(CurveMinimum.of(List.of(at(0.01, 8), at(0.1, 4), at(1, 9))).verdict())
        .isEqualTo(Verdict.TOO_FEW_RESTARTS);
    assertThat(CurveMinimum.of(List.of(at(0.01, 8, 8), at(0.1, 4, 4), at(1, 9, 9))).verdict())
        .as("restarts that do not differ")
        .isEqualTo(Verdict.INTERIOR);
  }

  private Findings findings(Study study) throws IOException {
    try (Records records = Records.open(Suite.of(study), RecordStore.at(folder))) {
      return Findings.of(records);
    }
  }

  @Test
  void describesTheCurves() throws IOException {
    Study study = Generated.small(3);
    RecordStore store = Generated.write(study, RecordStore.at(folder));
    List<RunSpec> runs = study.runs();
    store.write(Generated.ended(runs.get(3), new Outcome.Diverged(77)));
    Files.delete(store.recordFile(runs.get(6).id()));
    Findings findings = findings(study);
    // The sparse split's shallow runs: indices 36 to 53, three restarts for each of six betas.
    Restarts smallest = sample(runs.subList(36, 39));
    Restarts lowest = sample(runs.subList(39, 42));
    double rise = smallest.mean() - lowest.mean();
    double pooled =
        Math.sqrt(
            (Math.pow(smallest.standardDeviation(), 2) + Math.pow(lowest.standardDeviation(), 2))
                / 2);
    assertThat(findings.sentences().get(2))
        .startsWith("CV (8k/156k), 1-layer MLP (256 units): test distortion is lowest at β = 0.01")
        .contains(
            String.format(
                Locale.ROOT,
                "(%.2f ± %.2f nats, 3 restarts), inside the grid, and rises by %.2f nats to β ="
                    + " 0.001 (t = %.1f, 4 degrees of freedom, p ",
                lowest.mean(),
                lowest.standardDeviation(),
                rise,
                rise / pooled / Math.sqrt(2.0 / 3)))
        .contains("): a U.")
        .contains("The test ELBO, −D − R, is best at β = 0.5 (−");
    assertThat(findings.sentences().get(3))
        .contains("3-layer", "lowest at β = 0.001", "no minimum inside the grid (no U)");
    assertThat(findings.text())
        .contains("CV (8k/156k): 3-layer MLP", " has the lowest mean test distortion, ")
        .doesNotContain("Over all splits") // their test sets differ
        .endsWith("72 runs: 1 missing, 1 diverged. These are not part of the means.");
  }

  private static Restarts sample(List<RunSpec> runs) {
    return new Restarts(
        runs.getFirst().objective().betaKl(),
        runs.stream().map(run -> Generated.distortion(run, Subset.TEST)).toList());
  }

  @Test
  void reportsTooFewRestarts() throws IOException {
    Study study = Generated.small(1);
    Generated.write(study, RecordStore.at(folder));
    assertThat(findings(study).sentences().get(2))
        .contains("1 restart", "too few restarts to distinguish a U from their spread")
        .doesNotContain("NaN");
  }

  @Test
  void curvesThatHaveNotConvergedAreNotJudged() throws IOException {
    Study study = Generated.small(2);
    RecordStore store = Generated.write(study, RecordStore.at(folder));
    for (RunSpec run : study.runs()) {
      if (run.architecture().layers() == 3) {
        store.write(Generated.falling(run, 8));
      }
    }
    assertThat(findings(study).sentences())
        .element(1)
        .asString()
        .contains("the training loss still fell by 7.9", "no verdict about a U");
    assertThat(findings(study).text())
        .contains("CV (8k/156k): models are not compared, since some had not converged.");
    try (Records records = Records.open(Suite.of(study), store)) {
      Answer answer = Answer.of(records);
      assertThat(answer.comparisons())
          .extracting(RateComparison::verdict)
          .containsExactly(
              AnswerVerdict.HURTS,
              AnswerVerdict.NOT_CONVERGED,
              AnswerVerdict.HELPS,
              AnswerVerdict.NOT_CONVERGED);
      assertThat(answer.comparisons().getLast().split())
          .isEqualTo("CV (8,192 train / 155,648 test)");
      String html =
          new AnswerSection(answer, Curve.of(records), Findings.of(records), Optional.empty())
              .section()
              .html();
      assertThat(html)
          .contains("Distrust 2 of 4 curves: not converged.")
          .contains("3-layer MLP (256 units) on CV (8k/156k) (7.")
          .contains("<details><summary>Detailed findings</summary>");
    }
  }

  @Test
  void reportsThatNoRunHasFinished() throws IOException {
    assertThat(findings(Generated.small(2)).sentences())
        .containsExactly(
            "No finished run has a test distortion and a rate yet.",
            "48 runs: 48 missing. These are not part of the means.");
  }
}
