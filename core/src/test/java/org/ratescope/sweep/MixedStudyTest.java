package org.ratescope.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.model.likelihood.Bernoulli;
import org.ratescope.model.likelihood.ContinuousBernoulli;
import org.ratescope.model.likelihood.Gaussian;
import org.ratescope.model.likelihood.PixelDistribution;
import org.ratescope.plan.Planner;
import org.ratescope.progress.Progress;
import org.ratescope.results.Outcome;
import org.ratescope.results.RunRecord;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.Objective;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Stopping;
import org.ratescope.spec.Subset;
import org.ratescope.study.Study;
import org.ratescope.study.StudyFile;

/**
 * Dense and convolutional networks with every objective and likelihood, and with every objective
 * and rule of stopping, really trained.
 */
class MixedStudyTest {
  private static final String FILE =
      """
      data: {set: tetrominoes, resolution: 8}
      splits: cv:0.00625
      architectures: [mlp:3x24, cnn:2x8]
      latent: 2
      likelihood: LIKELIHOODS
      objective:
        beta: [0.1, 4]
        mutual-information: 6
        marginal-kl: 4
        grid: {mutual-information: 0.5, marginal-kl: 3}
      restarts: 1
      training:
        iterations: ITERATIONS
        batch: 32
        learning-rate: 3e-3
        early-stopping: STOPPING
        repeat-diverged: float64
      evaluation:
        estimators: [distortion, rate, elbo, mutualInformation, marginalKl]
        examples: 512
      """;

  @TempDir Path folder;

  @Test
  void everyLikelihoodTrainsWithEveryObjectiveAndItsNumbersAgree() throws Exception {
    assertThat(trained(300, "[bernoulli, continuous-bernoulli, gaussian:0.1]", "never"))
        .hasSize(30);
  }

  @Test
  void everyObjectiveCanStopEarly() throws Exception {
    Map<RunSpec, RunRecord> records =
        trained(600, "bernoulli", "\"patience:2,every=40,validation=0.2\"");
    assertThat(records).hasSize(10);
    assertThat(
            records.values().stream()
                .map(r -> (Outcome.Finished) r.outcome())
                .filter(o -> o.step() < 600))
        .as("runs that stopped early")
        .isNotEmpty();
  }

  /** The finished runs; their numbers agree. */
  private Map<RunSpec, RunRecord> trained(int iterations, String likelihoods, String stopping)
      throws Exception {
    String text =
        FILE.replace("ITERATIONS", String.valueOf(iterations))
            .replace("LIKELIHOODS", likelihoods)
            .replace("STOPPING", stopping);
    Study study = StudyFile.read(Files.writeString(folder.resolve("mixed.yaml"), text));
    RecordStore store = RecordStore.at(folder.resolve("results"));
    LocalRunner.of(store, SharedCache.folder())
        .complete(study, Planner.of(store, 2), Progress.SILENT);
    Map<RunSpec, RunRecord> records = new TreeMap<>((a, b) -> a.id().compareTo(b.id()));
    for (RunSpec run : study.runs()) {
      records.put(run, store.read(run.id()).orElseThrow());
    }
    records.forEach(MixedStudyTest::checkNumbers);
    for (RunSpec run : study.runs()) {
      checkObjective(run, records);
    }
    return records;
  }

  private static double value(RunRecord record, String name, Subset subset) {
    return record.estimate(name, subset).orElseThrow().value();
  }

  private static void checkNumbers(RunSpec run, RunRecord record) {
    assertThat(record.outcome()).as(run.canonical()).isInstanceOf(Outcome.Finished.class);
    Outcome.Finished outcome = (Outcome.Finished) record.outcome();
    if (run.training().stopping() instanceof Stopping.Never) {
      assertThat(outcome).isEqualTo(new Outcome.Finished(run.training().iterations()));
    } else {
      assertThat(outcome.weightsOf() % 40).isZero();
    }
    for (Subset subset : Subset.values()) {
      double rate = value(record, "rate", subset);
      double sum = value(record, "mutualInformation", subset) + value(record, "marginalKl", subset);
      double error =
          record.estimate("mutualInformation", subset).orElseThrow().standardError()
              + record.estimate("marginalKl", subset).orElseThrow().standardError();
      assertThat(sum).as("I + KL of %s", run.canonical()).isCloseTo(rate, within(6 * error + 0.02));
    }
    double perPixel = value(record, "distortion", Subset.TRAIN) / run.data().dimensions();
    switch (PixelDistribution.of(
        run.likelihood())) { // a continuous density may be above 1, a Bernoulli probability not
      case Bernoulli bernoulli -> assertThat(perPixel).isBetween(0.0, 0.2);
      case ContinuousBernoulli continuous -> assertThat(perPixel).isBetween(-6.0, -1.0);
      case Gaussian gaussian -> // within 0.1 of the constant ½ log(2π 0.1)
          assertThat(perPixel).isBetween(-0.233, -0.133);
      default -> throw new IllegalArgumentException(run.likelihood().text());
    }
  }

  /**
   * A term that an objective penalises is smaller than without the penalty. For runs that made all
   * updates: a run that stopped early may end before the difference shows.
   */
  private static void checkObjective(RunSpec run, Map<RunSpec, RunRecord> records) {
    if (!run.objective().equals(Objective.marginalKl(4))
        || !(run.training().stopping() instanceof Stopping.Never)) {
      return;
    }
    Map<Objective, RunRecord> twins =
        records.entrySet().stream()
            .filter(e -> sameButObjective(e.getKey(), run))
            .collect(Collectors.toMap(e -> e.getKey().objective(), Map.Entry::getValue));
    assertThat(twins).hasSize(5);
    double klOfKl =
        value(
            Objects.requireNonNull(twins.get(Objective.marginalKl(4))), "marginalKl", Subset.TRAIN);
    double klOfMi =
        value(
            Objects.requireNonNull(twins.get(Objective.mutualInformation(6))),
            "marginalKl",
            Subset.TRAIN);
    double iOfKl =
        value(
            Objects.requireNonNull(twins.get(Objective.marginalKl(4))),
            "mutualInformation",
            Subset.TRAIN);
    double iOfBeta =
        value(
            Objects.requireNonNull(twins.get(Objective.beta(4))),
            "mutualInformation",
            Subset.TRAIN);
    assertThat(klOfKl).as("L_KL of %s", run.canonical()).isLessThan(klOfMi);
    assertThat(iOfKl).as("I of %s", run.canonical()).isGreaterThan(iOfBeta - 0.05);
  }

  private static boolean sameButObjective(RunSpec a, RunSpec b) {
    return List.of(a.split(), a.architecture(), a.likelihood(), a.training(), a.seed())
        .equals(List.of(b.split(), b.architecture(), b.likelihood(), b.training(), b.seed()));
  }
}
