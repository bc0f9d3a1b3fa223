package org.ratescope.live;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.ratescope.results.Estimate;
import org.ratescope.results.Outcome;
import org.ratescope.results.RunRecord;
import org.ratescope.spec.Objective;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Subset;

/** A run as the page shows it: plain values in JSON. */
final class RunPoint {
  private RunPoint() {}

  /** A run's settings. */
  static ObjectNode settings(RunSpec run) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("run", run.id().hex())
        .put("split", run.split().text())
        .put("architecture", run.architecture().text())
        .put("latent", run.latentSize())
        .put("likelihood", run.likelihood().text())
        .put("objective", run.objective().family().label())
        .put("weight", weight(run.objective()))
        .put("betaMi", run.objective().betaMi())
        .put("betaKl", run.objective().betaKl())
        .put("precision", run.training().precision().text())
        .put("stopping", run.training().stopping().text())
        .put("seed", run.seed());
  }

  /** The number that varies along a rate-distortion curve of this kind of objective. */
  private static double weight(Objective objective) {
    return switch (objective.family()) {
      case BETA, MARGINAL_KL -> objective.betaKl();
      case MUTUAL_INFORMATION, BOTH -> objective.betaMi();
    };
  }

  /**
   * A run with its rate and distortion on the training set and the test set, if both were
   * estimated.
   */
  static ObjectNode of(RunRecord record) {
    ObjectNode point = settings(record.spec());
    for (Subset half : Subset.values()) {
      Optional<Estimate> rate = record.estimate("rate", half);
      Optional<Estimate> distortion = record.estimate("distortion", half);
      if (rate.isPresent() && distortion.isPresent()) {
        ObjectNode values = point.putObject(half.text());
        number(values, "rate", rate.get().value());
        number(values, "distortion", distortion.get().value());
      }
    }
    return point;
  }

  /** A run that diverged or failed, with its message. */
  static ObjectNode failure(RunRecord record) {
    Outcome outcome = record.outcome();
    String message =
        switch (outcome) {
          case Outcome.Failed failed -> failed.message();
          case Outcome.Diverged diverged ->
              "the loss became non-finite in the update numbered " + diverged.step();
          case Outcome.Finished finished -> "";
        };
    return JsonNodeFactory.instance
        .objectNode()
        .put("run", record.id().hex())
        .put("outcome", outcome.word())
        .put("step", outcome.step())
        .put("message", message)
        .put("spec", record.spec().canonical());
  }

  /**
   * Adds a number in single precision; a non-finite number is null, since JSON cannot represent it.
   */
  static void number(ObjectNode node, String name, double value) {
    if (Double.isFinite(value)) {
      node.put(name, (float) value);
    } else {
      node.putNull(name);
    }
  }
}
