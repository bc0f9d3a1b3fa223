package org.ratescope.benchmark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.ratescope.bench.MachineLimits;
import org.ratescope.model.MemoryEstimate;
import org.ratescope.model.ObjectiveWeights;
import org.ratescope.model.Vae;
import org.ratescope.model.layer.ImageShape;
import org.ratescope.model.layer.ParameterLayout;
import org.ratescope.model.layer.Parameters;
import org.ratescope.plan.CohortLimits;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.Objective;
import org.ratescope.spec.Precision;
import org.ratescope.tensor.FusedAdam;
import org.ratescope.tensor.Libtorch;
import org.ratescope.tensor.Tensors;

/**
 * One training step (forward, backward, Adam) of the paper's networks at batch 128 on one core, for
 * one run and for as many as a cohort has at most, beside the matrix-product peak of the same core.
 * The cases take turns.
 */
public final class StepBench {
  private static final int BATCH = 128;
  private static final int LATENT = 10;
  private static final int ROUNDS = 5;

  /** What is trained. */
  private record Case(
      String architecture, ImageShape images, Likelihood likelihood, Objective objective) {
    /** The paper's: Bernoulli and beta = 0.1. */
    static Case of(String architecture, ImageShape images) {
      return new Case(architecture, images, new Likelihood.Bernoulli(), Objective.beta(0.1));
    }

    Case with(Likelihood other) {
      return new Case(architecture, images, other, objective);
    }

    Case with(Objective other) {
      return new Case(architecture, images, likelihood, other);
    }

    ParameterLayout layout() {
      return ParameterLayout.of(Architecture.parse(architecture), images, LATENT);
    }

    String text() {
      return "%s, %s, %s, %s"
          .formatted(architecture, images.text(), likelihood.text(), objective.family().label());
    }
  }

  private StepBench() {}

  /** Prints one line for each case and K. Arguments: further values of K. */
  public static void main(String[] arguments) {
    Libtorch.useOneThread();
    double peak = MachineLimits.measure().productFlops();
    System.out.printf("matrix product 2048^3: %.1f GFLOP/s, the peak below%n", peak / 1e9);
    ImageShape color = new ImageShape(3, 32, 32);
    ImageShape grey = new ImageShape(1, 28, 28);
    Case shallow = Case.of("mlp:1x512", color);
    Case deep = Case.of("cnn:3x64", color);
    for (Case each :
        List.of(
            shallow,
            shallow.with(Objective.mutualInformation(10)),
            shallow.with(Objective.marginalKl(1)),
            shallow.with(new Likelihood.ContinuousBernoulli()),
            shallow.with(new Likelihood.Gaussian(0.1)),
            Case.of("mlp:3x512", color),
            Case.of("mlp:3x512", color).with(Objective.marginalKl(1)),
            Case.of("cnn:1x64", color),
            Case.of("cnn:2x64", color),
            deep,
            deep.with(Objective.marginalKl(1)),
            Case.of("cnn:3x64", grey))) {
      List<Integer> sizes = new ArrayList<>(List.of(1));
      sizes.add(
          CohortLimits.CPU.largest(new MemoryEstimate(each.layout(), Precision.FLOAT32), BATCH));
      for (String argument : arguments) {
        sizes.add(Integer.parseInt(argument));
      }
      measure(each, sizes.stream().distinct().sorted().toList(), peak).forEach(System.out::println);
    }
  }

  private static List<String> measure(Case each, List<Integer> sizes, double peak) {
    try (PointerScope scope = new PointerScope()) {
      Map<String, Runnable> ways = new LinkedHashMap<>();
      for (int k : sizes) {
        ways.put(Integer.toString(k), step(each, k));
      }
      double operations = (double) each.layout().trainingOperations() * BATCH;
      List<String> lines = new ArrayList<>();
      BestOfTrials.interleaved(ROUNDS, ways)
          .forEach(
              (k, seconds) -> {
                double steps = Integer.parseInt(k) / seconds;
                lines.add(
                    "%-46s K = %-2s %7.1f model-steps/s, %6.1f GFLOP/s of products, %.2f of the peak"
                        .formatted(
                            each.text(),
                            k,
                            steps,
                            steps * operations / 1e9,
                            steps * operations / peak));
              });
      return lines;
    }
  }

  /** One step of K runs; it makes everything it needs but the step itself. */
  private static Runnable step(Case each, int k) {
    ParameterLayout layout = each.layout();
    ScalarType type = ScalarType.Float;
    Parameters parameters = Parameters.zeros(layout, type, k);
    Parameters gradients = Parameters.zeros(layout, type, k);
    List<Parameters> moments = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      moments.add(Parameters.zeros(layout, type, k));
    }
    for (int run = 0; run < k; run++) {
      parameters.initialize(run, run);
    }
    Vae vae = Vae.forTraining(parameters, gradients, BATCH, each.likelihood());
    vae.images().copy_(ConvolutionBench.random(vae.images().numel()).view_as(vae.images()).abs_());
    vae.noise().copy_(ConvolutionBench.random(vae.noise().numel()).view_as(vae.noise()));
    int[] trainExamples = new int[k];
    Arrays.fill(trainExamples, 16_384);
    ObjectiveWeights weights =
        ObjectiveWeights.of(vae, Collections.nCopies(k, each.objective()), trainExamples);
    FusedAdam adam = new FusedAdam();
    Tensor steps = Tensors.zeros(type).add_(new Scalar(1.0));
    return () -> {
      try (PointerScope scope = new PointerScope()) {
        vae.forward();
        vae.backward(weights);
        adam.step(
            rows(parameters, k),
            rows(gradients, k),
            rows(moments.get(0), k),
            rows(moments.get(1), k),
            rows(moments.get(2), k),
            Collections.nCopies(k, steps),
            1e-3,
            0.9,
            0.999,
            1e-8);
      }
    };
  }

  private static List<Tensor> rows(Parameters parameters, int k) {
    List<Tensor> rows = new ArrayList<>();
    for (int run = 0; run < k; run++) {
      rows.add(parameters.row(run));
    }
    return rows;
  }
}
