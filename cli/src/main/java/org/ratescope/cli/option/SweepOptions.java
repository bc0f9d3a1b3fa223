package org.ratescope.cli.option;

import org.ratescope.plan.Planner;
import org.ratescope.plan.Shard;
import org.ratescope.sweep.LocalRunner;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The part of a study for this process, and the number of failures that stops it. */
public final class SweepOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  private Shard shard = Shard.WHOLE;
  private int allowedFailures = Integer.MAX_VALUE;

  @Option(
      names = "--fail-fast",
      description = "Stop at the first failed run; the same as --max-failures 0.")
  private boolean failFast;

  @Option(
      names = "--check",
      description =
          "First verify the weights of all finished runs, and train runs again whose weights are"
              + " missing, damaged, or of another run.")
  private boolean check;

  @Option(
      names = "--shard",
      paramLabel = "I/N",
      description = {
        "Carry out the I-th of N parts of the study, without waiting for other processes: for an"
            + " array of N tasks of a scheduler, all with the same --workers. Any later call"
            + " carries out parts that failed."
      })
  void setShard(String text) {
    try {
      shard = Shard.parse(text);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--shard: " + e.getMessage(), e);
    }
  }

  @Option(
      names = "--max-failures",
      paramLabel = "N",
      description =
          "Stop when more than N runs have failed (default: never). Diverged runs do not count.")
  void setAllowedFailures(int given) {
    if (given < 0) {
      throw new ParameterException(
          spec.commandLine(), "--max-failures: got %s; expected at least 0".formatted(given));
    }
    allowedFailures = given;
  }

  public Planner applyTo(Planner planner) {
    Planner part = planner.shard(shard);
    return check ? part.checkingWeights() : part;
  }

  /** How many runs may fail before the call stops. */
  int allowedFailures() {
    return failFast ? 0 : allowedFailures;
  }

  public LocalRunner applyTo(LocalRunner runner) {
    LocalRunner bounded = runner.allowedFailures(allowedFailures());
    return shard.equals(Shard.WHOLE) ? bounded : bounded.withoutWaiting();
  }
}
