package org.ratescope.page;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.Objective;
import org.ratescope.spec.Split;
import org.ratescope.spec.Training;
import org.ratescope.sql.DisplayNames;
import org.ratescope.study.Evaluation;
import org.ratescope.study.Study;

/** The settings of a study as the rows of a table. */
final class StudySettings {
  private StudySettings() {}

  static String rows(Study study) {
    return of(study).entrySet().stream()
        .map(
            e ->
                "<tr><th scope=\"row\">%s</th><td>%s</td></tr>"
                    .formatted(Page.escape(e.getKey()), Page.escape(e.getValue())))
        .collect(Collectors.joining("\n"));
  }

  private static Map<String, String> of(Study study) {
    Training training = study.training();
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("Data", study.data().text());
    settings.put(
        "Splits", study.splits().stream().map(Split::text).collect(Collectors.joining(", ")));
    settings.put(
        "Architectures",
        study.architectures().stream().map(Architecture::text).collect(Collectors.joining(", ")));
    settings.put(
        "Latent sizes",
        study.latentSizes().stream().map(String::valueOf).collect(Collectors.joining(", ")));
    settings.put(
        "Likelihood",
        study.likelihoods().stream().map(Likelihood::text).collect(Collectors.joining(", ")));
    settings.put(
        "Objectives",
        study.objectives().stream()
            .map(StudySettings::objective)
            .collect(Collectors.joining(", ")));
    settings.put(
        "Restarts",
        "%s, seeds %s to %s"
            .formatted(study.restarts(), study.seed(), study.seed() + study.restarts() - 1));
    settings.put(
        "Training",
        String.format(
            Locale.ROOT,
            "%,d iterations, batch %d, learning rate %s, %s",
            training.iterations(),
            training.batch(),
            DisplayNames.number(training.learningRate()),
            training.precision().text()));
    settings.put("Early stopping", stopping(study));
    study.repeatDiverged().ifPresent(p -> settings.put("Diverged runs", "repeated in " + p.text()));
    settings.put("Estimates", evaluation(study.evaluation()));
    return settings;
  }

  private static String objective(Objective objective) {
    return objective.usesClosedFormRate()
        ? "β = " + DisplayNames.number(objective.betaKl())
        : "βMI = %s and βKL = %s"
            .formatted(
                DisplayNames.number(objective.betaMi()), DisplayNames.number(objective.betaKl()));
  }

  private static String stopping(Study study) {
    return study.trainings().stream()
        .map(training -> training.stopping().text())
        .collect(Collectors.joining("; "));
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
