package org.ratescope.plan;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.ratescope.dataset.Partition;
import org.ratescope.dataset.catalogue.Catalogue;
import org.ratescope.dataset.catalogue.ImageDescription;
import org.ratescope.dataset.catalogue.KnownSet;
import org.ratescope.dataset.source.ImageLibrary;
import org.ratescope.estimate.Cost;
import org.ratescope.estimate.Estimators;
import org.ratescope.estimate.EvaluationData;
import org.ratescope.estimate.TrainedModel;
import org.ratescope.model.MemoryEstimate;
import org.ratescope.model.ParameterLayout;
import org.ratescope.results.Estimate;
import org.ratescope.spec.RunFields;
import org.ratescope.spec.RunRandom;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Stopping;
import org.ratescope.spec.Subset;
import org.ratescope.spec.data.CatalogueImages;
import org.ratescope.spec.data.CustomImages;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.study.Evaluation;
import org.ratescope.tensor.Device;
import org.ratescope.tensor.ImageTensor;
import org.ratescope.tensor.Libtorch;
import org.ratescope.tensor.Scope;
import org.ratescope.train.Cohort;
import org.ratescope.train.TrainStep;
import org.ratescope.train.TrainingState;

/**
 * The predicted cost of a plan on this machine, from a short calibration: a few real steps and a
 * few real evaluation batches for each shape of cohort, on random pixels, with all workers active
 * at the same time.
 *
 * @param shapes the cost of each shape of cohort
 * @param costs the cost of each run that is to be trained
 * @param workers number of workers with work
 * @param nativeBytes predicted native memory of all workers, without the images, which are mapped
 *     and shared
 * @param checkpointBytes predicted size of the largest set of checkpoints
 */
public record Forecast(
    List<Shape> shapes,
    Map<RunSpec, RunCost> costs,
    int workers,
    long nativeBytes,
    long checkpointBytes) {
  /** Size of a record with its pictures: measured at 9 to 25 kB. */
  private static final long RECORD_BYTES = 25_000;

  private static final int CALIBRATION_IMAGES = 2048;

  /** Time of all trials of steps together, without the warm-up before the first counted step. */
  private static final double SECONDS = 12;

  /**
   * Time of one comparison of {@link Cost#values}: 16,384 codes with as many components of 10
   * dimensions take 3.1 to 5.6 s (docs/estimators.md).
   */
  private static final double SECONDS_PER_VALUE = 1.5e-9;

  public Forecast {
    shapes = List.copyOf(shapes);
    costs = Map.copyOf(costs);
  }

  /**
   * The cost of one run.
   *
   * @param seconds of one worker, for training and evaluation
   * @param diskBytes of its weights and its record
   */
  public record RunCost(double seconds, long diskBytes) {}

  /**
   * The cost of one shape of cohort.
   *
   * @param cohort a cohort of that shape
   * @param cohorts their number
   * @param parameters trainable parameters of one run
   * @param stepSeconds one step of the whole cohort, K model-steps
   * @param passSeconds one example's pass through one trained model
   */
  public record Shape(
      Cohort cohort, int cohorts, long parameters, double stepSeconds, double passSeconds) {}

  /** Predicted wall-clock time of the whole plan. */
  public double seconds() {
    return seconds(costs.keySet());
  }

  /** Predicted wall-clock time of these runs; a run that is not to be trained costs nothing. */
  public double seconds(Collection<RunSpec> runs) {
    return runs.stream().mapToDouble(run -> cost(run).seconds()).sum() / workers;
  }

  /** Predicted size of weights, records and the largest set of checkpoints. */
  public long diskBytes() {
    return diskBytes(costs.keySet()) + checkpointBytes;
  }

  /** Predicted size of the weights and records of these runs. */
  public long diskBytes(Collection<RunSpec> runs) {
    return runs.stream().mapToLong(run -> cost(run).diskBytes()).sum();
  }

  private RunCost cost(RunSpec run) {
    return costs.getOrDefault(run, new RunCost(0, 0));
  }

  /**
   * Calibrates and predicts.
   *
   * @param library the source of the data sets, whose splits are counted
   * @param estimators those that the studies can request, with their costs
   * @param device where runs are computed
   * @param secondsPerShape time for each shape of cohort, less if there are many
   */
  public static Forecast of(
      Plan plan,
      ImageLibrary library,
      Estimators estimators,
      int workers,
      Device device,
      double secondsPerShape)
      throws IOException, InterruptedException {
    Map<String, List<Cohort>> byShape = new LinkedHashMap<>();
    for (Cohort cohort : plan.cohorts()) {
      String key = RunFields.shape(cohort.first()) + ";K=" + cohort.size();
      byShape.computeIfAbsent(key, k -> new ArrayList<>()).add(cohort);
    }
    SplitSizes sizes = new SplitSizes(library);
    List<Shape> shapes = new ArrayList<>();
    Map<RunSpec, RunCost> costs = new HashMap<>();
    long memory = 0;
    long checkpoint = 0;
    for (List<Cohort> cohorts : byShape.values()) {
      Shape shape =
          calibrate(cohorts, workers, device, Math.min(secondsPerShape, SECONDS / byShape.size()));
      shapes.add(shape);
      for (Cohort cohort : cohorts) {
        for (RunSpec run : cohort.runs()) {
          costs.put(run, cost(run, shape, plan.suite().evaluation(run), estimators, sizes));
        }
      }
      memory = Math.max(memory, nativeBytes(shape.cohort()));
      checkpoint = Math.max(checkpoint, stateBytes(shape.cohort()));
    }
    int busy = Math.max(1, Math.min(workers, plan.cohorts().size()));
    return new Forecast(shapes, costs, busy, busy * memory, busy * checkpoint);
  }

  private static RunCost cost(
      RunSpec run, Shape shape, Evaluation evaluation, Estimators estimators, SplitSizes sizes)
      throws IOException {
    double training = shape.stepSeconds() / shape.cohort().size() * run.training().iterations();
    double evaluating = 0;
    for (Subset subset : Subset.values()) {
      long examples = Math.min(evaluation.examples(), sizes.of(run, subset));
      Cost.Scale scale =
          new Cost.Scale(
              examples, sizes.of(run, Subset.TRAIN), run.latentSize(), run.data().dimensions());
      Cost cost = estimators.cost(evaluation, scale);
      evaluating += cost.passes() * shape.passSeconds() + cost.values() * SECONDS_PER_VALUE;
    }
    return new RunCost(training + evaluating, RECORD_BYTES + weightBytes(run));
  }

  private static long weightBytes(RunSpec run) {
    return MemoryEstimate.of(run).rows(1);
  }

  /** The size of a cohort's checkpoint. */
  private static long stateBytes(Cohort cohort) {
    return MemoryEstimate.of(cohort.first()).state(cohort.size());
  }

  /** After training a cohort, its runs are evaluated in addition to its state. */
  private static long nativeBytes(Cohort cohort) {
    MemoryEstimate footprint = MemoryEstimate.of(cohort.first());
    return Math.max(
        footprint.training(cohort.size(), cohort.first().training().batch()),
        stateBytes(cohort) + footprint.evaluation(TrainedModel.BATCH));
  }

  private static Shape calibrate(List<Cohort> cohorts, int workers, Device device, double seconds)
      throws InterruptedException {
    Cohort cohort = cohorts.getFirst();
    Callable<double[]> trial = () -> trial(cohort, device, seconds);
    try (ExecutorService pool = Executors.newFixedThreadPool(workers)) {
      double step = 0;
      double example = 0;
      for (Future<double[]> result : pool.invokeAll(Collections.nCopies(workers, trial))) {
        step += result.get()[0] / workers;
        example += result.get()[1] / workers;
      }
      return new Shape(
          cohort, cohorts.size(), ParameterLayout.of(cohort.first()).parameters(), step, example);
    } catch (ExecutionException e) {
      throw new IllegalStateException("the calibration of " + cohort.first() + " failed", e);
    }
  }

  /**
   * Random pixels, with the same share of zeros as the data, since the encoder's first layer skips
   * zeros. All zeros would not work, since all images would have the same distance.
   */
  private static ImageTensor noise(DataSpec data) {
    float[] values = new float[CALIBRATION_IMAGES * data.dimensions()];
    RunRandom random = RunRandom.of(0, RunRandom.Stream.NOISE, 0);
    double blank = blank(data);
    for (int i = 0; i < values.length; i++) {
      float value = (random.word(i) >>> 40) * 0x1p-24f;
      values[i] = value < blank ? 0 : value;
    }
    return ImageTensor.of(values, CALIBRATION_IMAGES, data.dimensions());
  }

  /** The share of exact zeros among the pixels; 0 if nobody has counted. */
  private static double blank(DataSpec data) {
    return switch (data) {
      case DataSpec.Tetrominoes tetrominoes -> 0.94;
      case CatalogueImages set ->
          Catalogue.builtIn()
              .set(set.name())
              .flatMap(KnownSet::images)
              .map(ImageDescription::blank)
              .orElse(0.0);
      case CustomImages own -> 0;
    };
  }

  /** A step costs the same; images set aside for early stopping might leave too few for batches. */
  private static Cohort withoutStopping(Cohort cohort) {
    return new Cohort(
        cohort.runs().stream().map(run -> run.stopping(new Stopping.Never())).toList());
  }

  /** Seconds for each step, and for each pass of one example. */
  private static double[] trial(Cohort cohort, Device device, double seconds) {
    Libtorch.useOneThread();
    try (Scope scope = new Scope()) {
      ImageTensor pool = noise(cohort.first().data()).on(device.require());
      int[] rows = IntStream.range(0, CALIBRATION_IMAGES).toArray();
      Cohort steps = withoutStopping(cohort);
      TrainingState state = TrainingState.initial(steps, device);
      TrainStep program =
          new TrainStep(steps, pool, steps.runs().stream().map(run -> rows).toList(), state);
      double step = program.secondsPerStep(seconds);
      int half = CALIBRATION_IMAGES / 2;
      Partition partition =
          Partition.of(Arrays.copyOf(rows, half), Arrays.copyOfRange(rows, half, rows.length));
      EvaluationData setting = EvaluationData.of(pool, partition, half);
      TrainedModel model = TrainedModel.of(state.parameters(), 0, cohort.first().likelihood());
      Evaluation passes = new Evaluation(List.of("distortion"), half);
      long start = System.nanoTime();
      int examples = 0;
      do {
        List<Estimate> estimates =
            Estimators.standard().estimate(passes, model, setting, Subset.TEST, 0);
        examples += estimates.isEmpty() ? 1 : half;
      } while (System.nanoTime() - start < seconds * 5e8);
      return new double[] {step, (System.nanoTime() - start) / 1e9 / examples};
    }
  }
}
