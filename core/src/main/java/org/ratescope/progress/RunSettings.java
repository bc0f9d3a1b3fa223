package org.ratescope.progress;

import java.util.LinkedHashMap;
import java.util.Map;
import org.ratescope.spec.Objective;
import org.ratescope.spec.RunFields;
import org.ratescope.spec.RunId;
import org.ratescope.spec.RunSpec;

/** A run's settings by name, and its name and group in trackers. */
final class RunSettings {
  private RunSettings() {}

  /** Texts and numbers by key, in the order of {@link RunFields#ALL}. */
  static Map<String, Object> of(RunSpec run) {
    Map<String, Object> settings = new LinkedHashMap<>();
    RunFields.ALL.forEach(field -> settings.put(field.key(), field.plain(run)));
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
    return RunId.of(RunFields.textWithout(RunFields.SEED, run)).hex();
  }
}
