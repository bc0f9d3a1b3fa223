package org.ratescope.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ratescope.model.layer.ImageShape;
import org.ratescope.model.layer.LayerGraph;
import org.ratescope.model.layer.RowAllocator;
import org.ratescope.model.layer.Sum;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.Objective;
import org.ratescope.spec.RunRandom;
import org.ratescope.tensor.Libtorch;
import org.ratescope.tensor.Tensors;

/** An architecture with skip connections and with layers whose gradients autograd computes. */
@Isolated("it measures the memory of the process")
class ResidualMlpTest {
  private static final int RUNS = 2;
  private static final int BATCH = 3;
  private static final int LATENT = 2;
  private static final ImageShape IMAGES = new ImageShape(2, 2, 2);
  private static final Likelihood LIKELIHOOD = Likelihood.parse("bernoulli");

  @TempDir Path folder;

  @BeforeAll
  static void load() {
    Libtorch.useOneThread();
  }

  @ParameterizedTest
  @ValueSource(strings = {"resmlp:1x4", "resmlp:3x3"})
  void gradientsMatchCentralDifferences(String architecture) {
    try (PointerScope scope = new PointerScope()) {
      Parameters parameters = parameters(architecture, ScalarType.Double);
      ParameterLayout layout = parameters.layout();
      Parameters gradients = Parameters.zeros(layout, ScalarType.Double, RUNS);
      Vae vae = Vae.forTraining(parameters, gradients, BATCH, LIKELIHOOD);
      ObjectiveWeights weights = weights(vae);
      fill(vae);
      vae.forward();
      vae.backward(weights);
      double[] gradient = Tensors.doubles(gradients.rows());
      double[] values = Tensors.doubles(parameters.rows());
      for (int i = 0; i < values.length; i++) {
        int run = (int) (i / layout.size());
        double up = loss(vae, weights, parameters, values, i, 1e-5)[run];
        double down = loss(vae, weights, parameters, values, i, -1e-5)[run];
        double difference = (up - down) / 2e-5;
        assertThat(gradient[i])
            .as("parameter %d of run %d", i % layout.size(), run)
            .isCloseTo(difference, within(3e-8 * Math.max(1, Math.abs(difference))));
      }
    }
  }

  private static double[] loss(
      Vae vae, ObjectiveWeights weights, Parameters parameters, double[] values, int i, double h) {
    double[] moved = values.clone();
    moved[i] += h;
    Tensors.write(moved, parameters.rows());
    vae.forward();
    try (PointerScope scope = new PointerScope()) {
      return Tensors.doubles(vae.loss(weights));
    }
  }

  @Test
  void gradientsOfCodesMatchCentralDifferences() {
    try (PointerScope scope = new PointerScope()) {
      Vae vae = Vae.forCodes(parameters("resmlp:2x4", ScalarType.Double), BATCH, LIKELIHOOD);
      fill(vae);
      double[] codes = Tensors.doubles(vae.noise());
      Tensors.write(codes, vae.codes());
      vae.decode();
      double[] gradient = Tensors.doubles(vae.codesGradient());
      for (int i = 0; i < codes.length; i++) {
        double difference =
            (distortion(vae, codes, i, 1e-5) - distortion(vae, codes, i, -1e-5)) / 2e-5;
        assertThat(gradient[i]).isCloseTo(difference, within(1e-7));
      }
    }
  }

  private static double distortion(Vae vae, double[] codes, int i, double h) {
    double[] moved = codes.clone();
    moved[i] += h;
    Tensors.write(moved, vae.codes());
    vae.decode();
    return Tensors.doubles(vae.distortion())[i / LATENT];
  }

  /** The logits of one code, from the weights with PyTorch's names and in PyTorch's order. */
  @Test
  void valuesMatchPlainJava() {
    try (PointerScope scope = new PointerScope()) {
      Parameters parameters = parameters("resmlp:2x3", ScalarType.Double);
      Vae vae = Vae.forEvaluation(parameters, BATCH, LIKELIHOOD);
      fill(vae);
      vae.forward();
      for (int run = 0; run < RUNS; run++) {
        Map<String, Tensor> w = WeightsFile.views(parameters, run);
        for (int b = 0; b < BATCH; b++) {
          double[] h = relu(affine(w, "decoder.0", at(vae.codes(), run, b)));
          for (int block = 1; block <= 2; block++) {
            double[] inner = relu(affine(w, "decoder." + block + ".hidden", h));
            double[] added = affine(w, "decoder." + block + ".output", inner);
            for (int j = 0; j < h.length; j++) {
              h[j] += added[j];
            }
          }
          assertThat(at(vae.logits(), run, b))
              .containsExactly(affine(w, "decoder.3", h), within(1e-13));
        }
      }
    }
  }

  private static double[] at(Tensor buffer, int run, int b) {
    return Tensors.doubles(buffer.select(0, run).select(0, b));
  }

  private static double[] relu(double[] x) {
    return Arrays.stream(x).map(v -> Math.max(0, v)).toArray();
  }

  private static double[] affine(Map<String, Tensor> weights, String name, double[] x) {
    double[] w = Tensors.doubles(Objects.requireNonNull(weights.get(name + ".weight"), name));
    double[] y = Tensors.doubles(Objects.requireNonNull(weights.get(name + ".bias"), name));
    for (int out = 0; out < y.length; out++) {
      for (int in = 0; in < x.length; in++) {
        y[out] += w[out * x.length + in] * x[in];
      }
    }
    return y;
  }

  @Test
  void weightsAreWrittenWithPyTorchsNamesAndReadBack() throws Exception {
    Path file = folder.resolve("weights.safetensors");
    try (PointerScope scope = new PointerScope()) {
      Parameters parameters = parameters("resmlp:1x4", ScalarType.Float);
      WeightsFile.write(file, parameters, 1, Map.of());
      Parameters read = Parameters.zeros(parameters.layout(), ScalarType.Float, 1);
      WeightsFile.read(file, read, 0);
      assertThat(Tensors.doubles(read.row(0))).isEqualTo(Tensors.doubles(parameters.row(1)));
      assertThat(WeightsFile.copies(read, 0).keySet())
          .containsExactly(
              "encoder.0.weight",
              "encoder.0.bias",
              "encoder.1.hidden.weight",
              "encoder.1.hidden.bias",
              "encoder.1.output.weight",
              "encoder.1.output.bias",
              "mean.weight",
              "mean.bias",
              "logvar.weight",
              "logvar.bias",
              "decoder.0.weight",
              "decoder.0.bias",
              "decoder.1.hidden.weight",
              "decoder.1.hidden.bias",
              "decoder.1.output.weight",
              "decoder.1.output.bias",
              "decoder.2.weight",
              "decoder.2.bias");
    }
  }

  /** 2 (w² + w) a block, twice; 8 w + w, 2 L (w + 1), L w + w, 8 w + 8. */
  @Test
  void parametersAndOperationsAreCounted() {
    ParameterLayout layout = ParameterLayout.of(Architecture.parse("resmlp:2x5"), IMAGES, LATENT);
    int blocks = 2 * 2 * 2 * (5 * 5 + 5);
    assertThat(layout.parameters()).isEqualTo(blocks + 45 + 4 * 6 + 15 + 48);
    assertThat(layout.forwardOperations()).isEqualTo(2 * (2 * 2 * 2 * 25 + 40 + 4 * 5 + 10 + 40));
  }

  /** Autograd's graph lives for one call: 400 updates after the first 100 take no more memory. */
  @Test
  void updatesKeepNoMemory() {
    try (PointerScope scope = new PointerScope()) {
      Parameters parameters = parameters("resmlp:2x128", ScalarType.Float);
      Parameters gradients = Parameters.zeros(parameters.layout(), ScalarType.Float, RUNS);
      Vae vae = Vae.forTraining(parameters, gradients, 64, LIKELIHOOD);
      ObjectiveWeights weights = weights(vae);
      long before = 0;
      for (int step = 0; step < 500; step++) {
        if (step == 100) {
          before = Pointer.physicalBytes();
        }
        vae.forward();
        vae.backward(weights);
      }
      // what a step computes is 2.6 MB: a leak of one layer in ten steps would be seen
      assertThat(Pointer.physicalBytes() - before).isLessThan(16 << 20);
    }
  }

  @Test
  void aLayerThatReadsTheWrongNumberOfValuesIsRefused() {
    LayerGraph network = new LayerGraph(ImageShape.vector(3), false, new RowAllocator());
    network.dense("a", ImageShape.vector(4), true);
    assertThatThrownBy(() -> network.add(new Sum(ImageShape.vector(5)), 0, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("layer 1 reads 5 values from layer 0, which does not compute so many");
    assertThatThrownBy(() -> network.add(new Sum(ImageShape.vector(4)), 0, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static ObjectiveWeights weights(Vae vae) {
    return ObjectiveWeights.of(
        vae, List.of(Objective.beta(0.5), new Objective(0.5, 2)), new int[] {9, 9});
  }

  private static Parameters parameters(String architecture, ScalarType type) {
    ParameterLayout layout = ParameterLayout.of(Architecture.parse(architecture), IMAGES, LATENT);
    Parameters parameters = Parameters.zeros(layout, type, RUNS);
    for (int run = 0; run < RUNS; run++) {
      parameters.initialize(run, 10 + run);
    }
    return parameters;
  }

  private static void fill(Vae vae) {
    RunRandom random = RunRandom.of(5, RunRandom.Stream.NOISE, 0);
    double[] x = new double[(int) vae.images().numel()];
    Arrays.setAll(x, random::uniform);
    Tensors.write(x, vae.images());
    double[] noise = new double[(int) vae.noise().numel()];
    random.normals(noise, 0, noise.length);
    Tensors.write(noise, vae.noise());
  }
}
