package org.ratescope.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.ratescope.record.TracePoint;
import org.ratescope.study.Objective;
import org.ratescope.study.RunRandom;
import org.ratescope.study.RunSpec;
import org.ratescope.torch.Host;
import org.ratescope.torch.Pool;
import org.ratescope.vae.ObjectiveWeights;
import org.ratescope.vae.Parameters;
import org.ratescope.vae.Vae;

/**
 * The step that trains the runs at a cohort's first places, K at once, and its buffers. It holds
 * native memory of the scope that was open when it was made, and allocates nothing that outlives a
 * step.
 *
 * <p>A run whose loss becomes non-finite is frozen at that step; its neighbours go on as if it were
 * not there.
 */
public final class TrainingProgram {
  private final Pool pool;
  private final TrainingState state;
  private final List<RunSpec> specs = new ArrayList<>(); // by place
  private final List<BatchOrder> orders = new ArrayList<>();
  private final List<BatchOrder> validations = new ArrayList<>(); // empty without early stopping
  private final Vae vae;
  private final ObjectiveWeights weights;
  private final Adam adam;
  private final Tensor rows; // [K * B] int64
  private final Tensor images; // [K * B, D], the model's image buffer as a matrix
  private final long[] rowNumbers;
  private final double[] noise;
  private final int[] validationBatches;

  /**
   * @param pool all images of the data set
   * @param trainRows for each run of the cohort the rows of the pool that train it
   * @param state where training stands, updated in place
   */
  public TrainingProgram(Cohort cohort, Pool pool, List<int[]> trainRows, TrainingState state) {
    this.pool = pool;
    this.state = state;
    int k = state.places();
    int batch = cohort.first().training().batch();
    int[] trainExamples = new int[k];
    validationBatches = new int[k];
    for (int place = 0; place < k; place++) {
      RunSpec spec = cohort.runs().get(state.runAt(place));
      ValidationRows parted =
          ValidationRows.of(trainRows.get(state.runAt(place)), spec.training().stopping(), batch);
      specs.add(spec);
      trainExamples[place] = parted.train().length;
      orders.add(BatchOrder.shuffled(spec.seed(), parted.train(), batch));
      validationBatches[place] = parted.validation().length / batch;
      if (validationBatches[place] > 0) {
        validations.add(BatchOrder.inOrder(parted.validation(), batch));
      }
    }
    Parameters parameters = state.parameters().range(0, k);
    ScalarType type = Host.type(parameters.rows());
    Parameters gradients = Parameters.zeros(parameters.layout(), type, k);
    vae = Vae.forTraining(parameters, gradients, batch, cohort.first().likelihood());
    List<Objective> objectives = specs.stream().map(RunSpec::objective).toList();
    weights = ObjectiveWeights.of(vae, objectives, trainExamples);
    rowNumbers = new long[k * batch];
    rows = Host.indices(rowNumbers);
    images = vae.images().view((long) k * batch, -1);
    noise = new double[Math.toIntExact(vae.noise().numel())];
    adam = new Adam(cohort, state, gradients);
  }

  /** K, the places it trains. */
  int places() {
    return specs.size();
  }

  /**
   * One update of every run that is still training.
   *
   * @param trace whether the batch's losses are kept
   */
  public void step(boolean trace) {
    try (PointerScope scope = new PointerScope()) {
      int step = state.step();
      loadBatch(orders, step);
      loadNoise(RunRandom.Stream.NOISE, step);
      vae.forward();
      freezeDiverged(step);
      if (trace) {
        trace(step);
      }
      vae.backward(weights);
      adam.update(step);
      state.step(step + 1);
    }
  }

  /**
   * The loss of each place's run on the examples that were set aside, in nats per example: the
   * negative objective, with the same noise at every call. Runs differ in how many batches they
   * have; those with fewer start over, and what they compute then is left out.
   */
  double[] validationLosses() {
    double[] losses = new double[places()];
    int batches = Arrays.stream(validationBatches).max().orElse(0);
    for (int number = 0; number < batches; number++) {
      try (PointerScope scope = new PointerScope()) {
        loadBatch(validations, number);
        loadNoise(RunRandom.Stream.VALIDATION, number);
        vae.forward();
        double[] batch = Host.doubles(vae.loss(weights));
        for (int place = 0; place < losses.length; place++) {
          if (number < validationBatches[place]) {
            losses[place] += batch[place] / validationBatches[place];
          }
        }
      }
    }
    return losses;
  }

  /**
   * The mean duration of a step over about that many seconds, after a warm-up. The state is trained
   * further by it.
   */
  public double secondsPerStep(double seconds) {
    for (int i = 0; i < 3; i++) {
      step(false);
    }
    long start = System.nanoTime();
    int steps = 0;
    do {
      step(false);
      steps++;
    } while (System.nanoTime() - start < seconds * 1e9);
    return (System.nanoTime() - start) / 1e9 / steps;
  }

  private void loadBatch(List<BatchOrder> from, int number) {
    int batch = rowNumbers.length / places();
    for (int place = 0; place < from.size(); place++) {
      from.get(place).write(number, rowNumbers, place * batch);
    }
    Host.write(rowNumbers, rows);
    pool.gather(rows, images);
  }

  private void loadNoise(RunRandom.Stream stream, int step) {
    int perRun = noise.length / places();
    for (int place = 0; place < places(); place++) {
      RunRandom.of(specs.get(place).seed(), stream, step).normals(noise, place * perRun, perRun);
    }
    Host.write(noise, vae.noise());
  }

  private void freezeDiverged(int step) {
    double[] finite = vae.finiteness();
    for (int place = 0; place < finite.length; place++) {
      RunProgress run = state.progress(state.runAt(place));
      if (!run.hasEnded() && !Double.isFinite(finite[place])) {
        run.diverged(step);
        adam.freeze(place);
      }
    }
  }

  private void trace(int step) {
    double[] distortion = Host.doubles(vae.distortion().mean(1L));
    double[] rate = Host.doubles(vae.rate().mean(1L));
    for (int place = 0; place < distortion.length; place++) {
      RunProgress run = state.progress(state.runAt(place));
      if (!run.hasEnded()) {
        run.trace().add(new TracePoint(step, distortion[place], rate[place]));
      }
    }
  }
}
