package org.ratescope.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.ratescope.dataset.source.ImageLibrary;
import org.ratescope.plan.Planner;
import org.ratescope.progress.Progress;
import org.ratescope.results.Outcome;
import org.ratescope.results.RunRecord;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunId;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Subset;
import org.ratescope.study.Study;
import org.ratescope.study.StudyFile;
import org.ratescope.study.Suite;
import org.ratescope.tensor.Device;
import org.ratescope.tensor.ProductRounding;
import org.ratescope.train.Cohort;

/** Runs whose products round their factors to bfloat16: refused where the processor cannot. */
@Isolated("it sets how all products of the process round")
class RoundedProductsTest {
  @TempDir Path folder;

  private Study study(String products) throws IOException {
    return StudyFile.read(
        Files.writeString(
            folder.resolve(products + ".yaml"),
            """
      data: {set: tetrominoes, resolution: 8}
      splits: cv:0.00625
      architectures: mlp:1x64
      objective: {beta: [0.1, 1]}
      restarts: 5
      training: {iterations: 2000, batch: 64, products: %s}
      evaluation: {estimators: [distortion, rate], examples: 512}
      """
                .formatted(products)));
  }

  private static boolean canRound() throws IOException {
    try {
      ProductRounding.require(Device.CPU);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private RecordStore run(Study study, String name) throws Exception {
    RecordStore store = RecordStore.at(folder.resolve(name));
    LocalRunner.of(store, SharedCache.folder())
        .run(Planner.of(store, 2).plan(study), Progress.SILENT);
    return store;
  }

  @Test
  void aProcessorThatCannotTrainsNone() throws Exception {
    assumeThat(canRound()).isFalse();
    Study study = study("bf16");
    assertThatThrownBy(() -> run(study, "refused"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("products: bf16 needs a processor with AMX-BF16 or AVX512-BF16");
    RecordStore store = RecordStore.at(folder.resolve("refused"));
    for (RunSpec run : study.runs()) {
      assertThat(store.summary(run.id())).isEmpty();
    }
  }

  /** As on a machine of a cluster that is not the one that planned: the record has the reason. */
  @Test
  void aCohortOnSuchAProcessorFails() throws Exception {
    assumeThat(canRound()).isFalse();
    Study study = study("bf16");
    RecordStore store = RecordStore.at(folder.resolve("elsewhere"));
    Cohort cohort = Planner.of(store, 2).plan(study).cohorts().getFirst();
    Set<RunId> wanted = cohort.runs().stream().map(RunSpec::id).collect(Collectors.toSet());
    ImageLibrary library = ImageLibrary.at(SharedCache.folder());
    int unfinished =
        CohortRunner.of(Suite.of(study), store, library).run(cohort, wanted, Progress.SILENT);
    assertThat(unfinished).isEqualTo(cohort.size());
    for (RunId run : wanted) {
      assertThat(store.read(run).orElseThrow().outcome())
          .isInstanceOfSatisfying(
              Outcome.Failed.class,
              failed -> assertThat(failed.message()).contains("needs a processor with AMX-BF16"));
    }
  }

  /** Means over five restarts differ by less than their spread. */
  @Test
  @Tag("long") // it trains twenty runs, and only on processors that multiply bfloat16 values
  void curvesAgreeWithinTheSpreadOfRestarts() throws Exception {
    assumeThat(canRound()).isTrue();
    Study plain = study("float32");
    Study rounded = study("bf16");
    RecordStore plainStore = run(plain, "plain");
    RecordStore roundedStore = run(rounded, "rounded");
    for (String name : new String[] {"distortion", "rate"}) {
      for (int beta = 0; beta < 2; beta++) {
        double[] first = values(plain, plainStore, name, beta);
        double[] second = values(rounded, roundedStore, name, beta);
        assertThat(second).isNotEqualTo(first);
        double spread = Math.sqrt(variance(first) + variance(second));
        assertThat(Math.abs(mean(first) - mean(second))).as(name).isLessThan(2 * spread);
      }
    }
  }

  private static double[] values(Study study, RecordStore store, String name, int beta)
      throws IOException {
    double weight = study.objectives().get(beta).betaKl();
    double[] values = new double[study.restarts()];
    int next = 0;
    for (RunSpec run : study.runs()) {
      if (run.objective().betaKl() == weight) {
        values[next++] = value(store.read(run.id()).orElseThrow(), name);
      }
    }
    return values;
  }

  private static double value(RunRecord record, String name) {
    return record.estimates().stream()
        .filter(e -> e.name().equals(name) && e.subset() == Subset.TEST)
        .findFirst()
        .orElseThrow()
        .value();
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  private static double variance(double[] values) {
    double mean = mean(values);
    return Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / (values.length - 1);
  }
}
