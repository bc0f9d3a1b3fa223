package org.ratescope.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.ratescope.results.Estimate;
import org.ratescope.results.Outcome;
import org.ratescope.results.RunRecord;
import org.ratescope.spec.RunField;
import org.ratescope.spec.RunFields;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Subset;

/** A run as the page shows it: plain values in JSON. */
final class RunPoint {
  private static final Set<RunField<?>> NOT_GROUPED_BY =
      Set.of(RunFields.ARCHITECTURE, RunFields.BETA_MI, RunFields.BETA_KL, RunFields.SEED);

  private RunPoint() {}

  /** The fields of a run by key; of the objective its symbol, and the weight along its curve. */
  static ObjectNode settings(RunSpec run) {
    ObjectNode node = JsonNodeFactory.instance.objectNode().put("run", run.id().hex());
    RunFields.ALL.forEach(field -> node.putPOJO(field.key(), field.plain(run)));
    return node.put("objective", run.objective().family().label())
        .put("weight", run.objective().weight().orElse(run.objective().betaKl()));
  }

  /**
   * The fields by which curves can be told apart, the architecture first: key, title, and a phrase
   * with {@code %s} for the value.
   */
  static ArrayNode fields() {
    ArrayNode fields = JsonNodeFactory.instance.arrayNode();
    Stream.concat(
            Stream.of(RunFields.ARCHITECTURE),
            RunFields.ALL.stream().filter(field -> !NOT_GROUPED_BY.contains(field)))
        .forEach(
            field -> fields.addArray().add(field.key()).add(field.title()).add(field.phrase()));
    return fields;
  }

  /**
   * A run with its rate and distortion on the training set and the test set, if both were
   * estimated.
   */
  static ObjectNode of(RunRecord record) {
    ObjectNode point = settings(record.spec());
    for (Subset subset : Subset.values()) {
      Optional<Estimate> rate = record.estimate("rate", subset);
      Optional<Estimate> distortion = record.estimate("distortion", subset);
      if (rate.isPresent() && distortion.isPresent()) {
        ObjectNode values = point.putObject(subset.text());
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
   * Adds a number in single precision; one that is not finite there is null, since JSON cannot
   * represent it.
   */
  static void number(ObjectNode node, String name, double value) {
    node.set(name, number(value));
  }

  static JsonNode number(double value) {
    float single = (float) value;
    return Float.isFinite(single)
        ? JsonNodeFactory.instance.numberNode(single)
        : JsonNodeFactory.instance.nullNode();
  }
}
