package org.ratescope.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.ratescope.model.ObjectiveWeights;
import org.ratescope.model.Parameters;
import org.ratescope.model.Vae;
import org.ratescope.results.LossPoint;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.Objective;
import org.ratescope.spec.RunRandom;
import org.ratescope.spec.RunSpec;
import org.ratescope.tensor.Device;
import org.ratescope.tensor.FlushedSubnormals;
import org.ratescope.tensor.ImageTensor;
import org.ratescope.tensor.ProductRounding;
import org.ratescope.tensor.Tensors;

/**
 * The step that trains the runs at a cohort's first places, K at once, and its buffers. It holds
 * native memory of the scope that was open when it was made, and allocates nothing that outlives a
 * step.
 *
 * <p>A run whose loss becomes non-finite is frozen at that step; its neighbours go on as if it were
 * not there.
 */
public final class TrainStep {
  private final TrainingState state;
  private final List<RunSpec> specs = new ArrayList<>(); // by place
  private final List<BatchSampler> orders = new ArrayList<>();
  private final List<BatchSampler> validations = new ArrayList<>(); // empty without early stopping
  private final Vae vae;
  private final ObjectiveWeights weights;
  private final Adam adam;
  private final BatchLoader feed;
  private final @Nullable NonFiniteDetector divergence; // none on the CPU, where every step looks
  private final int[] validationBatches;
  private final boolean roundsProducts;

  /**
   * @param pool all images of the data set
   * @param trainRows for each run of the cohort the rows of the pool that train it
   * @param state where training stands, updated in place
   */
  public TrainStep(Cohort cohort, ImageTensor pool, List<int[]> trainRows, TrainingState state) {
    this(cohort, pool, trainRows, state, !Device.of(state.parameters().rows()).isCpu());
  }

  /**
   * @param apart whether to avoid synchronising with the device (true on a GPU)
   */
  TrainStep(
      Cohort cohort, ImageTensor pool, List<int[]> trainRows, TrainingState state, boolean apart) {
    this.state = state;
    roundsProducts = cohort.first().training().roundsProducts();
    int k = state.places();
    int batch = cohort.first().training().batch();
    int[] trainExamples = new int[k];
    validationBatches = new int[k];
    List<int[]> rows = new ArrayList<>(); // that train, by place
    for (int place = 0; place < k; place++) {
      RunSpec spec = cohort.runs().get(state.runAt(place));
      ValidationRows parted =
          ValidationRows.of(trainRows.get(state.runAt(place)), spec.training().stopping(), batch);
      specs.add(spec);
      rows.add(parted.train());
      trainExamples[place] = parted.train().length;
      orders.add(BatchSampler.shuffled(spec.seed(), parted.train(), batch));
      validationBatches[place] = parted.validation().length / batch;
      if (validationBatches[place] > 0) {
        validations.add(BatchSampler.inOrder(parted.validation(), batch));
      }
    }
    Parameters parameters = state.parameters().range(0, k);
    if (state.step() == 0) {
      StartImages.write(parameters, specs, rows, pool);
    }
    Device device = Device.of(parameters.rows());
    Parameters gradients =
        Parameters.zeros(parameters.layout(), cohort.first().training().precision(), k, device);
    Likelihood likelihood = cohort.first().likelihood();
    vae =
        roundsProducts // a sparse first layer would not round, and neighbours decide whether it is
            ? Vae.forPlainTraining(parameters, gradients, batch, likelihood)
            : Vae.forTraining(parameters, gradients, batch, likelihood);
    List<Objective> objectives = specs.stream().map(RunSpec::objective).toList();
    weights = ObjectiveWeights.of(vae, objectives, trainExamples);
    feed = new BatchLoader(pool, vae, specs, apart);
    divergence = apart ? new NonFiniteDetector(device, k) : null;
    adam = new Adam(cohort, state, gradients, apart);
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
    try (PointerScope scope = new PointerScope();
        FlushedSubnormals flushed = FlushedSubnormals.open()) {
      int step = state.step();
      feed.load(orders, RunRandom.Stream.NOISE, step);
      findGradients(step, trace);
      adam.update(step);
      state.step(step + 1);
    }
  }

  /** The part of an update between the batch's coming and Adam. */
  void findGradients(int step, boolean trace) {
    try (ProductRounding products = ProductRounding.set(roundsProducts)) {
      vae.forward();
      lookForDiverged(step);
      if (trace) {
        settle();
        trace(step);
      }
      vae.backward(weights);
    }
  }

  /** An update without the two operators that libtorch's device {@code meta} lacks. */
  void stepWithoutImagesAndAdam(int step) {
    feed.send(orders, RunRandom.Stream.NOISE, step);
    findGradients(step, false);
  }

  /**
   * The loss of each place's run on the examples that were set aside, in nats per example: the
   * negative objective, with the same noise at every call. Runs differ in how many batches they
   * have; those with fewer start over, and what they compute then is left out.
   */
  double[] validationLosses() {
    int batches = Arrays.stream(validationBatches).max().orElse(0);
    try (PointerScope scope = new PointerScope()) {
      Tensor all = Tensors.empty(vae.noise(), batches, places());
      for (int number = 0; number < batches; number++) {
        validate(number, all.select(0, number));
      }
      double[] values = Tensors.doubles(all);
      double[] losses = new double[places()];
      for (int i = 0; i < values.length; i++) {
        int place = i % losses.length;
        if (i / losses.length < validationBatches[place]) {
          losses[place] += values[i] / validationBatches[place];
        }
      }
      return losses;
    }
  }

  private void validate(int number, Tensor into) {
    try (PointerScope scope = new PointerScope()) {
      feed.load(validations, RunRandom.Stream.VALIDATION, number);
      try (ProductRounding products = ProductRounding.set(roundsProducts)) {
        vae.forward();
        into.copy_(vae.loss(weights));
      }
    }
  }

  /** Losses of single examples: nats, [K * B], the first place's before the second's. */
  @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
  record Losses(double[] distortion, double[] rate) {}

  /** The losses of a batch of other examples, before an update, without rounded products. */
  Losses losses(List<BatchSampler> others, RunRandom.Stream stream, int number) {
    try (PointerScope scope = new PointerScope();
        ProductRounding never = ProductRounding.set(false)) {
      feed.load(others, stream, number);
      vae.forward();
      return new Losses(Tensors.doubles(vae.distortion()), Tensors.doubles(vae.rate()));
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
    awaitDevice();
    long start = System.nanoTime();
    int steps = 0;
    do {
      step(false);
      steps++;
    } while (System.nanoTime() - start < seconds * 1e9);
    awaitDevice();
    return (System.nanoTime() - start) / 1e9 / steps;
  }

  /** Waits until the device has done all steps. */
  public void awaitDevice() {
    Device.of(vae.noise()).synchronize();
  }

  private void lookForDiverged(int step) {
    if (divergence == null) {
      freezeDiverged(step);
    } else {
      divergence.note(vae.finite(), step);
    }
  }

  /**
   * Takes note of the runs that have diverged since it was last asked. On the CPU every step does
   * so; a device is waited for.
   */
  void settle() {
    if (divergence == null) {
      return;
    }
    double[] since = divergence.since();
    for (int place = 0; place < since.length; place++) {
      RunProgress run = state.progress(state.runAt(place));
      if (!run.hasEnded() && since[place] < Double.POSITIVE_INFINITY) {
        run.diverged((int) since[place]);
      }
    }
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
    double[] distortion = Tensors.doubles(vae.distortion().mean(1L));
    double[] rate = Tensors.doubles(vae.rate().mean(1L));
    for (int place = 0; place < distortion.length; place++) {
      RunProgress run = state.progress(state.runAt(place));
      if (!run.hasEnded()) {
        run.trace().add(new LossPoint(step, distortion[place], rate[place]));
      }
    }
  }
}
