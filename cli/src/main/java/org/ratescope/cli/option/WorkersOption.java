package org.ratescope.cli.option;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The number of cohorts trained at the same time. */
public final class WorkersOption {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  private int workers = Runtime.getRuntime().availableProcessors();
  private boolean given;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description =
          "Number of cohorts (groups of runs) to train at the same time, each on one core (default:"
              + " the number of cores).")
  void set(int count) {
    if (count < 1) {
      throw new ParameterException(
          spec.commandLine(), "--workers: got %s; expected at least 1".formatted(count));
    }
    workers = count;
    given = true;
  }

  /** Whether the option was given. */
  boolean isGiven() {
    return given;
  }

  public int count() {
    return workers;
  }
}
