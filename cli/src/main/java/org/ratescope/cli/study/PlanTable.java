package org.ratescope.cli.study;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ratescope.cli.process.HumanTime;
import org.ratescope.cli.process.NamedValues;
import org.ratescope.cli.process.ProgressLine;
import org.ratescope.model.ParameterLayout;
import org.ratescope.plan.Forecast;
import org.ratescope.plan.Plan;
import org.ratescope.spec.RunId;
import org.ratescope.spec.RunSpec;
import org.ratescope.sql.QueryResult;
import org.ratescope.study.Study;
import org.ratescope.train.Cohort;

/**
 * A {@link Plan} as text and for scripts.
 *
 * @param plan the remaining work
 * @param forecast its predicted cost, if requested
 */
record PlanTable(Plan plan, Optional<Forecast> forecast) {

  /** The numbers under the names that the command line prints, in a fixed order. */
  Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put(plan.suite().isSingle() ? "study" : "suite", plan.suite().name());
    fields.put("runs", plan.runs());
    fields.put("done", plan.done().size());
    fields.put("toEvaluate", plan.evaluations().size());
    fields.put("toTrain", plan.runsToTrain());
    fields.put("cohorts", plan.cohorts().size());
    fields.put("modelSteps", plan.modelSteps());
    forecast.ifPresent(
        cost -> {
          fields.put("seconds", Math.round(cost.seconds()));
          fields.put("memoryBytes", cost.nativeBytes());
          fields.put("diskBytes", cost.diskBytes());
        });
    return fields;
  }

  /**
   * The declared and missing runs of one study; runs that several studies declare count for each.
   */
  private record Part(String study, int runs, int toTrain, Optional<Double> seconds) {
    Map<String, Object> fields() {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("study", study);
      fields.put("runs", runs);
      fields.put("toTrain", toTrain);
      seconds.ifPresent(s -> fields.put("seconds", Math.round(s)));
      return fields;
    }

    List<Object> cells() {
      return List.of(study, runs, toTrain, time(toTrain, seconds));
    }
  }

  private List<Part> parts() {
    Set<RunId> untrained = plan.wanted();
    List<Part> parts = new ArrayList<>();
    for (Study study : plan.suite().studies()) {
      List<RunSpec> runs = plan.suite().runs(List.of(study.name()));
      List<RunSpec> toTrain = runs.stream().filter(run -> untrained.contains(run.id())).toList();
      Optional<Double> seconds = forecast.map(cost -> cost.seconds(toTrain));
      parts.add(new Part(study.name(), runs.size(), toTrain.size(), seconds));
    }
    return parts;
  }

  /** {@link #fields} with a list of the cohorts, each with its runs' ids, and the notes. */
  Map<String, Object> fieldsWithCohorts() {
    Map<String, Object> fields = fields();
    if (!plan.suite().isSingle()) {
      fields.put("studies", parts().stream().map(Part::fields).toList());
      fields.put("leftOut", plan.suite().leftOut());
    }
    fields.put("cohortList", plan.cohorts().stream().map(PlanTable::cohort).toList());
    fields.put("notes", plan.notes());
    return fields;
  }

  private static Map<String, Object> cohort(Cohort cohort) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("cohort", cohort.id().hex());
    fields.put("architecture", cohort.first().architecture().text());
    fields.put("latentSize", cohort.first().latentSize());
    fields.put("parametersPerRun", ParameterLayout.of(cohort.first()).parameters());
    fields.put("modelSteps", cohort.modelSteps());
    fields.put("runs", cohort.runs().stream().map(run -> run.id().hex()).toList());
    return fields;
  }

  /**
   * Prints the plan for people.
   *
   * @param cohorts whether to list the cohorts, the groups of runs that train together
   */
  void print(PrintWriter out, boolean cohorts) {
    NamedValues.print(out, texts(), false);
    out.println();
    if (plan.suite().isSingle()) {
      printGrid(out);
    } else {
      printStudies(out);
    }
    if (cohorts) {
      plan.cohorts().forEach(cohort -> out.println(line(cohort)));
    }
    plan.notes().forEach(out::println);
  }

  /** The totals under names for people. */
  private Map<String, Object> texts() {
    Map<String, Object> texts = new LinkedHashMap<>();
    texts.put(plan.suite().isSingle() ? "study" : "suite", plan.suite().name());
    texts.put("runs", ProgressLine.count(plan.runs()));
    texts.put("finished", ProgressLine.count(plan.done().size()));
    if (!plan.evaluations().isEmpty()) {
      texts.put("to evaluate", ProgressLine.count(plan.evaluations().size()));
    }
    texts.put("to train", ProgressLine.count(plan.runsToTrain()));
    forecast.ifPresent(
        cost -> {
          texts.put("time", "about " + HumanTime.about(cost.seconds()));
          texts.put("memory", "about " + mebibytes(cost.nativeBytes()));
          texts.put("disk", "about " + mebibytes(cost.diskBytes()));
        });
    return texts;
  }

  /** The runs of a study by split and architecture. */
  private void printGrid(PrintWriter out) {
    Set<RunId> untrained = plan.wanted();
    Map<List<String>, List<RunSpec>> groups = new LinkedHashMap<>();
    for (RunSpec run : plan.suite().runs()) {
      List<String> key = List.of(run.split().text(), run.architecture().text());
      groups.computeIfAbsent(key, k -> new ArrayList<>()).add(run);
    }
    List<List<Object>> rows = new ArrayList<>();
    groups.forEach(
        (key, runs) -> {
          List<RunSpec> toTrain =
              runs.stream().filter(run -> untrained.contains(run.id())).toList();
          rows.add(
              List.of(
                  key.get(0),
                  key.get(1),
                  ParameterLayout.of(runs.getFirst()).parameters(),
                  runs.size(),
                  toTrain.size(),
                  time(toTrain.size(), forecast.map(cost -> cost.seconds(toTrain)))));
        });
    out.print(
        new QueryResult(
                List.of("split", "architecture", "parameters", "runs", "to train", "time"), rows)
            .toText());
  }

  private static String time(int runs, Optional<Double> seconds) {
    return runs == 0 ? "" : seconds.map(HumanTime::about).orElse("-");
  }

  private static String line(Cohort cohort) {
    return "cohort %s: %s runs of %s, latent %s, %s parameters each, %s model-steps"
        .formatted(
            cohort.id(),
            cohort.size(),
            cohort.first().architecture().text(),
            cohort.first().latentSize(),
            ProgressLine.count(ParameterLayout.of(cohort.first()).parameters()),
            ProgressLine.count(cohort.modelSteps()));
  }

  private void printStudies(PrintWriter out) {
    List<List<Object>> rows = parts().stream().map(Part::cells).toList();
    out.print(new QueryResult(List.of("study", "runs", "to train", "time"), rows).toText());
    if (!plan.suite().leftOut().isEmpty()) {
      out.println("without this profile: " + String.join(", ", plan.suite().leftOut()));
    }
  }

  static String mebibytes(long bytes) {
    return ProgressLine.count(Math.ceilDiv(bytes, 1 << 20)) + " MiB";
  }
}
