package org.ratescope.cli.model;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ratescope.cli.process.ExitCode;
import org.ratescope.cli.process.Json;
import org.ratescope.results.Estimate;
import org.ratescope.spec.Prior;
import org.ratescope.spec.RunFields;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Subset;
import org.ratescope.sweep.PriorFits;
import picocli.CommandLine;

/**
 * What {@code evaluate STUDY --prior} prints: the test values of each run, and the runs without.
 *
 * @param results by run
 * @param prior the prior that was fitted
 */
record FittedPriors(List<PriorFits.Result> results, Prior prior) {
  FittedPriors {
    results = List.copyOf(results);
  }

  /** Prints all of it; the exit code is 1 if a run has no values. */
  int print(CommandLine line, boolean json) {
    PrintWriter out = line.getOut();
    if (json) {
      out.println(Json.text(fields()));
    } else {
      for (PriorFits.Result result : results) {
        result.fitted().ifPresent(fitted -> print(out, result.run(), fitted.estimates()));
      }
    }
    int without = 0;
    for (PriorFits.Result result : results) {
      if (result.problem().isPresent()) {
        without++;
        line.getErr()
            .println("ratescope: run %s: %s".formatted(result.run().id(), result.problem().get()));
      }
    }
    line.getErr().flush();
    return without == 0 ? ExitCode.SUCCESS : ExitCode.FAILED;
  }

  private void print(PrintWriter out, RunSpec run, List<Estimate> estimates) {
    out.println(
        "run %s  %s, %s, %s, β = %s, trained with prior %s, fitted: %s"
            .formatted(
                run.id(),
                run.split().text(),
                run.architecture().text(),
                run.likelihood().text(),
                RunFields.BETA_KL.labelOf(run),
                run.prior().text(),
                prior.text()));
    estimates.stream()
        .filter(e -> e.subset() == Subset.TEST && !e.name().contains("."))
        .forEach(e -> out.println("  " + EvaluateCommand.line(e)));
  }

  private Map<String, Object> fields() {
    List<Map<String, Object>> runs = new ArrayList<>();
    for (PriorFits.Result result : results) {
      Map<String, Object> run = new LinkedHashMap<>();
      run.put("run", result.run().id().hex());
      result.problem().ifPresent(problem -> run.put("problem", problem));
      result
          .fitted()
          .ifPresent(
              fitted ->
                  run.put("estimates", fitted.estimates().stream().map(Estimate::fields).toList()));
      runs.add(run);
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("prior", prior.text());
    all.put("runs", runs);
    return all;
  }
}
