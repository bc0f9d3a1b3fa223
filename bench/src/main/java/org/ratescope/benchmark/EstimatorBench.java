package org.ratescope.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.ratescope.bench.MachineLimits;
import org.ratescope.dataset.Partition;
import org.ratescope.estimate.posterior.Examples;
import org.ratescope.estimate.posterior.InferenceMarginal;
import org.ratescope.estimate.posterior.Neighbours;
import org.ratescope.estimate.posterior.Posteriors;
import org.ratescope.model.Vae;
import org.ratescope.model.layer.ImageShape;
import org.ratescope.model.layer.ParameterLayout;
import org.ratescope.model.layer.Parameters;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.RunRandom;
import org.ratescope.spec.Subset;
import org.ratescope.tensor.ImageTensor;
import org.ratescope.tensor.Libtorch;
import org.ratescope.tensor.Tensors;

/**
 * The dear estimators on one core, beside the matrix-product peak of the same core in the same run.
 * Started by {@code mvn -pl bench -am package} and the class path it leaves; see
 * docs/performance.md.
 */
public final class EstimatorBench {
  private static final int COMPONENTS = 16_384;
  private static final int LATENT = 10;
  private static final int DIMENSIONS = 3072;
  private static final int TESTED = 4096;
  private static final int EVALUATED = 512;

  private EstimatorBench() {}

  /** Prints one line for each measurement. */
  public static void main(String[] arguments) {
    measure().forEach(System.out::println);
  }

  /** Measures everything, about a minute on one core. */
  static List<String> measure() {
    Libtorch.useOneThread();
    List<String> lines = new ArrayList<>();
    double peak = MachineLimits.measure().productFlops();
    lines.add("matrix product 2048^3, float32: %.1f GFLOP/s, the peak below".formatted(peak / 1e9));
    double mixture = exactMixture();
    lines.add(
        "exact mixture, %,d codes x %,d components x %d dimensions: %.2f s, %.2f ns a pair"
            .formatted(
                COMPONENTS, COMPONENTS, LATENT, mixture, mixture * 1e9 / COMPONENTS / COMPONENTS));
    double rate = 2.0 * TESTED * COMPONENTS * DIMENSIONS / neighbours();
    lines.add(
        "nearest neighbours, %,d in %,d images of %,d values: %.1f GFLOP/s, %.2f of the peak"
            .formatted(TESTED, COMPONENTS, DIMENSIONS, rate / 1e9, rate / peak));
    for (String architecture : List.of("mlp:1x512", "mlp:3x512", "cnn:3x64")) {
      lines.add(passes(architecture, peak));
    }
    return lines;
  }

  /** Distortion and rate of a batch, as every estimator of a half of the data asks for them. */
  private static String passes(String architecture, double peak) {
    try (PointerScope scope = new PointerScope()) {
      ParameterLayout layout =
          ParameterLayout.of(Architecture.parse(architecture), new ImageShape(3, 32, 32), LATENT);
      Parameters parameters = Parameters.zeros(layout, ScalarType.Float, 1);
      parameters.initialize(0, 1);
      Vae vae = Vae.forEvaluation(parameters, EVALUATED, new Likelihood.Bernoulli());
      vae.images().copy_(ConvolutionBench.random(1, EVALUATED, DIMENSIONS));
      vae.noise().copy_(ConvolutionBench.random(1, EVALUATED, LATENT));
      double seconds =
          BestOfTrials.best(
              10,
              () -> {
                try (PointerScope pass = new PointerScope()) {
                  vae.forward();
                  double distortion = vae.distortion().sum().item_double();
                  double rate = vae.rate().sum().item_double();
                  if (!Double.isFinite(distortion + rate)) {
                    throw new IllegalStateException("a pass must be finite");
                  }
                }
              });
      double flops = (double) layout.forwardOperations() * EVALUATED / seconds;
      return "%s, distortion and rate of 3x32x32 images, %d at once: %,.0f images/s, %.1f GFLOP/s, %.2f of the peak"
          .formatted(architecture, EVALUATED, EVALUATED / seconds, flops / 1e9, flops / peak);
    }
  }

  /** log q(z) of every code under all posteriors, in seconds. */
  private static double exactMixture() {
    double[] mean = normals(1, COMPONENTS * LATENT);
    double[] logVar = normals(2, COMPONENTS * LATENT);
    InferenceMarginal marginal = InferenceMarginal.of(Posteriors.of(LATENT, mean, logVar));
    double[] codes = normals(3, COMPONENTS * LATENT);
    double[] sum = new double[1];
    return BestOfTrials.best(2, () -> sum[0] += marginal.logDensity(codes)[0]);
  }

  /** The nearest of the training images for each tested one, in seconds. */
  private static double neighbours() {
    try (PointerScope scope = new PointerScope()) {
      double[] pixels = normals(4, DIMENSIONS);
      Tensor images = Tensors.empty(ScalarType.Float, COMPONENTS + TESTED, DIMENSIONS);
      for (int row = 0; row < COMPONENTS + TESTED; row++) {
        for (int i = 0; i < pixels.length; i++) {
          pixels[i] = RunRandom.of(5, RunRandom.Stream.NOISE, row).uniform(i);
        }
        Tensors.write(pixels, images.select(0, row));
      }
      ImageTensor pool = new ImageTensor(images);
      int[] train = IntStream.range(0, COMPONENTS).toArray();
      int[] test = IntStream.range(COMPONENTS, COMPONENTS + TESTED).toArray();
      Partition partition = Partition.of(train, test);
      Examples examples = Examples.ofRows(pool, Subset.TEST, test);
      double[] sum = new double[1];
      return BestOfTrials.best(
          2, () -> sum[0] += Neighbours.of(pool, partition, examples).distance(0));
    }
  }

  private static double[] normals(long seed, int count) {
    double[] values = new double[count];
    RunRandom.of(seed, RunRandom.Stream.NOISE, 0).normals(values, 0, count);
    return values;
  }
}
