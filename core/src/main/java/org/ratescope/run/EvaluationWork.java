package org.ratescope.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
  private final Claim claim;
  private final Progress progress;

  EvaluationWork(Workplace workplace, RunSpec run, Claim claim, Progress progress) {
    this.workplace = workplace;
    this.run = run;
    this.claim = claim;
    this.progress = progress;
  }

  @Override
  public Integer call() throws IOException {
    Engine.useOneThread();
    progress.started(List.of(run));
    RunRecord old = workplace.store().read(run.id()).orElseThrow();
    try (Scope scope = new Scope()) {
      Parameters parameters =
          Parameters.zeros(Layout.of(run), run.training().precision(), 1, workplace.device());
      if (!readWeights(parameters)) {
        return 0;
      }
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
      if (claim.holds(run.id())) {
        workplace.store().write(record);
        progress.recorded(record);
      }
      return 0;
    }
  }

  /**
   * Whether the weights are whole. Damaged ones are removed: the next plan trains the run again, in
   * the cohort it was trained in.
   */
  private boolean readWeights(Parameters parameters) throws IOException {
    Path file = workplace.store().weightsFile(run.id());
    try {
      Weights.read(file, run, parameters, 0);
      return true;
    } catch (IOException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw e;
      }
      progress.note("damaged weights, the run is trained again: " + e.getMessage());
      Files.deleteIfExists(file);
      return false;
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
