package org.ratescope.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.ratescope.record.Outcome;
import org.ratescope.record.RunRecord;
import org.ratescope.record.Timing;
import org.ratescope.record.TracePoint;
import org.ratescope.study.Half;
import org.ratescope.study.RunId;
import org.ratescope.study.RunSpec;
import org.ratescope.torch.Engine;
import org.ratescope.torch.Scope;
import org.ratescope.train.Checkpoint;
import org.ratescope.train.Cohort;
import org.ratescope.train.Trainer;
import org.ratescope.train.TrainingState;
import org.ratescope.vae.Weights;

/**
 * The work on one cohort: train or resume, evaluate, and leave weights and a record for each wanted
 * run. The answer is how many of these did not finish.
 */
final class CohortWork implements Callable<Integer> {
  private final Workplace workplace;
  private final Cohort cohort;
  private final Set<RunId> wanted;
  private final Progress progress;
  private long told; // model-steps that progress knows of

  CohortWork(Workplace workplace, Cohort cohort, Set<RunId> wanted, Progress progress) {
    this.workplace = workplace;
    this.cohort = cohort;
    this.wanted = wanted;
    this.progress = progress;
  }

  private List<RunSpec> wantedRuns() {
    return cohort.runs().stream().filter(run -> wanted.contains(run.id())).toList();
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Engine.useOneThread();
    progress.started(wantedRuns());
    Timing timing = Timing.start();
    try (Scope scope = new Scope()) {
      return trainAndRecord(timing);
    } catch (RuntimeException e) {
      return recordFailure(e);
    }
  }

  private int trainAndRecord(Timing timing) throws IOException, InterruptedException {
    Checkpoint checkpoint =
        Checkpoint.of(workplace.store().checkpoints(), cohort, workplace.checkpointEvery());
    TrainingState state = begin(checkpoint);
    long modelSteps = train(state, checkpoint);
    int unfinished = 0;
    for (int k = 0; k < cohort.size(); k++) {
      if (!wanted.contains(cohort.runs().get(k).id())) {
        continue;
      }
      RunRecord record = record(k, state);
      workplace.store().write(record);
      timing.write(workplace.store(), record.id(), modelSteps);
      progress.recorded(record);
      unfinished += record.outcome() instanceof Outcome.Finished ? 0 : 1;
    }
    checkpoint.delete();
    return unfinished;
  }

  /** A cohort that breaks leaves a record that says so for each run, and the others go on. */
  private int recordFailure(RuntimeException failure) throws IOException {
    progress.note("cohort %s failed: %s".formatted(cohort.id(), failure));
    tellSkipped(cohort.modelSteps() - told);
    for (RunSpec run : wantedRuns()) {
      RunRecord record =
          new RunRecord(
              run,
              new Outcome.Failed(0, failure.toString()),
              workplace.suite().evaluation(run),
              List.of(),
              List.of(),
              List.of(),
              workplace.provenance(run, cohort));
      workplace.store().write(record);
      progress.recorded(record);
    }
    return wantedRuns().size();
  }

  private TrainingState begin(Checkpoint checkpoint) {
    try {
      Optional<TrainingState> kept = checkpoint.read();
      if (kept.isPresent()) {
        progress.note(
            "cohort %s goes on from step %d of %d"
                .formatted(cohort.id(), kept.get().step(), cohort.first().training().iterations()));
        tellSkipped(
            cohort.modelSteps()
                - kept.get().modelStepsLeft(cohort.first().training().iterations()));
        tellTraces(kept.get());
        return kept.get();
      }
    } catch (IOException e) {
      progress.note("a damaged checkpoint is not used: " + e.getMessage());
    }
    return TrainingState.initial(cohort);
  }

  /** Steps that are not made now: bars must end full whatever happens. */
  private void tellSkipped(long modelSteps) {
    told += modelSteps;
    progress.resumed(modelSteps);
  }

  private void tellTraces(TrainingState state) {
    for (int k = 0; k < cohort.size(); k++) {
      for (TracePoint point : state.trace(k)) {
        progress.traced(cohort.runs().get(k), point);
      }
    }
  }

  /** Trains to the end; how many updates that took, counted per model. */
  private long train(TrainingState state, Checkpoint checkpoint)
      throws IOException, InterruptedException {
    Steps steps = new Steps();
    if (!state.isOver()) {
      List<int[]> rows = new ArrayList<>();
      for (RunSpec run : cohort.runs()) {
        rows.add(workplace.split(run).partition().rows(Half.TRAIN));
      }
      new Trainer(cohort, workplace.pool(), rows, state).train(checkpoint, steps);
      checkpoint.write(state);
    }
    return steps.made;
  }

  /** Passes the trainer's steps on, and counts them. */
  private final class Steps implements Trainer.StepListener {
    private long made;

    @Override
    public void advanced(long modelSteps) {
      made += modelSteps;
      told += modelSteps;
      progress.advanced(modelSteps);
    }

    @Override
    public void traced(int run, TracePoint point) {
      progress.traced(cohort.runs().get(run), point);
    }

    @Override
    public void skipped(long modelSteps) {
      tellSkipped(modelSteps);
    }
  }

  private RunRecord record(int k, TrainingState state) throws IOException {
    RunSpec run = cohort.runs().get(k);
    Outcome outcome = state.outcome(k);
    Workplace.Findings findings = new Workplace.Findings(List.of(), List.of());
    if (outcome instanceof Outcome.Finished) {
      Weights.write(
          workplace.store().weightsFile(run.id()),
          state.parameters(),
          state.placeOf(k),
          Map.of("ratescope.run", run.canonical()));
      findings = workplace.evaluate(run, state.parameters(), state.placeOf(k));
    }
    return new RunRecord(
        run,
        outcome,
        workplace.suite().evaluation(run),
        findings.estimates(),
        state.trace(k),
        findings.pictures(),
        workplace.provenance(run, cohort));
  }
}
