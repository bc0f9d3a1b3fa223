package org.ratescope.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.bytedeco.javacpp.PointerScope;
import org.ratescope.bench.DeviceReport.DeviceCase;
import org.ratescope.bench.DeviceReport.DeviceWay;
import org.ratescope.dataset.store.BuildListener;
import org.ratescope.plan.CohortLimits;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Training.Products;
import org.ratescope.tensor.CudaDevice;
import org.ratescope.tensor.Device;
import org.ratescope.tensor.ImageTensor;

/**
 * Measures training steps on a GPU: an eager loop, and Ratescope with one model and with more and
 * more of them, as its memory allows. Each takes turns with the eager loop, and no clock is read
 * before the device has done all that was asked of it.
 */
public final class DeviceBench {
  private static final int[] LADDER = {1, 8, 32, 128, 512};
  private static final int ROUNDS = 5;

  /** Large enough for a GPU to be busy: 8192³, and 2.7 GB with gradient and moments. */
  private static final Limits LARGE = new Limits(8192, 1 << 27);

  private final Device device;
  private final CudaDevice gpu;
  private final double turn;
  private final Set<Products> products;
  private final Limits sizes;
  private final BuildListener progress;

  /** Rows of the matrices that are multiplied, and parameters of the pass of Adam. */
  record Limits(int product, int adam) {}

  DeviceBench(
      Device device,
      CudaDevice gpu,
      double turn,
      Set<Products> products,
      Limits sizes,
      BuildListener progress) {
    this.device = device;
    this.gpu = gpu;
    this.turn = turn;
    this.products = Collections.unmodifiableSet(new TreeSet<>(products));
    this.sizes = sizes;
    this.progress = progress;
  }

  /**
   * A bench of that device, which is there.
   *
   * @param turn how many seconds a way is repeated before the next one takes its turn
   * @param products the forms of products of Ratescope's steps; the eager loop uses float32
   */
  public static DeviceBench of(
      Device device, double turn, Set<Products> products, BuildListener progress) {
    return new DeviceBench(device, CudaDevice.of(device), turn, products, LARGE, progress);
  }

  /**
   * Measures the device and then each case.
   *
   * @param runs all runs whose time is to be extrapolated
   */
  public DeviceReport measure(List<BenchCase> cases, List<RunSpec> runs) throws IOException {
    MachineInfo machine = MachineInfo.here();
    progress.built("measuring the device's limits", 0, cases.size());
    MachineLimits limits = MachineLimits.measure(sizes.product(), sizes.adam(), device);
    List<DeviceCase> found = new ArrayList<>();
    for (BenchCase measured : cases) {
      found.add(measure(measured, limits, found.size(), cases.size()));
    }
    progress.built("measuring training steps", cases.size(), cases.size());
    return new DeviceReport(
        machine, device.text(), gpu, limits, found, Extrapolation.of(runs, found, limits));
  }

  private DeviceCase measure(BenchCase measured, MachineLimits limits, int done, int all) {
    Roofline cost = Roofline.of(measured.layout(), measured.batch());
    List<DeviceWay> ways = new ArrayList<>();
    int largest =
        CohortLimits.ofMemory(gpu.bytes()).largest(measured.footprint(), measured.batch());
    for (int k : ladder(largest)) {
      progress.built("measuring %s, K = %d".formatted(measured.text(), k), done, all);
      for (Products form : products) {
        ways.addAll(measure(measured, k, form, cost, limits, ways.isEmpty()));
      }
    }
    return new DeviceCase(measured, cost, cost.seconds(limits), ways);
  }

  /**
   * One K beside the eager loop, which is told once. The largest cohort fills the memory, so each
   * form of products has a scope of its own.
   */
  private List<DeviceWay> measure(
      BenchCase measured,
      int k,
      Products form,
      Roofline cost,
      MachineLimits limits,
      boolean tellsEager) {
    String name = SpeedBench.name(k, form);
    try (PointerScope scope = new PointerScope()) {
      ImageTensor pool = measured.images().on(device);
      Map<String, Runnable> ways = new LinkedHashMap<>();
      ways.put(SpeedBench.EAGER, SpeedBench.eager(measured, pool, device));
      ways.put(name, SpeedBench.ratescope(measured, k, form, pool, device));
      InterleavedTrials rounds = InterleavedTrials.measure(ROUNDS, turn, ways, device::synchronize);
      List<DeviceWay> found = new ArrayList<>();
      if (tellsEager) {
        found.add(way(SpeedBench.EAGER, 1, 0, rounds, cost, limits));
      }
      long bytes = measured.footprint().training(k, measured.batch());
      found.add(way(name, k, bytes, rounds, cost, limits));
      return found;
    }
  }

  private DeviceWay way(
      String name,
      int k,
      long bytes,
      InterleavedTrials rounds,
      Roofline cost,
      MachineLimits limits) {
    double seconds = rounds.median(name) / k; // of a model-step
    return new DeviceWay(
        name,
        k,
        1 / seconds,
        k * rounds.ratio(SpeedBench.EAGER, name),
        cost.seconds(limits) / seconds,
        cost.bytes() / limits.adamBytesPerSecond() / seconds,
        (double) bytes / gpu.bytes());
  }

  /** The numbers of models that are tried where so many fit: the largest is the last. */
  static List<Integer> ladder(int largest) {
    Set<Integer> ladder = new LinkedHashSet<>();
    for (int k : LADDER) {
      ladder.add(Math.min(k, largest));
    }
    return List.copyOf(ladder);
  }
}
