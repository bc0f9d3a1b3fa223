package org.ratescope.results;

import java.util.List;
import java.util.Optional;
import org.ratescope.spec.RunId;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Subset;
import org.ratescope.study.Evaluation;

/**
 * What a run leaves behind: its description, how it ended and what was estimated. The format of its
 * file is documented in docs/record-format.md.
 *
 * @param spec the run
 * @param outcome how it ended
 * @param evaluation what was requested
 * @param estimates the numbers; empty when the run did not finish
 * @param trace batch losses along the way
 * @param curve training and test losses of fixed samples along the way; empty in older records
 * @param pictures picked examples and their reconstructions
 * @param provenance data, software and machine
 */
public record RunRecord(
    RunSpec spec,
    Outcome outcome,
    Evaluation evaluation,
    List<Estimate> estimates,
    List<LossPoint> trace,
    List<CurvePoint> curve,
    List<Picture> pictures,
    Provenance provenance) {
  public RunRecord {
    estimates = List.copyOf(estimates);
    trace = List.copyOf(trace);
    curve = List.copyOf(curve);
    pictures = List.copyOf(pictures);
  }

  /** A record without learning curves. */
  public RunRecord(
      RunSpec spec,
      Outcome outcome,
      Evaluation evaluation,
      List<Estimate> estimates,
      List<LossPoint> trace,
      List<Picture> pictures,
      Provenance provenance) {
    this(spec, outcome, evaluation, estimates, trace, List.of(), pictures, provenance);
  }

  /** The run's identity. */
  public RunId id() {
    return spec.id();
  }

  /** Its head. */
  public RunSummary summary() {
    return RunSummary.of(this);
  }

  /** The estimate of that name on that set, if it was made. */
  public Optional<Estimate> estimate(String name, Subset subset) {
    return estimates.stream()
        .filter(e -> e.name().equals(name) && e.subset() == subset)
        .findFirst();
  }
}
