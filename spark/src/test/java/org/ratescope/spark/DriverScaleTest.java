package org.ratescope.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.progress.Progress;
import org.ratescope.progress.ProgressEvent;
import org.ratescope.results.Estimate;
import org.ratescope.results.LossPoint;
import org.ratescope.results.Outcome;
import org.ratescope.results.Provenance;
import org.ratescope.results.RunRecord;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Subset;
import org.ratescope.study.Evaluation;
import org.ratescope.study.Suite;
import org.ratescope.train.Cohort;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction1;

/**
 * The driver's part of 100,000 cohorts: real tasks, scheduled by Spark, that train nothing and
 * answer at once. Each sends letters of progress and a record with a loss curve, which the driver
 * writes and reads as without shared folders. Executor and driver are one process here, so that the
 * memory told is more than the driver's. Takes minutes and is run by hand: {@code
 * -Dtest=DriverScaleTest -DexcludedGroups=}.
 */
@Tag("long")
class DriverScaleTest {
  private static final int COHORTS = 100_000;
  private static final int TRACE = 10;

  @TempDir Path folder;

  /** Stands for training. */
  private static final class Dry
      extends AbstractFunction1<Iterator<CohortTaskDescription>, ExecutorMessage.Answer>
      implements Serializable {
    private static final long serialVersionUID = 1;
    private final String scratch;

    Dry(Path scratch) {
      this.scratch = scratch.toString();
    }

    @Override
    public ExecutorMessage.Answer apply(Iterator<CohortTaskDescription> tasks) {
      CohortTaskDescription task = tasks.next();
      TaskProgressReporter teller =
          new TaskProgressReporter(task, TaskContext.get().taskAttemptId(), ProgressPlugin::send);
      RunSpec run = task.cohort().first();
      teller.accept(new ProgressEvent.RunsStarted(List.of(run)));
      List<LossPoint> trace =
          IntStream.rangeClosed(1, TRACE).mapToObj(i -> new LossPoint(10 * i, i, 2)).toList();
      trace.forEach(point -> teller.accept(new ProgressEvent.LossTraced(run, point)));
      teller.accept(new ProgressEvent.StepsMade(run.training().iterations(), 1));
      teller.send();
      return new ExecutorMessage.Answer(task.number(), List.of(returned(run, trace)));
    }

    private ExecutorMessage.Returned returned(RunSpec run, List<LossPoint> trace) {
      RecordStore store = RecordStore.at(Path.of(scratch));
      Provenance provenance =
          new Provenance("0", "java", "0", "MKL", "cpu", "sha", "", 1, 1, List.of(run.id()));
      RunRecord record =
          new RunRecord(
              run,
              new Outcome.Finished(run.training().iterations()),
              new Evaluation(List.of("rate"), 100),
              List.of(new Estimate("rate", Subset.TRAIN, 1, 1, "nats", 100, "")),
              trace,
              List.of(),
              provenance);
      try {
        store.write(record);
        Path file = store.recordFile(run.id());
        byte[] bytes = Files.readAllBytes(file);
        Files.delete(file);
        return new ExecutorMessage.Returned(store.root().relativize(file).toString(), bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Counts. */
  private static final class Counts implements Progress {
    private long steps;
    private long traces;
    private long records;

    @Override
    public void accept(ProgressEvent event) {
      switch (event) {
        case ProgressEvent.StepsResumed stepsResumed -> {
          steps += stepsResumed.modelSteps();
        }
        case ProgressEvent.StepsMade stepsMade -> {
          steps += stepsMade.modelSteps();
        }
        case ProgressEvent.LossTraced ignored -> {
          traces++;
        }
        case ProgressEvent.RunRecorded ignored -> {
          records++;
        }
        default -> {}
      }
    }
  }

  private static List<CohortTaskDescription> tasks() {
    List<Double> betas = IntStream.rangeClosed(1, COHORTS / 4).mapToObj(i -> i * 1e-4).toList();
    Suite suite = Suite.of(SparkStudy.of("s", betas, 100));
    List<CohortTaskDescription> tasks = new ArrayList<>();
    for (RunSpec run : suite.runs()) {
      Cohort cohort = new Cohort(List.of(run));
      tasks.add(
          CohortTaskDescription.training(tasks.size(), cohort, Set.of(run.id()), suite, "sha"));
    }
    return tasks;
  }

  private static double secondsSince(long nanoTime) {
    return (System.nanoTime() - nanoTime) * 1e-9;
  }

  /** The most that was in use on the heap at one time, garbage included. */
  private static long peakHeap() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .mapToLong(pool -> pool.getPeakUsage().getUsed())
        .sum();
  }

  @Test
  void aDriverHandlesAHundredThousandCohorts() throws Exception {
    long begin = System.nanoTime();
    List<CohortTaskDescription> tasks = tasks();
    assertThat(tasks).hasSize(COHORTS);
    double described = secondsSince(begin);

    Counts counts = new Counts();
    RecordStore store = RecordStore.at(folder.resolve("results"));
    Map<String, String> settings =
        Map.of("spark.master", "local[2]", "spark.driver.host", "127.0.0.1");
    begin = System.nanoTime();
    try (ProgressPlugin.Inbox inbox = new ProgressPlugin.Inbox();
        JavaSparkContext spark = new JavaSparkContext(SparkRunner.conf(settings, inbox))) {
      SparkJob job = new SparkJob(spark, tasks, new Dry(folder.resolve("scratch")), inbox.mail());
      assertThat(job.run(new DriverMessageHandler(tasks, store, counts, 0))).isZero();
    }
    double carriedOut = secondsSince(begin);
    assertThat(counts.records).isEqualTo(COHORTS);
    assertThat(counts.steps).isEqualTo(100L * COHORTS);
    assertThat(counts.traces).isEqualTo((long) TRACE * COHORTS);
    System.out.printf(
        "%,d cohorts: described in %.1f s, carried out in %.1f s (%.0f a second), heap at most %,d"
            + " MiB of %,d%n",
        COHORTS,
        described,
        carriedOut,
        COHORTS / carriedOut,
        peakHeap() >> 20,
        Runtime.getRuntime().maxMemory() >> 20);
  }
}
