package org.ratescope.page;

import static java.util.stream.Collectors.joining;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.ratescope.spec.Objective;
import org.ratescope.spec.RunField;
import org.ratescope.spec.RunFields;
import org.ratescope.spec.RunSpec;
import org.ratescope.sql.DisplayNames;
import org.ratescope.study.Evaluation;
import org.ratescope.study.Study;

/** The settings of a study as the rows of a table: one for each field of its runs, and others. */
final class StudySettings {
  /** The weights of the objectives, which are shown together. */
  private static final Set<RunField<?>> WEIGHTS = Set.of(RunFields.BETA_MI, RunFields.BETA_KL);

  private StudySettings() {}

  static String rows(Study study) {
    return of(study).entrySet().stream()
        .map(
            e ->
                "<tr><th scope=\"row\">%s</th><td>%s</td></tr>"
                    .formatted(Page.escape(e.getKey()), Page.escape(e.getValue())))
        .collect(joining("\n"));
  }

  private static Map<String, String> of(Study study) {
    Map<String, String> settings = new LinkedHashMap<>();
    List<RunSpec> runs = study.runs();
    for (RunField<?> field : RunFields.ALL) {
      if (field.equals(RunFields.OBJECTIVE)) {
        settings.put(
            field.title(),
            study.objectives().stream().map(StudySettings::objective).collect(joining(", ")));
      } else if (field.equals(RunFields.SEED)) {
        settings.put(
            "Restarts",
            "%s, seeds %s to %s"
                .formatted(study.restarts(), study.seed(), study.seed() + study.restarts() - 1));
      } else if (!WEIGHTS.contains(field)) {
        settings.put(
            field.title(),
            runs.stream().map(run -> value(field, run)).distinct().collect(joining("; ")));
      }
    }
    study.repeatDiverged().ifPresent(p -> settings.put("Diverged runs", "repeated in " + p.text()));
    settings.put("Estimates", evaluation(study.evaluation()));
    return settings;
  }

  private static String value(RunField<?> field, RunSpec run) {
    return field.plain(run) instanceof Integer whole
        ? String.format(Locale.ROOT, "%,d", whole)
        : field.isText() ? field.textOf(run) : field.labelOf(run);
  }

  private static String objective(Objective objective) {
    return objective.usesClosedFormRate()
        ? "β = " + DisplayNames.number(objective.betaKl())
        : "βMI = %s and βKL = %s"
            .formatted(
                DisplayNames.number(objective.betaMi()), DisplayNames.number(objective.betaKl()));
  }

  private static String evaluation(Evaluation evaluation) {
    String examples =
        evaluation.examples() == Evaluation.ALL
            ? "all examples of the training set and of the test set"
            : String.format(
                Locale.ROOT,
                "up to %,d examples of the training set and of the test set",
                evaluation.examples());
    return String.join(", ", evaluation.estimators()) + " on " + examples;
  }
}
