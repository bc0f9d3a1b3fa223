package org.ratescope.sweep;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.ratescope.dataset.Partition;
import org.ratescope.estimate.posterior.Examples;
import org.ratescope.model.ParameterLayout;
import org.ratescope.model.WeightsFile;
import org.ratescope.progress.Progress;
import org.ratescope.progress.ProgressEvent;
import org.ratescope.results.LossPoint;
import org.ratescope.results.Outcome;
import org.ratescope.results.RunRecord;
import org.ratescope.results.RunSummary;
import org.ratescope.results.store.Timing;
import org.ratescope.spec.RunId;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Subset;
import org.ratescope.study.Evaluation;
import org.ratescope.tensor.Libtorch;
import org.ratescope.tensor.OutOfMemory;
import org.ratescope.tensor.ProductRounding;
import org.ratescope.tensor.Scope;
import org.ratescope.train.Checkpoint;
import org.ratescope.train.Cohort;
import org.ratescope.train.LearningCurves;
import org.ratescope.train.Trainer;
import org.ratescope.train.TrainingState;

/**
 * The work on one cohort: train or resume, evaluate, and write weights and a record for each
 * requested run. The result is the number of requested runs that did not finish.
 */
final class CohortTasks implements Callable<Integer> {
  private final DatasetContext workplace;
  private final Cohort cohort;
  private final Set<RunId> left = new HashSet<>(); // requested, and not yet recorded
  private final WriteGuard claim;
  private final Progress progress;
  private final DamagedFiles damaged;
  private final double operations; // of one model-step
  private long told; // model-steps reported as progress

  CohortTasks(
      DatasetContext workplace,
      Cohort cohort,
      Set<RunId> wanted,
      WriteGuard claim,
      Progress progress) {
    this.workplace = workplace;
    this.cohort = cohort;
    cohort.runs().stream().map(RunSpec::id).filter(wanted::contains).forEach(left::add);
    this.claim = claim;
    this.progress = progress;
    this.damaged = new DamagedFiles(workplace.store(), progress::note);
    this.operations = ParameterLayout.operationsPerStep(cohort.first());
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Libtorch.useOneThread();
    progress.accept(
        new ProgressEvent.RunsStarted(
            cohort.runs().stream().filter(run -> left.contains(run.id())).toList()));
    Timing timing = Timing.start();
    try (Scope scope = new Scope()) {
      return trainAndRecord(timing);
    } catch (RuntimeException | OutOfMemoryError e) {
      if (cohort.size() > 1 && OutOfMemory.isBehind(e)) {
        progress.accept(notMade(cohort, -told)); // all of it is told again
        throw new OutOfMemory(e, left);
      }
      return recordFailure(e);
    }
  }

  private int trainAndRecord(Timing timing) throws IOException, InterruptedException {
    Checkpoint checkpoint =
        Checkpoint.of(workplace.store().checkpoints(), cohort, workplace.checkpointEvery());
    TrainingState state = begin(checkpoint);
    long modelSteps = train(state, checkpoint);
    progress.accept(
        new ProgressEvent.EstimatesStarted(
            cohort.runs().stream().filter(run -> left.contains(run.id())).toList()));
    int unfinished = 0;
    for (int k = 0; k < cohort.size(); k++) {
      RunSpec run = cohort.runs().get(k);
      if (left.contains(run.id()) && isOurs(run)) {
        RunRecord record = record(k, state);
        if (write(record)) {
          timing.write(workplace.store(), record.id(), modelSteps);
          unfinished += record.outcome() instanceof Outcome.Finished ? 0 : 1;
        }
      }
    }
    if (left.stream().allMatch(this::isRecorded)) {
      checkpoint
          .delete(); // none is left, or the processes that took the others over have recorded them
    }
    return unfinished;
  }

  private boolean isRecorded(RunId run) {
    return record(run).isPresent();
  }

  private boolean hasFinished(RunId run) {
    return record(run).filter(r -> r.outcome() instanceof Outcome.Finished).isPresent();
  }

  private Optional<RunSummary> record(RunId run) {
    try {
      return workplace.store().summary(run);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Whether no process has taken a run over while this process was suspended. */
  private boolean isOurs(RunSpec run) {
    boolean ours = claim.holds(run.id());
    if (!ours) {
      progress.note(WriteGuard.lost(run.id()));
    }
    return ours;
  }

  /** Writes a record, if this process still holds the lease. */
  private boolean write(RunRecord record) throws IOException {
    if (!isOurs(record.spec())) {
      return false;
    }
    boolean unused = damaged.record(record.id());
    workplace.write(record);
    left.remove(record.id());
    claim.done(record.id());
    progress.accept(new ProgressEvent.RunRecorded(record));
    return true;
  }

  /**
   * If a cohort fails, each of its runs gets a record with the reason, and the other cohorts
   * continue. A run that had finished, and was trained again because its weights were missing,
   * keeps its record.
   */
  private int recordFailure(Throwable failure) throws IOException {
    String message = failure.toString().lines().findFirst().orElse("");
    progress.note("cohort %s failed: %s".formatted(cohort.id(), message));
    tellSkipped(cohort.modelSteps() - told);
    int written = 0;
    for (RunSpec run : cohort.runs()) {
      if (left.contains(run.id()) && hasFinished(run.id())) {
        claim.done(run.id());
      } else if (left.contains(run.id()) && write(failed(run, message))) {
        written++;
      }
    }
    return written;
  }

  private RunRecord failed(RunSpec run, String message) {
    return new RunRecord(
        run,
        new Outcome.Failed(0, message),
        workplace.suite().evaluation(run),
        List.of(),
        List.of(),
        List.of(),
        workplace.provenance(run, cohort));
  }

  private TrainingState begin(Checkpoint checkpoint) throws IOException, InterruptedException {
    try {
      Optional<TrainingState> kept = checkpoint.read(workplace.device());
      if (kept.isPresent()) {
        progress.note(
            "cohort %s resumes from step %d of %d"
                .formatted(cohort.id(), kept.get().step(), cohort.first().training().iterations()));
        tellSkipped(
            cohort.modelSteps()
                - kept.get().modelStepsLeft(cohort.first().training().iterations()));
        tellTraces(kept.get());
        return kept.get();
      }
    } catch (ClosedByInterruptException e) {
      throw new InterruptedException("interrupted while a checkpoint was read");
    } catch (IOException e) {
      return startAnew(checkpoint, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      if (OutOfMemory.isBehind(e)) {
        throw e;
      }
      return startAnew(checkpoint, String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
    return TrainingState.initial(cohort, workplace.device());
  }

  /**
   * The initial state, in place of a damaged checkpoint: renames the checkpoint and writes the
   * state at once, so that the cohort does not change.
   */
  private TrainingState startAnew(Checkpoint checkpoint, String reason) throws IOException {
    progress.note(
        "a damaged checkpoint is not used: %s (renamed to %s)"
            .formatted(reason, checkpoint.setAside().getFileName()));
    TrainingState initial = TrainingState.initial(cohort, workplace.device());
    checkpoint.write(initial);
    return initial;
  }

  /** The event of updates of a cohort's models that are not made here. */
  static ProgressEvent notMade(Cohort cohort, long modelSteps) {
    return new ProgressEvent.StepsResumed(
        modelSteps, modelSteps * ParameterLayout.operationsPerStep(cohort.first()));
  }

  /** Counts steps that are not made, so that progress bars end at 100 %. */
  private void tellSkipped(long modelSteps) {
    told += modelSteps;
    progress.accept(notMade(cohort, modelSteps));
  }

  private void tellTraces(TrainingState state) {
    for (int k = 0; k < cohort.size(); k++) {
      for (LossPoint point : state.trace(k)) {
        progress.accept(new ProgressEvent.LossTraced(cohort.runs().get(k), point));
      }
    }
  }

  /** Trains to the end; returns the number of updates, counted for each model. */
  private long train(TrainingState state, Checkpoint checkpoint)
      throws IOException, InterruptedException {
    Steps steps = new Steps();
    if (!state.isOver()) {
      if (cohort.first().training().roundsProducts()) { // on another machine than the plan's, too
        ProductRounding.require(workplace.device());
      }
      List<int[]> rows = new ArrayList<>();
      List<LearningCurves.Sample> samples = new ArrayList<>();
      for (RunSpec run : cohort.runs()) {
        Partition partition = workplace.split(run).partition();
        rows.add(partition.rows(Subset.TRAIN));
        samples.add(
            new LearningCurves.Sample(
                sample(partition, Subset.TRAIN), sample(partition, Subset.TEST)));
      }
      new Trainer(cohort, workplace.pool(), rows, samples, state).train(checkpoint, steps);
      checkpoint.write(state);
    }
    return steps.made;
  }

  /** The first of the examples that are evaluated. */
  private List<Integer> sample(Partition partition, Subset subset) {
    Examples examples = Examples.of(workplace.pool(), partition, subset, LearningCurves.IMAGES);
    return IntStream.range(0, examples.size()).mapToObj(examples::row).toList();
  }

  /** Forwards the trainer's steps, and counts them. */
  private final class Steps implements Trainer.StepListener {
    private long made;

    @Override
    public void advanced(long modelSteps) {
      made += modelSteps;
      told += modelSteps;
      progress.accept(new ProgressEvent.StepsMade(modelSteps, modelSteps * operations));
    }

    @Override
    public void traced(int run, LossPoint point) {
      progress.accept(new ProgressEvent.LossTraced(cohort.runs().get(run), point));
    }

    @Override
    public void skipped(long modelSteps) {
      tellSkipped(modelSteps);
    }
  }

  private RunRecord record(int k, TrainingState state) throws IOException {
    RunSpec run = cohort.runs().get(k);
    Outcome outcome = state.outcome(k);
    Evaluation evaluation = workplace.evaluation(run);
    DatasetContext.Findings findings = new DatasetContext.Findings(List.of(), List.of());
    if (outcome instanceof Outcome.Finished) {
      boolean unused = damaged.weights(run);
      damaged.details(run, evaluation);
      WeightsFile.write(
          workplace.store().weightsFile(run.id()), run, state.parameters(), state.placeOf(k));
      findings = workplace.evaluate(run, evaluation, state.parameters(), state.placeOf(k));
    }
    return new RunRecord(
        run,
        outcome,
        evaluation,
        findings.estimates(),
        state.trace(k),
        state.curve(k),
        findings.pictures(),
        workplace.provenance(run, cohort));
  }
}
