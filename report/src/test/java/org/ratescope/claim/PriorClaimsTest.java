package org.ratescope.claim;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.figure.Generated;
import org.ratescope.results.Estimate;
import org.ratescope.results.RunRecord;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Subset;
import org.ratescope.sql.Records;
import org.ratescope.study.StudyFile;
import org.ratescope.study.Suite;

/** The claims of studies/priors.yaml, on numbers that show what they say, and on others. */
class PriorClaimsTest {
  private static final Path CLAIMS = Path.of("..", "studies", "claims");

  @TempDir Path folder;

  private Suite suite;

  @BeforeEach
  void read() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("priors.yaml"),
            """
            data: {set: tetrominoes, resolution: 16}
            splits: [cv:0.5, cv:0.05]
            architectures: [mlp:1x8, mlp:3x8]
            prior: [normal, gaussian, "mixture:4"]
            objective: {beta: [0.001, 0.1, 1]}
            restarts: 3
            """);
    suite = Suite.of(StudyFile.read(file));
  }

  /** The noise of a restart: the same for all priors. */
  private static double noise(RunSpec run) {
    return 0.02 * (run.seed() % 3 - 1);
  }

  /** A U over β whose left arm has that height. */
  private static RunRecord record(RunSpec run, double arm, double shift, double marginalKl) {
    double beta = run.objective().betaKl();
    double distortion = 50 + (beta < 0.01 ? arm : beta > 0.5 ? 3 : 0) + shift + noise(run);
    double rate = beta < 0.01 ? 40 : beta > 0.5 ? 10 : 20;
    List<Estimate> estimates = new ArrayList<>();
    for (Subset subset : Subset.values()) {
      estimates.add(new Estimate("distortion", subset, distortion, 0.1, Estimate.NATS, 100));
      estimates.add(new Estimate("rate", subset, rate + noise(run), 0.1, Estimate.NATS, 100));
      estimates.add(
          new Estimate("marginalKl", subset, marginalKl + noise(run), 0.1, Estimate.NATS, 100));
    }
    return Generated.with(Generated.finished(run), estimates);
  }

  private Map<String, Verdict.Outcome> verdicts(
      double mixtureArm, double gaussianShift, double mixtureKl, double refit) throws Exception {
    RecordStore store = RecordStore.at(folder.resolve("results"));
    for (RunSpec run : suite.runs()) {
      switch (run.prior().text()) {
        case "normal" -> store.write(record(run, 2, 0, 5));
        case "gaussian" -> store.write(record(run, 2, gaussianShift, 5));
        default -> store.write(record(run, mixtureArm, 0, mixtureKl));
      }
    }
    Map<String, Verdict.Outcome> verdicts = new TreeMap<>();
    try (Records records = Records.open(suite, store)) {
      records.query(
          """
          insert into prior_estimates
          select run, 'mixture:4', name, subset,
            "value" - if(name = 'rate', %s, 0), standard_error, unit, examples, settings
          from estimates where name in ('rate', 'distortion') and run in (select run from runs where prior = 'normal')
          """
              .formatted(refit));
      records.query("update runs set convergence = 'converged'");
      for (Claim claim : Claims.own(CLAIMS, suite)) {
        verdicts.put(claim.id(), Claims.judge(claim, records).outcome());
      }
    }
    return verdicts;
  }

  @Test
  void theyHoldWhereTheNumbersShowIt() throws Exception {
    assertThat(verdicts(0.5, 0, 1, 2))
        .hasSize(4)
        .allSatisfy((claim, outcome) -> assertThat(outcome).isEqualTo(Verdict.Outcome.HOLDS));
  }

  @Test
  void theyDoNotHoldElsewhere() throws Exception {
    assertThat(verdicts(2, 4, 5, -0.5))
        .hasSize(4)
        .allSatisfy(
            (claim, outcome) ->
                assertThat(outcome).as(claim).isEqualTo(Verdict.Outcome.DOES_NOT_HOLD));
  }

  @Test
  void otherStudiesHaveNoneOfThem() throws Exception {
    assertThat(Claims.own(CLAIMS, Suite.of(Generated.small(1)))).isEmpty();
  }
}
