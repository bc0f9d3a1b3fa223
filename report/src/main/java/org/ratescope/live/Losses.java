package org.ratescope.live;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.ratescope.results.LossPoint;
import org.ratescope.spec.RunId;
import org.ratescope.spec.RunSpec;

/**
 * The training losses of single batches, for a limited number of runs. Losses of ended runs stay
 * visible until new runs start.
 */
final class Losses {
  static final int MOST_RUNS = 200;

  private final Map<RunId, ObjectNode> all = new LinkedHashMap<>();
  private final Map<RunId, ObjectNode> fresh = new LinkedHashMap<>(); // not yet sent
  private final Set<RunId> ended = new LinkedHashSet<>();
  private final Set<RunId> forgotten = new LinkedHashSet<>(); // not yet sent

  /** Makes space for new runs. */
  void forgetEnded() {
    ended.forEach(all::remove);
    ended.forEach(fresh::remove);
    forgotten.addAll(ended);
    ended.clear();
  }

  /**
   * Adds a new run; ignores it if there are too many. A run that starts again, for example in a
   * part of its cohort, loses its earlier losses.
   */
  void begin(RunSpec run, String cohort) {
    boolean again = all.containsKey(run.id());
    if (again) {
      forgotten.add(run.id());
    }
    if (again || all.size() < MOST_RUNS) {
      all.put(run.id(), empty(run, cohort));
      fresh.put(run.id(), empty(run, cohort));
    }
  }

  private static ObjectNode empty(RunSpec run, String cohort) {
    ObjectNode losses = RunPoint.settings(run).put("cohort", cohort);
    losses.putArray("step");
    losses.putArray("distortion");
    losses.putArray("rate");
    return losses;
  }

  void add(RunSpec run, String cohort, LossPoint point) {
    ObjectNode losses = all.get(run.id());
    if (losses != null) {
      add(losses, point);
      add(fresh.computeIfAbsent(run.id(), id -> empty(run, cohort)), point);
    }
  }

  private static void add(ObjectNode losses, LossPoint point) {
    losses.withArray("step").add(point.step());
    losses.withArray("distortion").add(RunPoint.number(point.distortion()));
    losses.withArray("rate").add(RunPoint.number(point.rate()));
  }

  void end(RunId run) {
    if (all.containsKey(run)) {
      ended.add(run);
    }
  }

  boolean areSent() {
    return fresh.isEmpty() && forgotten.isEmpty();
  }

  /** All losses. */
  ArrayNode json() {
    return JsonNodeFactory.instance.arrayNode().addAll(all.values());
  }

  /** Adds the losses that were not sent yet, and marks them as sent. */
  void takeFresh(ObjectNode into) {
    into.putArray("traces").addAll(fresh.values());
    ArrayNode ids = into.putArray("forgotten");
    forgotten.forEach(run -> ids.add(run.hex()));
    fresh.clear();
    forgotten.clear();
  }
}
