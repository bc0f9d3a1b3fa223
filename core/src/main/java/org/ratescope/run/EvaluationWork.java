package org.ratescope.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.ratescope.record.Estimate;
import org.ratescope.record.RunRecord;
import org.ratescope.study.RunSpec;
import org.ratescope.torch.Engine;
import org.ratescope.torch.Scope;
import org.ratescope.vae.Layout;
import org.ratescope.vae.Parameters;
import org.ratescope.vae.Weights;

/**
 * The work on one run whose kept weights are to be evaluated again: its record is replaced by one
 * with the estimates asked for.
 */
final class EvaluationWork implements Callable<Integer> {
  private final Workplace workplace;
  private final RunSpec run;
  private final Progress progress;

  EvaluationWork(Workplace workplace, RunSpec run, Progress progress) {
    this.workplace = workplace;
    this.run = run;
    this.progress = progress;
  }

  @Override
  public Integer call() throws IOException {
    Engine.useOneThread();
    progress.started(List.of(run));
    RunRecord old = workplace.store().read(run.id()).orElseThrow();
    try (Scope scope = new Scope()) {
      Parameters parameters = Parameters.zeros(Layout.of(run), run.training().precision(), 1);
      Weights.read(workplace.store().weightsFile(run.id()), parameters, 0);
      Workplace.Findings findings = workplace.evaluate(run, parameters, 0);
      RunRecord record =
          new RunRecord(
              run,
              old.outcome(),
              old.evaluation().and(workplace.suite().evaluation(run)),
              merged(old.estimates(), findings.estimates()),
              old.trace(),
              findings.pictures(),
              old.provenance());
      workplace.store().write(record);
      progress.recorded(record);
      return 0;
    }
  }

  /** The old estimates that were not made anew, then the new ones. */
  private static List<Estimate> merged(List<Estimate> old, List<Estimate> made) {
    List<Estimate> merged = new ArrayList<>(old);
    merged.removeIf(
        e -> made.stream().anyMatch(n -> n.name().equals(e.name()) && n.half() == e.half()));
    merged.addAll(made);
    return merged;
  }
}
