package org.ratescope.progress;

import java.util.LinkedHashMap;
import java.util.Map;
import org.ratescope.spec.Objective;
import org.ratescope.spec.RunId;
import org.ratescope.spec.RunSpec;

/** A run's settings under short names, and what else others want to know of a run. */
final class RunSettings {
  private RunSettings() {}

  /** Texts, whole and other numbers by name in a fixed order. */
  static Map<String, Object> of(RunSpec run) {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("data", run.data().text());
    settings.put("split", run.split().text());
    settings.put("architecture", run.architecture().text());
    settings.put("latent", run.latentSize());
    settings.put("likelihood", run.likelihood().text());
    settings.put("objective", run.objective().family().text());
    settings.put("betaMi", run.objective().betaMi());
    settings.put("betaKl", run.objective().betaKl());
    settings.put("iterations", run.training().iterations());
    settings.put("batch", run.training().batch());
    settings.put("learningRate", run.training().learningRate());
    settings.put("precision", run.training().precision().text());
    settings.put("stopping", run.training().stopping().text());
    settings.put("seed", run.seed());
    return settings;
  }

  /** A name for people, {@code mlp:3x512 cv:0.1 beta=0.5 seed 2}. */
  static String name(RunSpec run) {
    return "%s %s %s seed %s"
        .formatted(
            run.architecture().text(), run.split().text(), weights(run.objective()), run.seed());
  }

  private static String weights(Objective objective) {
    return objective.usesClosedFormRate()
        ? "beta=" + objective.betaKl()
        : "betaMi=%s betaKl=%s".formatted(objective.betaMi(), objective.betaKl());
  }

  /** The same text for runs that differ in nothing but their seed. */
  static String restarts(RunSpec run) {
    return RunId.of(run.canonical().replaceFirst(";seed=-?\\d+", "")).hex();
  }
}
