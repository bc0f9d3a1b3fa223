package org.ratescope.claim;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.claim.Verdict.Outcome;
import org.ratescope.figure.Generated;
import org.ratescope.figure.GeneratedPaper;
import org.ratescope.figure.MadeNumbers;
import org.ratescope.figure.MadeRun;
import org.ratescope.results.store.RecordStore;
import org.ratescope.sql.Records;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;

/** Each claim where it holds, where it does not, and where runs are missing. All made up. */
class ClaimsTest {
  private static final List<String> IDS =
      List.of(
          "T2", "A4", "A1", "3a", "3b", "3c", "3d", "4a", "5", "6", "7", "8", "A5", "A8", "A9",
          "A11", "A15", "A16", "A17", "A19", "A23");

  @TempDir Path folder;

  private static void allAre(Outcome outcome, List<Verdict> verdicts) {
    assertThat(verdicts).extracting(v -> v.claim().id()).isEqualTo(IDS);
    assertThat(verdicts.stream().filter(v -> v.outcome() != outcome))
        .extracting(v -> v.claim().id() + ": " + v.numbers())
        .isEmpty();
    assertThat(verdicts)
        .extracting(Verdict::numbers)
        .doesNotContain("")
        .noneMatch(n -> n.contains("NaN"));
  }

  @Test
  void holdWhereTheNumbersAreThePapers() throws Exception {
    List<MadeRun> runs = GeneratedPaper.runs(3);
    try (Records records = GeneratedPaper.open(folder, runs, MadeNumbers.PAPER)) {
      DetailRows.add(records, true);
      List<Verdict> verdicts = Claims.judge(records);
      allAre(Outcome.HOLDS, verdicts);
      double smallest = mean(runs, 0.001);
      double lowest = mean(runs, 0.01);
      assertThat(numbers(verdicts, "3b"))
          .contains(
              String.format(
                  Locale.ROOT,
                  "lowest at β = 0.01 (%.2f nats), rising by %.2f (",
                  lowest,
                  smallest - lowest));
      assertThat(numbers(verdicts, "A19"))
          .startsWith("from the smallest β to the largest the difference changes by −1");
      assertThat(numbers(verdicts, "A8")).isEqualTo("96.00 % of 100 cells");
      assertThat(numbers(verdicts, "T2")).isEqualTo("1 of 1 splits equal");
      assertThat(records.query("select count(distinct set_name) from chosen").rows())
          .as("all studies are chosen again")
          .containsExactly(List.of(5L));
    }
  }

  private static String numbers(List<Verdict> verdicts, String id) {
    return verdicts.get(IDS.indexOf(id)).numbers();
  }

  private static double mean(List<MadeRun> runs, double beta) {
    return runs.stream()
        .filter(run -> run.study().equals("rd") && run.split().equals("cv:0.1"))
        .filter(run -> run.layers() == 1 && run.weight() == beta)
        .mapToDouble(run -> MadeNumbers.PAPER.of(run, "distortion", "test"))
        .average()
        .orElseThrow();
  }

  @Test
  void doNotHoldWhereTheNumbersSayOtherwise() throws Exception {
    try (Records records =
        GeneratedPaper.open(folder, GeneratedPaper.runs(2), new OppositeNumbers())) {
      DetailRows.add(records, false);
      allAre(Outcome.DOES_NOT_HOLD, Claims.judge(records));
    }
  }

  @Test
  void sayWhatIsMissingWithoutRuns() {
    try (Records records = Records.open(Suite.of(Generated.small(1)), RecordStore.at(folder))) {
      List<Verdict> verdicts = Claims.judge(records);
      allAre(Outcome.NOT_ENOUGH_RUNS, verdicts);
      assertThat(numbers(verdicts, "3b"))
          .isEqualTo(
              "distortion of 1-layer MLP, sparse split, train: 0 weights with finished runs, at"
                  + " least 3 are needed");
      assertThat(numbers(verdicts, "A8")).isEqualTo("table latent_plane has no rows");
    }
  }

  @Test
  void oneRestartIsNotEnoughForASpread() throws Exception {
    try (Records records = GeneratedPaper.open(folder, GeneratedPaper.runs(1), MadeNumbers.PAPER)) {
      List<Verdict> verdicts = Claims.judge(records);
      assertThat(verdicts.get(IDS.indexOf("3b")).outcome()).isEqualTo(Outcome.NOT_ENOUGH_RUNS);
      assertThat(numbers(verdicts, "3b")).contains("one restart only");
      assertThat(verdicts.get(IDS.indexOf("A19")).outcome()).isEqualTo(Outcome.NOT_ENOUGH_RUNS);
    }
  }

  /** The null suite: the data are the paper's, the networks have seen a few updates. */
  @Test
  void noClaimAboutTrainingHoldsForUntrainedNetworks() throws Exception {
    try (Records records =
        GeneratedPaper.open(folder, GeneratedPaper.runs(3), new UntrainedNumbers(""))) {
      DetailRows.addUntrained(records);
      List<Verdict> verdicts = Claims.judge(records);
      assertThat(verdicts.stream().filter(v -> v.outcome() == Outcome.HOLDS))
          .extracting(v -> v.claim().id())
          .containsExactly("T2", "A4", "A1");
      assertThat(verdicts).extracting(Verdict::outcome).doesNotContain(Outcome.NOT_ENOUGH_RUNS);
    }
  }

  @Test
  void runsThatStillImproveAreNotJudged() throws Exception {
    try (Records records = GeneratedPaper.open(folder, GeneratedPaper.runs(3), MadeNumbers.PAPER)) {
      DetailRows.add(records, true);
      records.query(
          "update runs set convergence = 'still falling' where layers = 3 and family = 'MLP'");
      records.query(
          """
          insert into trace select run, s * 400, 100 - s * 0.5, 20 + s * 0.1
          from runs, range(11) t(s) where layers = 3 and family = 'MLP'
          """);
      records.choose(List.of());
      List<Verdict> verdicts = Claims.judge(records);
      assertThat(verdicts.get(IDS.indexOf("3b")).outcome()).isEqualTo(Outcome.HOLDS);
      assertThat(verdicts.get(IDS.indexOf("3c")).outcome()).isEqualTo(Outcome.NOT_TRAINED);
      assertThat(numbers(verdicts, "3c"))
          .startsWith(
              "18 of 18 runs are not trained to convergence; a tenth more updates changes training"
                  + " distortion and rate by −0.50 and +0.10 nats with the 3-layer MLP (18 runs)."
                  + " As far as trained: ");
      assertThat(numbers(verdicts, "3a"))
          .startsWith("18 of 36 runs are not trained to convergence");
      // A learning curve with ten points in the last half takes the place of the batches.
      records.query(
          """
          insert into learning_curves by name
          select run, s * 200 as step, 'train' as subset, 100 - s * 0.125 as distortion, 20 as rate
          from runs, range(21) t(s) where layers = 3 and family = 'MLP'
          """);
      assertThat(numbers(Claims.judge(records), "3c"))
          .contains("distortion and rate by −0.25 and +0.00 nats with the 3-layer MLP (18 runs)");
    }
  }

  /** A run that early stopping has ended improved on the training set when it was ended. */
  @Test
  void earlyStoppingIsNoLackOfTraining() throws Exception {
    try (Records records = GeneratedPaper.open(folder, GeneratedPaper.runs(3), MadeNumbers.PAPER)) {
      DetailRows.add(records, true);
      records.query(
          "update runs set convergence = 'still falling', step = iterations / 2"
              + " where stopping_label <> 'all iterations'");
      records.choose(List.of());
      assertThat(Claims.judge(records).get(IDS.indexOf("A17")).outcome()).isEqualTo(Outcome.HOLDS);

      records.query("update runs set step = iterations where stopping_label <> 'all iterations'");
      records.choose(List.of());
      assertThat(Claims.judge(records).get(IDS.indexOf("A17")).outcome())
          .as("all iterations were not enough")
          .isEqualTo(Outcome.NOT_TRAINED);
    }
  }

  @Test
  void doubtfulEstimatesBarAVerdict() throws Exception {
    try (Records records = GeneratedPaper.open(folder, GeneratedPaper.runs(3), MadeNumbers.PAPER)) {
      records.query(
          "insert into estimates by name select run, 'logMarginal.doubtful' as name, subset, 0.5 as"
              + " \"value\" from estimates where name = 'logMarginal'");
      List<Verdict> verdicts = Claims.judge(records);
      assertThat(verdicts.get(IDS.indexOf("3d")).outcome()).isEqualTo(Outcome.NOT_TRAINED);
      assertThat(numbers(verdicts, "3d"))
          .startsWith(
              "the log marginal likelihood of 18 runs is doubtful, a bound that more samples raise.");
    }
  }

  @Test
  void aPlainStudyIsJudgedByWhatItHas() throws Exception {
    Study study = Generated.small(3);
    RecordStore store = Generated.write(study, RecordStore.at(folder));
    try (Records records = Records.open(Suite.of(study), store)) {
      records.query("update runs set convergence = 'converged'");
      records.choose(List.of());
      List<Verdict> verdicts = Claims.judge(records);
      assertThat(verdicts.get(IDS.indexOf("3b")).outcome()).isEqualTo(Outcome.HOLDS);
      assertThat(verdicts.get(IDS.indexOf("6")).outcome()).isEqualTo(Outcome.NOT_ENOUGH_RUNS);
    }
  }

  @Test
  void areTabledForPeopleAndScripts() throws Exception {
    try (Records records = Records.open(Suite.of(Generated.small(1)), RecordStore.at(folder))) {
      List<Verdict> verdicts = Claims.judge(records);
      String html = ClaimsTable.html(verdicts);
      assertThat(html)
          .contains("<td class=\"verdict not-enough-runs\">not enough runs</td>")
          .contains("<tr id=\"claim-A16\">", "Section B; Table A2.", "Figures 8, A24.")
          .contains("mutual information saturates at log N for β &lt; 1")
          .doesNotContain("β < 1");
      assertThat(html.split("<tr id=", -1)).hasSize(IDS.size() + 1);
      assertThat(ClaimsTable.rows(verdicts).rows()).hasSize(IDS.size());
      assertThat(ClaimsTable.rows(verdicts).value(0, "verdict")).isEqualTo("not enough runs");
    }
  }

  @Test
  void areAllDocumentedWithTheirThresholds() throws Exception {
    String page = Files.readString(Path.of("..", "docs", "claims.md"));
    for (Claim claim : Claims.all()) {
      assertThat(page).contains("| " + claim.id() + " | " + claim.section() + " |");
      assertThat(page).contains(claim.text(), claim.threshold());
    }
  }
}
