package org.ratescope.live;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.ratescope.results.LossPoint;
import org.ratescope.results.Outcome;
import org.ratescope.results.RunRecord;
import org.ratescope.spec.Objective;
import org.ratescope.spec.RunFields;
import org.ratescope.spec.RunSpec;
import org.ratescope.train.Cohort;

/** The progress of a cohort. */
final class CohortState {
  private static final int MOST_NAMES = 3;

  private final Cohort cohort;
  private int step;
  private boolean started;
  private int recorded;
  private int unfinished;

  CohortState(Cohort cohort) {
    this.cohort = cohort;
  }

  String id() {
    return cohort.id().hex();
  }

  void started() {
    started = true;
  }

  void traced(LossPoint point) {
    step = Math.max(step, point.step() + 1);
  }

  void recorded(RunRecord record) {
    recorded++;
    unfinished += record.outcome() instanceof Outcome.Finished ? 0 : 1;
    step = Math.max(step, record.outcome().step());
  }

  private String word() {
    if (recorded == cohort.size()) {
      return "done";
    }
    if (!started) {
      return "waiting";
    }
    return step >= cohort.first().training().iterations() || recorded > 0
        ? "estimating"
        : "training";
  }

  ObjectNode json() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", id())
        .put("what", what())
        .put("runs", cohort.size())
        .put("step", step)
        .put("iterations", cohort.first().training().iterations())
        .put("state", word())
        .put("recorded", recorded)
        .put("unfinished", unfinished);
  }

  /**
   * The settings of its runs, {@code mlp:3x512, cv:0.1, latent 10, beta 0.001 to 5, seeds 0 to 4}.
   */
  private String what() {
    RunSpec first = cohort.first();
    String what =
        String.join(
            ", ",
            first.architecture().text(),
            names(run -> run.split().text(), "splits"),
            "latent " + first.latentSize(),
            first.likelihood().text(),
            weights(),
            range("seed", "seeds", cohort.runs().stream().map(r -> (double) r.seed()).toList()));
    String others =
        RunFields.WRITTEN.stream()
            .filter(field -> field.omitted().isPresent() && !field.isOmitted(first))
            .map(field -> ", " + field.phraseOf(first))
            .collect(Collectors.joining());
    return what + ", " + first.training().precision().text() + others;
  }

  private String names(Function<RunSpec, String> name, String many) {
    List<String> names = cohort.runs().stream().map(name).distinct().toList();
    return names.size() <= MOST_NAMES ? String.join(" ", names) : names.size() + " " + many;
  }

  private String weights() {
    Function<RunSpec, Objective> objective = RunSpec::objective;
    List<Objective> all = cohort.runs().stream().map(objective).distinct().toList();
    if (all.stream().allMatch(Objective::usesClosedFormRate)) {
      return range("β", "β", all.stream().map(Objective::betaKl).toList());
    }
    return range("β_MI", "β_MI", all.stream().map(Objective::betaMi).toList())
        + ", "
        + range("β_KL", "β_KL", all.stream().map(Objective::betaKl).toList());
  }

  private static String range(String one, String many, List<Double> values) {
    double least = values.stream().min(Double::compare).orElse(Double.NaN);
    double most = values.stream().max(Double::compare).orElse(Double.NaN);
    return least == most
        ? one + " " + number(least)
        : "%s %s to %s".formatted(many, number(least), number(most));
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e9
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
