package org.ratescope.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.ratescope.model.ParameterLayout;
import org.ratescope.model.Parameters;
import org.ratescope.results.CurvePoint;
import org.ratescope.results.LossPoint;
import org.ratescope.results.Outcome;
import org.ratescope.spec.Precision;
import org.ratescope.spec.Stopping;
import org.ratescope.tensor.Device;

/**
 * All that changes while a cohort is trained, and so all that a checkpoint holds. There is no
 * generator state.
 *
 * <p>Each run has a <i>place</i>, its row of the tensors. At first run k has place k. A run that
 * has ended changes places with the last one that still trains, so that these always stand in the
 * first rows and a program can be made for them alone.
 */
public final class TrainingState {
  private final Map<String, Parameters> parts = new LinkedHashMap<>();
  private final Parameters parameters;
  private final @Nullable Parameters best; // weights with the smallest validation loss
  private final List<RunProgress> runs = new ArrayList<>();
  private final int[] runAt;
  private int places;
  private int step;

  private TrainingState(
      ParameterLayout layout, Precision precision, int k, boolean keepsBest, Device device) {
    for (String name : partNames(keepsBest)) {
      parts.put(name, Parameters.zeros(layout, precision, k, device));
    }
    parameters = part("parameters");
    best = parts.get("best");
    runAt = IntStream.range(0, k).toArray();
    places = k;
    for (int run = 0; run < k; run++) {
      runs.add(new RunProgress());
    }
  }

  private static SequencedSet<String> partNames(boolean keepsBest) {
    SequencedSet<String> names = new LinkedHashSet<>();
    names.addAll(List.of("parameters", "firstMoments", "secondMoments", "largestSecondMoments"));
    if (keepsBest) {
      names.add("best");
    }
    return names;
  }

  /** The names of every tensor that a checkpoint of a cohort keeps. */
  static SequencedSet<String> partNames(Cohort cohort) {
    return partNames(keepsBest(cohort));
  }

  private static boolean keepsBest(Cohort cohort) {
    return cohort.first().training().stopping() instanceof Stopping.Patience;
  }

  /** The state before the first update: initial weights from each run's seed. */
  public static TrainingState initial(Cohort cohort) {
    return initial(cohort, Device.CPU);
  }

  /** The same on a device. */
  public static TrainingState initial(Cohort cohort, Device device) {
    TrainingState state = empty(cohort, device);
    for (int k = 0; k < cohort.size(); k++) {
      state.parameters.initialize(k, cohort.runs().get(k).seed());
    }
    return state;
  }

  /** A state of the cohort's shape with all numbers zero, to be filled from a checkpoint. */
  static TrainingState empty(Cohort cohort, Device device) {
    return new TrainingState(
        ParameterLayout.of(cohort.first()),
        cohort.first().training().precision(),
        cohort.size(),
        keepsBest(cohort),
        device);
  }

  /** Weights of all runs, by place. */
  public Parameters parameters() {
    return parameters;
  }

  Parameters firstMoments() {
    return part("firstMoments");
  }

  Parameters secondMoments() {
    return part("secondMoments");
  }

  Parameters largestSecondMoments() {
    return part("largestSecondMoments");
  }

  private Parameters part(String name) {
    Parameters part = parts.get(name);
    if (part == null) {
      throw new IllegalStateException("there is no part of that name: " + name);
    }
    return part;
  }

  /** Every tensor that a checkpoint keeps, by name. */
  Map<String, Parameters> parts() {
    return parts;
  }

  /** Updates made so far. */
  public int step() {
    return step;
  }

  void step(int updates) {
    step = updates;
  }

  /** Places that a program is made for: the first ones. */
  int places() {
    return places;
  }

  /** Updates still to be made to reach the last iteration, counted per model. */
  public long modelStepsLeft(int iterations) {
    return (long) places * (iterations - step);
  }

  /** The run at a place. */
  int runAt(int place) {
    return runAt[place];
  }

  /** The place, or row, of a run. */
  public int placeOf(int run) {
    return IntStream.range(0, runAt.length).filter(p -> runAt[p] == run).findFirst().orElseThrow();
  }

  /** Takes the places from a checkpoint. */
  void places(int[] runs, int count) {
    System.arraycopy(runs, 0, runAt, 0, runAt.length);
    places = count;
  }

  /** How far a run has come. */
  RunProgress progress(int run) {
    return runs.get(run);
  }

  /** Batch losses of a run so far. */
  public List<LossPoint> trace(int run) {
    return runs.get(run).trace();
  }

  /** Learning curves of a run so far. */
  public List<CurvePoint> curve(int run) {
    return runs.get(run).curve();
  }

  /** Whether a run has not ended. */
  boolean isTraining(int run) {
    return !runs.get(run).hasEnded();
  }

  /** Whether every run has ended. */
  public boolean isOver() {
    return runs.stream().allMatch(RunProgress::hasEnded);
  }

  /**
   * Takes note of a validation loss of the run at a place: where it is the smallest so far, its
   * weights are kept.
   */
  void measured(int place, double loss) {
    if (runs.get(runAt[place]).measured(step, loss) && best != null) {
      copyRow(best, place, parameters, place);
    }
  }

  /** Ends the run at a place, with its best weights where they were kept. */
  void finish(int place) {
    RunProgress run = runs.get(runAt[place]);
    if (best != null && run.bestStep() >= 0) {
      copyRow(parameters, place, best, place);
    }
    run.finished(step);
  }

  /**
   * Frees the places of runs that have ended.
   *
   * @return how many
   */
  int release() {
    int before = places;
    for (int place = places - 1; place >= 0; place--) {
      if (!isTraining(runAt[place])) {
        swap(place, --places);
      }
    }
    return before - places;
  }

  private void swap(int a, int b) {
    if (a != b) {
      parts.values().forEach(part -> swapRows(part, a, b));
      int run = runAt[a];
      runAt[a] = runAt[b];
      runAt[b] = run;
    }
  }

  private static void swapRows(Parameters part, int a, int b) {
    try (PointerScope scope = new PointerScope()) {
      Tensor kept = part.row(a).clone();
      part.row(a).copy_(part.row(b));
      part.row(b).copy_(kept);
    }
  }

  private static void copyRow(Parameters to, int toPlace, Parameters from, int fromPlace) {
    try (PointerScope scope = new PointerScope()) {
      to.row(toPlace).copy_(from.row(fromPlace));
    }
  }

  /** How a run ended, once training is over. */
  public Outcome outcome(int run) {
    return runs.get(run).outcome(step);
  }
}
