package org.ratescope.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.ratescope.run.Forecast;
import org.ratescope.run.Plan;
import org.ratescope.train.Cohort;
import org.ratescope.vae.Layout;

/**
 * A {@link Plan} for people and for scripts.
 *
 * @param plan what is to be done
 * @param forecast what it will cost, where that was asked for
 */
record PlanTable(Plan plan, Optional<Forecast> forecast) {

  /** The numbers under the names the command line prints, in a fixed order. */
  Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("study", plan.study().name());
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

  /** {@link #fields} with a list of the cohorts, each with its runs' ids, and the notes. */
  Map<String, Object> fieldsWithCohorts() {
    Map<String, Object> fields = fields();
    fields.put("cohortList", plan.cohorts().stream().map(PlanTable::cohort).toList());
    fields.put("notes", plan.notes());
    return fields;
  }

  private static Map<String, Object> cohort(Cohort cohort) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("cohort", cohort.id().hex());
    fields.put("architecture", cohort.first().architecture().text());
    fields.put("latentSize", cohort.first().latentSize());
    fields.put("parametersPerRun", Layout.of(cohort.first()).parameters());
    fields.put("modelSteps", cohort.modelSteps());
    fields.put("runs", cohort.runs().stream().map(run -> run.id().hex()).toList());
    return fields;
  }

  void print(PrintWriter out) {
    Map<String, Object> fields = fields();
    forecast.ifPresent(cost -> readable(fields, cost));
    Table.print(out, fields, false);
    for (Cohort cohort : plan.cohorts()) {
      out.println(
          "cohort %s: %d runs of %s, latent %d, %s parameters each, %s model-steps"
              .formatted(
                  cohort.id(),
                  cohort.size(),
                  cohort.first().architecture().text(),
                  cohort.first().latentSize(),
                  ProgressLine.count(Layout.of(cohort.first()).parameters()),
                  ProgressLine.count(cohort.modelSteps())));
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

  private static String mebibytes(long bytes) {
    return ProgressLine.count(Math.ceilDiv(bytes, 1 << 20)) + " MiB";
  }
}
