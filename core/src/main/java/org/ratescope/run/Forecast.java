package org.ratescope.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.ratescope.data.ImageSource;
import org.ratescope.data.Partition;
import org.ratescope.estimate.Estimators;
import org.ratescope.estimate.Setting;
import org.ratescope.estimate.TrainedModel;
import org.ratescope.record.Estimate;
import org.ratescope.source.ImageLibrary;
import org.ratescope.study.Evaluation;
import org.ratescope.study.Half;
import org.ratescope.study.RunRandom;
import org.ratescope.study.RunSpec;
import org.ratescope.study.Split;
import org.ratescope.torch.Engine;
import org.ratescope.torch.Pool;
import org.ratescope.torch.Scope;
import org.ratescope.train.Cohort;
import org.ratescope.train.TrainingProgram;
import org.ratescope.train.TrainingState;
import org.ratescope.vae.Footprint;
import org.ratescope.vae.Layout;

/**
 * What a plan will cost on this machine, from a short calibration: a few real steps and a few real
 * evaluation batches of each shape of cohort, on random pixels, with all workers busy at once as
 * they will be.
 *
 * @param shapes the cost of each shape of cohort
 * @param seconds predicted wall-clock time of the whole plan
 * @param nativeBytes predicted native memory of all workers, without the images, which are mapped
 *     and shared
 * @param diskBytes predicted size of weights, records and the largest set of checkpoints
 */
public record Forecast(List<Shape> shapes, double seconds, long nativeBytes, long diskBytes) {
  /** Size of a record with its pictures: measured at 9 to 25 kB. */
  private static final long RECORD_BYTES = 25_000;

  /** Parameters and three moments. */
  private static final int CHECKPOINT_ROWS = 4;

  private static final int CALIBRATION_IMAGES = 2048;

  public Forecast {
    shapes = List.copyOf(shapes);
  }

  /**
   * The cost of one shape of cohort.
   *
   * @param cohort a cohort of that shape
   * @param cohorts how many there are
   * @param parameters trainable parameters of one run
   * @param stepSeconds one step of the whole cohort, K model-steps
   * @param exampleSeconds evaluation of one example of one run
   */
  public record Shape(
      Cohort cohort, int cohorts, long parameters, double stepSeconds, double exampleSeconds) {

    /** Time of one cohort on one worker: training, then evaluation of both halves. */
    double cohortSeconds(Map<Split, Long> evaluated) {
      double training = stepSeconds * cohort.first().training().iterations();
      double evaluation = 0;
      for (RunSpec run : cohort.runs()) {
        evaluation += exampleSeconds * evaluated.getOrDefault(run.split(), 0L);
      }
      return training + evaluation;
    }
  }

  /**
   * Calibrates and predicts.
   *
   * @param library where the data set comes from, whose splits are counted
   * @param secondsPerShape how long each shape of cohort is tried
   */
  public static Forecast of(Plan plan, ImageLibrary library, int workers, double secondsPerShape)
      throws IOException, InterruptedException {
    Map<String, List<Cohort>> byShape = new LinkedHashMap<>();
    for (Cohort cohort : plan.cohorts()) {
      String key = Cohort.shape(cohort.first()) + ";K=" + cohort.size();
      byShape.computeIfAbsent(key, k -> new ArrayList<>()).add(cohort);
    }
    Map<Split, Long> evaluated = evaluated(plan, library.source(plan.study().data()));
    List<Shape> shapes = new ArrayList<>();
    double workSeconds = 0;
    long memory = 0;
    long checkpoint = 0;
    for (List<Cohort> cohorts : byShape.values()) {
      Shape shape = calibrate(cohorts, plan.study().evaluation(), workers, secondsPerShape);
      shapes.add(shape);
      for (Cohort cohort : cohorts) {
        workSeconds +=
            new Shape(cohort, 1, shape.parameters(), shape.stepSeconds(), shape.exampleSeconds())
                .cohortSeconds(evaluated);
      }
      memory = Math.max(memory, nativeBytes(shape.cohort()));
      checkpoint = Math.max(checkpoint, CHECKPOINT_ROWS * rowBytes(shape.cohort()));
    }
    int busy = Math.max(1, Math.min(workers, plan.cohorts().size()));
    return new Forecast(
        shapes, workSeconds / busy, busy * memory, disk(plan, shapes) + busy * checkpoint);
  }

  /** Examples that are evaluated for a run of each split, over both halves. */
  private static Map<Split, Long> evaluated(Plan plan, ImageSource source) {
    Map<Split, Long> counts = new LinkedHashMap<>();
    int limit = plan.study().evaluation().examples();
    for (Split split : plan.study().splits()) {
      Partition partition = source.partition(split);
      long count = 0;
      for (Half half : Half.values()) {
        count += Math.min(limit, partition.size(half));
      }
      counts.put(split, count);
    }
    return counts;
  }

  /** One value for each parameter of a cohort. */
  private static long rowBytes(Cohort cohort) {
    return Footprint.of(cohort.first()).rows(cohort.size());
  }

  /** A cohort is trained, and then its runs are evaluated beside its state. */
  private static long nativeBytes(Cohort cohort) {
    Footprint footprint = Footprint.of(cohort.first());
    return Math.max(
        footprint.training(cohort.size(), cohort.first().training().batch()),
        CHECKPOINT_ROWS * rowBytes(cohort) + footprint.evaluation(TrainedModel.BATCH));
  }

  private static long disk(Plan plan, List<Shape> shapes) {
    long bytes = plan.runsToTrain() * RECORD_BYTES;
    for (Shape shape : shapes) {
      bytes += shape.cohorts() * rowBytes(shape.cohort());
    }
    return bytes;
  }

  private static Shape calibrate(
      List<Cohort> cohorts, Evaluation evaluation, int workers, double seconds)
      throws InterruptedException {
    Cohort cohort = cohorts.getFirst();
    Callable<double[]> trial = () -> trial(cohort, evaluation, seconds);
    try (ExecutorService pool = Executors.newFixedThreadPool(workers)) {
      double step = 0;
      double example = 0;
      for (Future<double[]> result : pool.invokeAll(Collections.nCopies(workers, trial))) {
        step += result.get()[0] / workers;
        example += result.get()[1] / workers;
      }
      return new Shape(
          cohort, cohorts.size(), Layout.of(cohort.first()).parameters(), step, example);
    } catch (ExecutionException e) {
      throw new IllegalStateException("the calibration of " + cohort.first() + " failed", e);
    }
  }

  /** Random pixels. Blank ones would do for a step, but all would be equally near to each other. */
  private static Pool noise(int dimensions) {
    float[] values = new float[CALIBRATION_IMAGES * dimensions];
    RunRandom random = RunRandom.of(0, RunRandom.Stream.NOISE, 0);
    for (int i = 0; i < values.length; i++) {
      values[i] = (random.word(i) >>> 40) * 0x1p-24f;
    }
    return Pool.of(values, CALIBRATION_IMAGES, dimensions);
  }

  /** Seconds per step, and per evaluated example. */
  private static double[] trial(Cohort cohort, Evaluation evaluation, double seconds) {
    Engine.useOneThread();
    try (Scope scope = new Scope()) {
      Pool pool = noise(cohort.first().data().dimensions());
      int[] rows = IntStream.range(0, CALIBRATION_IMAGES).toArray();
      TrainingState state = TrainingState.initial(cohort);
      TrainingProgram program =
          new TrainingProgram(
              cohort, pool, cohort.runs().stream().map(run -> rows).toList(), state);
      double step = program.secondsPerStep(seconds);
      int half = CALIBRATION_IMAGES / 2;
      Partition partition =
          Partition.of(Arrays.copyOf(rows, half), Arrays.copyOfRange(rows, half, rows.length));
      Setting setting = Setting.of(pool, partition, half);
      TrainedModel model = TrainedModel.of(state.parameters(), 0, cohort.first().likelihood());
      long start = System.nanoTime();
      int examples = 0;
      do {
        List<Estimate> estimates =
            Estimators.standard().estimate(evaluation, model, setting, Half.TEST, 0);
        examples += estimates.isEmpty() ? 1 : half;
      } while (System.nanoTime() - start < seconds * 5e8);
      return new double[] {step, (System.nanoTime() - start) / 1e9 / examples};
    }
  }
}
