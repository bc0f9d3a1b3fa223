package org.ratescope.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.dataset.ImageSet;
import org.ratescope.dataset.source.ImageLibrary;
import org.ratescope.dataset.store.BuildListener;
import org.ratescope.estimate.Estimators;
import org.ratescope.progress.Progress;
import org.ratescope.results.Outcome;
import org.ratescope.results.RunRecord;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunId;
import org.ratescope.spec.RunSpec;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;
import org.ratescope.tensor.Device;
import org.ratescope.tensor.Scope;
import org.ratescope.train.Cohort;

/** A cohort whose examples cannot be prepared. */
class FailedCohortTest {
  @TempDir Path folder;

  /** Fails whatever is computed once for each split. */
  private static final class Failing
      extends ConcurrentHashMap<DatasetContext.Extract, DatasetContext.SplitData> {
    private static final long serialVersionUID = 1;

    @Override
    public DatasetContext.SplitData computeIfAbsent(
        DatasetContext.Extract key,
        Function<? super DatasetContext.Extract, ? extends DatasetContext.SplitData> compute) {
      throw new IllegalStateException("on purpose");
    }
  }

  /** Their records give the reason, and the sweep goes on. */
  @Test
  void itsRunsGetRecords() throws Exception {
    Study study = NoiseStudy.of(folder, "noise", "objective: {beta: [0.1, 1]}\nrestarts: 2\n");
    Cohort cohort = new Cohort(study.runs());
    RecordStore store = RecordStore.at(folder.resolve("results"));
    ImageSet images =
        ImageLibrary.at(folder.resolve("cache")).open(study.data(), BuildListener.SILENT);
    try (Scope scope = new Scope()) {
      DatasetContext sound =
          DatasetContext.open(
              Suite.of(study),
              store,
              images,
              Device.CPU,
              Estimators.standard(),
              Duration.ofMinutes(1));
      DatasetContext failing =
          new DatasetContext(
              sound.suite(),
              store,
              images,
              sound.device(),
              sound.pool(),
              sound.estimators(),
              sound.checkpointEvery(),
              sound.partitions(),
              new Failing(),
              sound.written());
      Set<RunId> wanted = cohort.runs().stream().map(RunSpec::id).collect(Collectors.toSet());
      assertThat(
              new CohortTasks(failing, cohort, wanted, WriteGuard.UNDISPUTED, Progress.SILENT)
                  .call())
          .isEqualTo(cohort.size());
    }
    for (RunSpec run : cohort.runs()) {
      RunRecord record = store.read(run.id()).orElseThrow();
      assertThat(record.outcome())
          .isEqualTo(new Outcome.Failed(0, "java.lang.IllegalStateException: on purpose"));
      assertThat(record.provenance().splitSha256())
          .isEqualTo(images.partition(run.split()).sha256());
    }
  }
}
