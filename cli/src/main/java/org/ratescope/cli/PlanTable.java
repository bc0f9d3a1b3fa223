package org.ratescope.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.ratescope.run.Plan;
import org.ratescope.train.Cohort;
import org.ratescope.vae.Layout;

/** A {@link Plan} for people and for scripts. */
record PlanTable(Plan plan) {

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
    fields.put("parametersPerRun", Layout.of(cohort.first()).size());
    fields.put("modelSteps", cohort.modelSteps());
    fields.put("runs", cohort.runs().stream().map(run -> run.id().hex()).toList());
    return fields;
  }

  void print(PrintWriter out) {
    Table.print(out, fields(), false);
    for (Cohort cohort : plan.cohorts()) {
      out.println(
          "cohort %s: %d runs of %s, latent %d, %s parameters each, %s model-steps"
              .formatted(
                  cohort.id(),
                  cohort.size(),
                  cohort.first().architecture().text(),
                  cohort.first().latentSize(),
                  ProgressLine.count(Layout.of(cohort.first()).size()),
                  ProgressLine.count(cohort.modelSteps())));
    }
    plan.notes().forEach(out::println);
  }
}
