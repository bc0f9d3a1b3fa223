package org.ratescope.train;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.ratescope.record.TracePoint;
import org.ratescope.study.RunRandom;
import org.ratescope.study.RunSpec;
import org.ratescope.torch.Host;
import org.ratescope.torch.Pool;
import org.ratescope.vae.Parameters;
import org.ratescope.vae.Vae;

/**
 * Trains a cohort: one visible loop, K runs a step. It holds native memory of the scope that was
 * open when it was made.
 *
 * <p>A run whose loss becomes non-finite is frozen at that step; its neighbours go on as if it were
 * not there.
 */
public final class Trainer {
  /** About how many batch losses a trace keeps. */
  private static final int TRACE_POINTS = 100;

  private final Cohort cohort;
  private final int batch;
  private final Pool pool;
  private final List<BatchOrder> orders = new ArrayList<>();
  private final TrainingState state;
  private final Parameters gradients;
  private final Vae vae;
  private final Tensor beta; // [K, 1, 1]
  private final Tensor rows; // [K * B] int64
  private final Tensor images; // [K * B, D], the model's image buffer as a matrix
  private final long[] rowNumbers;
  private final double[] noise;
  private final Adam adam;

  /** Told after each step how many model-steps it made. */
  public interface StepListener {
    /** {@code modelSteps} more updates were made. */
    void advanced(int modelSteps);
  }

  /**
   * @param pool all images of the data set
   * @param trainRows for each run the rows of the pool that train it
   * @param state where training stands, updated in place
   */
  public Trainer(Cohort cohort, Pool pool, List<int[]> trainRows, TrainingState state) {
    this.cohort = cohort;
    this.pool = pool;
    this.state = state;
    int k = cohort.size();
    batch = cohort.first().training().batch();
    ScalarType type = Parameters.type(cohort.first().training().precision());
    gradients = Parameters.zeros(state.parameters().layout(), type, k);
    vae = Vae.forTraining(state.parameters(), gradients, batch, cohort.first().likelihood());
    double[] betas = new double[k];
    for (int run = 0; run < k; run++) {
      RunSpec spec = cohort.runs().get(run);
      if (!spec.objective().usesClosedFormRate()) {
        throw new IllegalArgumentException(
            "betaMi must equal betaKl, came " + spec.objective()); // see issue 4
      }
      betas[run] = spec.objective().betaKl();
      orders.add(new BatchOrder(spec.seed(), trainRows.get(run), batch));
    }
    beta = Host.tensor(type, betas, k, 1, 1);
    rowNumbers = new long[k * batch];
    rows = Host.indices(rowNumbers);
    images = vae.images().view((long) k * batch, -1);
    noise = new double[Math.toIntExact(vae.noise().numel())];
    adam = new Adam(cohort, state, gradients);
  }

  /**
   * Trains to the last iteration, from wherever the state stands.
   *
   * @param checkpoint keeps the state at intervals, and when interrupted
   * @throws InterruptedException if the thread is interrupted; the checkpoint then holds the state
   */
  public void train(Checkpoint checkpoint, StepListener listener)
      throws IOException, InterruptedException {
    int iterations = cohort.first().training().iterations();
    int traceEvery = Math.max(1, iterations / TRACE_POINTS);
    while (state.step() < iterations && anyTraining()) {
      if (Thread.interrupted()) {
        checkpoint.write(state);
        throw new InterruptedException("interrupted at step " + state.step());
      }
      boolean trace = state.step() % traceEvery == 0 || state.step() == iterations - 1;
      step(trace);
      listener.advanced(cohort.size());
      if (checkpoint.isDue()) {
        checkpoint.write(state);
      }
    }
  }

  /** One update of every run that is still training. */
  void step(boolean trace) {
    try (PointerScope scope = new PointerScope()) {
      int step = state.step();
      loadBatch(step);
      loadNoise(step);
      vae.forward();
      freezeDiverged(step);
      if (trace) {
        trace(step);
      }
      vae.backward(beta);
      adam.update(step);
      state.step(step + 1);
    }
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

  private void loadBatch(int step) {
    for (int k = 0; k < orders.size(); k++) {
      orders.get(k).write(step, rowNumbers, k * batch);
    }
    Host.write(rowNumbers, rows);
    pool.gather(rows, images);
  }

  private void loadNoise(int step) {
    int perRun = noise.length / cohort.size();
    for (int k = 0; k < cohort.size(); k++) {
      RunRandom.of(cohort.runs().get(k).seed(), RunRandom.Stream.NOISE, step)
          .normals(noise, k * perRun, perRun);
    }
    Host.write(noise, vae.noise());
  }

  private void freezeDiverged(int step) {
    double[] finite = vae.finiteness();
    for (int k = 0; k < finite.length; k++) {
      if (state.isTraining(k) && !Double.isFinite(finite[k])) {
        state.diverged(k, step);
        adam.freeze(k);
      }
    }
  }

  private void trace(int step) {
    double[] distortion = Host.doubles(vae.distortion().mean(1L));
    double[] rate = Host.doubles(vae.rate().mean(1L));
    for (int k = 0; k < distortion.length; k++) {
      if (state.isTraining(k)) {
        state.trace(k).add(new TracePoint(step, distortion[k], rate[k]));
      }
    }
  }

  private boolean anyTraining() {
    for (int k = 0; k < cohort.size(); k++) {
      if (state.isTraining(k)) {
        return true;
      }
    }
    return false;
  }
}
