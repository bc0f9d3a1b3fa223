package org.ratescope.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.ratescope.bench.CaseSpeed.WaySpeed;
import org.ratescope.dataset.store.BuildListener;
import org.ratescope.model.architecture.Mlp;
import org.ratescope.spec.Training.Products;
import org.ratescope.tensor.Device;
import org.ratescope.tensor.ImageTensor;
import org.ratescope.tensor.ProductRounding;
import org.ratescope.tensor.Tensors;
import org.ratescope.train.Cohort;
import org.ratescope.train.TrainStep;
import org.ratescope.train.TrainingState;

/**
 * Measures training steps on one core: an eager loop, Ratescope with one model and with as many as
 * a study would stack, and the products and Adam alone. The ways take turns, since the speed of
 * shared machines drifts; then two workers are compared with one.
 */
public final class SpeedBench {
  static final String EAGER = "eager";
  static final String BARE = "products and Adam alone";
  private static final int ROUNDS = 5;

  private final double turn;
  private final Set<Products> products;
  private final BuildListener progress;

  /**
   * @param turn how many seconds a way is repeated before the next one takes its turn
   * @param products the forms of products of Ratescope's steps; the other ways use float32
   */
  public SpeedBench(double turn, Set<Products> products, BuildListener progress) {
    this.turn = turn;
    this.products = Collections.unmodifiableSet(new TreeSet<>(products));
    this.progress = progress;
  }

  /** Measures the machine and then each case. */
  public SpeedReport measure(List<BenchCase> cases) throws IOException, InterruptedException {
    MachineInfo machine = MachineInfo.here();
    progress.built("measuring the machine's limits", 0, cases.size());
    MachineLimits limits = MachineLimits.measure();
    List<CaseSpeed> speeds = new ArrayList<>();
    for (BenchCase measured : cases) {
      progress.built("measuring training steps", speeds.size(), cases.size());
      speeds.add(measure(measured, limits));
    }
    progress.built("measuring training steps", cases.size(), cases.size());
    return new SpeedReport(machine, limits, speeds, peakBytes());
  }

  private CaseSpeed measure(BenchCase measured, MachineLimits limits) throws InterruptedException {
    try (PointerScope scope = new PointerScope()) {
      ImageTensor pool = measured.images();
      int own = measured.ownCohort();
      Roofline cost = Roofline.of(measured.layout(), measured.batch());
      double roofline = cost.seconds(limits);
      Map<String, Integer> models = new LinkedHashMap<>();
      InterleavedTrials rounds =
          InterleavedTrials.measure(ROUNDS, turn, ways(measured, own, pool, models), () -> {});
      List<WaySpeed> speeds = new ArrayList<>();
      models.forEach(
          (way, k) ->
              speeds.add(
                  new WaySpeed(
                      way,
                      k,
                      k / rounds.median(way),
                      k * rounds.ratio(EAGER, way),
                      k * roofline / rounds.median(way),
                      way.startsWith("ratescope")
                          ? measured.footprint().training(k, measured.batch())
                          : 0)));
      return new CaseSpeed(measured, cost, roofline, speeds, workers(measured, own, pool));
    }
  }

  /** The ways of one case; {@code models} receives how many models a step of each trains. */
  private Map<String, Runnable> ways(
      BenchCase measured, int own, ImageTensor pool, Map<String, Integer> models) {
    Map<String, Runnable> ways = new LinkedHashMap<>();
    ways.put(EAGER, eager(measured, pool, Device.CPU));
    models.put(EAGER, 1);
    for (int k : own > 1 ? new int[] {1, own} : new int[] {1}) {
      for (Products form : products) {
        ways.put(name(k, form), ratescope(measured, k, form, pool, Device.CPU));
        models.put(name(k, form), k);
      }
    }
    if (measured.architecture() instanceof Mlp mlp) {
      long parameters = measured.layout().parameters();
      int latent = measured.layout().latentSize();
      int dimensions = measured.shape().dimensions();
      Runnable bare = new MatmulBaseline(mlp, dimensions, latent, measured.batch(), parameters);
      ways.put(BARE, unrounded(bare));
      models.put(BARE, 1);
    }
    return ways;
  }

  /** A user's loop: shuffled batches of images on the device, one update each. */
  static Runnable eager(BenchCase measured, ImageTensor pool, Device device) {
    TrainingState state = TrainingState.initial(measured.cohort(1), device);
    EagerLoop loop =
        new EagerLoop(
            measured.architecture(), measured.shape(), BenchCase.BETA, state.parameters());
    Tensor order = Tensors.empty(device, ScalarType.Long, pool.rows());
    int batches = pool.rows() / measured.batch();
    AtomicLong steps = new AtomicLong();
    return unrounded(
        () -> {
          try (PointerScope scope = new PointerScope()) {
            long batch = steps.getAndIncrement() % batches;
            if (batch == 0) {
              order.copy_(torch.randperm(pool.rows(), order.options()));
            }
            Tensor rows = order.narrow(0, batch * measured.batch(), measured.batch());
            loop.step(pool.resident().index_select(0, rows));
          }
        });
  }

  /** The same with float32 products, also where another way rounds their factors. */
  private static Runnable unrounded(Runnable step) {
    return () -> {
      try (ProductRounding never = ProductRounding.set(false)) {
        step.run();
      }
    };
  }

  /** Name of a way of Ratescope, by the number of models and the form of the products. */
  static String name(int k, Products products) {
    return "ratescope, K = " + k + (products == Products.FLOAT32 ? "" : ", " + products.text());
  }

  /** Ratescope's own step for that many models on the device: batch, noise, update. */
  static Runnable ratescope(
      BenchCase measured, int k, Products products, ImageTensor pool, Device device) {
    Cohort cohort = measured.cohort(k, products);
    int[] rows = IntStream.range(0, pool.rows()).toArray();
    TrainingState state = TrainingState.initial(cohort, device);
    TrainStep program = new TrainStep(cohort, pool, Collections.nCopies(k, rows), state);
    return () -> program.step(false);
  }

  /** Model-steps of two workers at once for each one of a worker alone: the median over rounds. */
  private double workers(BenchCase measured, int k, ImageTensor pool) throws InterruptedException {
    if (Runtime.getRuntime().availableProcessors() < 2) {
      return 0;
    }
    try (BenchWorker first = new BenchWorker(measured, k, pool);
        BenchWorker second = new BenchWorker(measured, k, pool)) {
      double warm = BenchWorker.await(first.steps(3)) + BenchWorker.await(second.steps(3));
      int count = (int) Math.max(1, 6 * turn / warm);
      double[] ratios = new double[ROUNDS];
      for (int round = 0; round < ROUNDS; round++) {
        double alone = BenchWorker.await(first.steps(count));
        Future<Double> one = first.steps(count);
        Future<Double> other = second.steps(count);
        double together = (BenchWorker.await(one) + BenchWorker.await(other)) / 2;
        ratios[round] = 2 * alone / together;
      }
      Arrays.sort(ratios);
      return ratios[ROUNDS / 2];
    }
  }

  /** The process's largest resident memory, where Linux tells it. */
  private static long peakBytes() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.isReadable(status)) {
      return 0;
    }
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElse(0);
    }
  }
}
