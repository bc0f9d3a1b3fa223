package org.ratescope.sweep;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.ratescope.model.ParameterLayout;
import org.ratescope.model.Parameters;
import org.ratescope.model.WeightsFile;
import org.ratescope.progress.Progress;
import org.ratescope.progress.ProgressEvent;
import org.ratescope.results.Estimate;
import org.ratescope.results.RunRecord;
import org.ratescope.spec.RunSpec;
import org.ratescope.study.Evaluation;
import org.ratescope.tensor.Libtorch;
import org.ratescope.tensor.Scope;

/**
 * The work on one run whose stored weights are to be evaluated again: writes its record again with
 * the requested estimates.
 */
final class EvaluationTasks implements Callable<Integer> {
  private final DatasetContext workplace;
  private final RunSpec run;
  private final WriteGuard claim;
  private final Progress progress;
  private final DamagedFiles damaged;

  EvaluationTasks(DatasetContext workplace, RunSpec run, WriteGuard claim, Progress progress) {
    this.workplace = workplace;
    this.run = run;
    this.claim = claim;
    this.progress = progress;
    this.damaged = new DamagedFiles(workplace.store(), progress::note);
  }

  @Override
  public Integer call() throws IOException {
    Libtorch.useOneThread();
    progress.accept(new ProgressEvent.RunsStarted(List.of(run)));
    RunRecord old = workplace.store().read(run.id()).orElseThrow();
    try (Scope scope = new Scope()) {
      Parameters parameters =
          Parameters.zeros(
              ParameterLayout.of(run), run.training().precision(), 1, workplace.device());
      if (!readWeights(parameters)) {
        claim.done(run.id());
        return 0;
      }
      Evaluation asked = workplace.suite().evaluation(run);
      damaged.details(run, asked);
      DatasetContext.Findings findings = workplace.evaluate(run, asked, parameters, 0);
      RunRecord record =
          new RunRecord(
              run,
              old.outcome(),
              old.evaluation().examples() == asked.examples()
                  ? old.evaluation().and(asked)
                  : asked, // the estimates that stay are of other examples
              merged(old.estimates(), findings.estimates()),
              old.trace(),
              old.curve(),
              findings.pictures(),
              old.provenance());
      if (claim.holds(run.id())) {
        workplace.write(record);
        claim.done(run.id());
        progress.accept(new ProgressEvent.RunRecorded(record));
      } else {
        progress.note(WriteGuard.lost(run.id()));
      }
      return 0;
    }
  }

  /**
   * Whether the weights are undamaged and belong to this run. Renames other weights: the next plan
   * trains the run again, in its original cohort.
   */
  private boolean readWeights(Parameters parameters) throws IOException {
    Path file = workplace.store().weightsFile(run.id());
    return damaged.isWhole(file, () -> WeightsFile.read(file, run, parameters, 0));
  }

  /**
   * The old estimates that were not computed again, then the new ones. A new estimate replaces all
   * details of the old one: there may have been more of them.
   */
  private static List<Estimate> merged(List<Estimate> old, List<Estimate> made) {
    List<Estimate> merged = new ArrayList<>(old);
    merged.removeIf(
        e ->
            made.stream()
                .anyMatch(
                    n -> n.requestedName().equals(e.requestedName()) && n.subset() == e.subset()));
    merged.addAll(made);
    return merged;
  }
}
