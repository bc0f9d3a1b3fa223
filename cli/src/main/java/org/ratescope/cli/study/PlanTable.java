package org.ratescope.cli.study;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ratescope.cli.process.NamedValues;
import org.ratescope.cli.process.ProgressLine;
import org.ratescope.model.ParameterLayout;
import org.ratescope.plan.Forecast;
import org.ratescope.plan.Plan;
import org.ratescope.spec.RunId;
import org.ratescope.spec.RunSpec;
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

    String line() {
      String time = seconds.map(ProgressLine::duration).orElse("-");
      return "%-20s  %5s  %8s  %8s".formatted(study, runs, toTrain, time);
    }
  }

  private List<Part> parts() {
    Set<RunId> untrained = plan.wanted();
    List<Part> parts = new ArrayList<>();
    for (Study study : plan.suite().studies()) {
      List<RunSpec> runs = study.runs();
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

  void print(PrintWriter out) {
    Map<String, Object> fields = fields();
    forecast.ifPresent(cost -> readable(fields, cost));
    NamedValues.print(out, fields, false);
    if (!plan.suite().isSingle()) {
      printStudies(out);
      return;
    }
    for (Cohort cohort : plan.cohorts()) {
      out.println(
          "cohort %s: %s runs of %s, latent %s, %s parameters each, %s model-steps"
              .formatted(
                  cohort.id(),
                  cohort.size(),
                  cohort.first().architecture().text(),
                  cohort.first().latentSize(),
                  ProgressLine.count(ParameterLayout.of(cohort.first()).parameters()),
                  ProgressLine.count(cohort.modelSteps())));
    }
    plan.notes().forEach(out::println);
  }

  /** A suite has too many cohorts to list; {@code --json} lists them. */
  private void printStudies(PrintWriter out) {
    out.println();
    out.println("study                  runs  to train      time");
    parts().forEach(part -> out.println(part.line()));
    if (!plan.suite().leftOut().isEmpty()) {
      out.println("without this profile: " + String.join(", ", plan.suite().leftOut()));
    }
    plan.notes().forEach(out::println);
  }

  private static void readable(Map<String, Object> fields, Forecast cost) {
    fields.remove("seconds");
    fields.remove("memoryBytes");
    fields.remove("diskBytes");
    fields.put("time", "about " + ProgressLine.duration(cost.seconds()));
    fields.put("memory", "about " + mebibytes(cost.nativeBytes()));
    fields.put("disk", "about " + mebibytes(cost.diskBytes()));
  }

  static String mebibytes(long bytes) {
    return ProgressLine.count(Math.ceilDiv(bytes, 1 << 20)) + " MiB";
  }
}
