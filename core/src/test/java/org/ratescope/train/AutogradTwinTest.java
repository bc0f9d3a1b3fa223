package org.ratescope.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ratescope.model.ObjectiveWeights;
import org.ratescope.model.Parameters;
import org.ratescope.model.Vae;
import org.ratescope.model.WeightsFile;
import org.ratescope.model.architecture.NetworkArchitecture;
import org.ratescope.model.layer.AutogradSpec;
import org.ratescope.model.layer.ImageShape;
import org.ratescope.model.layer.LayerGraph;
import org.ratescope.model.layer.ParameterGroup;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.Objective;
import org.ratescope.spec.Precision;
import org.ratescope.spec.RunRandom;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Split;
import org.ratescope.spec.Training;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.tensor.Device;
import org.ratescope.tensor.Libtorch;
import org.ratescope.tensor.Tensors;

/** One update of an MLP by autograd is that of the MLP with gradients in closed form. */
class AutogradTwinTest {
  private static final int BATCH = 16;

  @BeforeAll
  static void load() {
    Libtorch.useOneThread();
  }

  /** {@code mlp} with every hidden layer and the decoder's output by autograd. */
  private record AutogradMlp(int layers, int width) implements NetworkArchitecture {
    @Override
    public String family() {
      return "mlp";
    }

    @Override
    public String numbers() {
      return "LAYERSxUNITS";
    }

    @Override
    public String displayName() {
      return text();
    }

    @Override
    public Architecture of(int layers, int width) {
      return new AutogradMlp(layers, width);
    }

    @Override
    public void encoder(LayerGraph network) {
      for (int i = 0; i < layers; i++) {
        add(network, "encoder." + i, ImageShape.vector(width), true);
      }
    }

    @Override
    public void decoder(LayerGraph network, ImageShape images) {
      for (int i = 0; i < layers; i++) {
        add(network, "decoder." + i, ImageShape.vector(width), true);
      }
      add(network, "decoder." + layers, images, false);
    }

    private static void add(LayerGraph network, String name, ImageShape output, boolean relu) {
      ImageShape input = network.output();
      int in = input.dimensions();
      int out = output.dimensions();
      network.add(
          new AutogradSpec(
              input,
              output,
              List.of(ParameterGroup.affine(network.row(), name, in, out)),
              (long) in * out,
              3L * out,
              (x, p) -> {
                Tensor y = AutogradSpec.affine(x, p.getFirst(), p.getLast());
                return relu ? torch.relu(y) : y;
              }),
          network.last());
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void oneUpdateIsTheSame(Precision precision) {
    try (PointerScope scope = new PointerScope()) {
      Updated fused = update(Architecture.parse("mlp:2x32"), precision);
      Updated autograd = update(new AutogradMlp(2, 32), precision);
      assertThat(autograd.initial.keySet()).isEqualTo(fused.initial.keySet());
      fused.initial.forEach(
          (name, values) -> assertThat(of(autograd.initial, name)).as(name).isEqualTo(values));
      fused.gradients.forEach(
          (name, values) ->
              assertThat(of(autograd.gradients, name))
                  .as("gradient of " + name)
                  .containsExactly(values, within(precision == Precision.FLOAT64 ? 1e-12 : 1e-5)));
      fused.parameters.forEach(
          (name, values) -> {
            double[] gradient = of(fused.gradients, name);
            double[] other = of(autograd.parameters, name);
            for (int i = 0; i < values.length; i++) {
              // Adam's first step is about lr · sign(g): where g is all rounding, so is the step
              if (gradient[i] == 0 || Math.abs(gradient[i]) > 1e-4) {
                assertThat(other[i]).as(name).isCloseTo(values[i], within(1e-5));
              }
            }
          });
    }
  }

  private static double[] of(Map<String, double[]> values, String name) {
    return Objects.requireNonNull(values.get(name), name);
  }

  /** One model before and after an update, by PyTorch's names. */
  private record Updated(
      Map<String, double[]> initial,
      Map<String, double[]> gradients,
      Map<String, double[]> parameters) {}

  private static Updated update(Architecture architecture, Precision precision) {
    Objective objective = new Objective(0.5, 2);
    RunSpec run =
        new RunSpec(
            new DataSpec.Tetrominoes(DataSpec.Preset.PUBLISHED, DataSpec.Shape.J, 4),
            new Split.ConstantVolume(0.1),
            architecture,
            3,
            Likelihood.parse("bernoulli"),
            objective,
            new Training(1, BATCH, 1e-3, precision),
            5);
    Cohort cohort = new Cohort(List.of(run));
    TrainingState state = TrainingState.initial(cohort);
    Map<String, double[]> initial = flat(state.parameters());
    Parameters gradients = Parameters.zeros(state.parameters().layout(), precision, 1, Device.CPU);
    Vae vae = Vae.forTraining(state.parameters(), gradients, BATCH, run.likelihood());
    RunRandom random = RunRandom.of(1, RunRandom.Stream.NOISE, 0);
    double[] images = new double[Math.toIntExact(vae.images().numel())];
    Arrays.setAll(images, i -> random.uniform(i) < 0.8 ? 0 : random.uniform(-i - 1));
    Tensors.write(images, vae.images());
    double[] noise = new double[Math.toIntExact(vae.noise().numel())];
    random.normals(noise, 0, noise.length);
    Tensors.write(noise, vae.noise());
    vae.forward();
    vae.backward(ObjectiveWeights.of(vae, List.of(objective), new int[] {100}));
    new Adam(cohort, state, gradients, false).update(0);
    return new Updated(initial, flat(gradients), flat(state.parameters()));
  }

  private static Map<String, double[]> flat(Parameters parameters) {
    Map<String, double[]> flat = new LinkedHashMap<>();
    WeightsFile.copies(parameters, 0).forEach((n, t) -> flat.put(n, Tensors.doubles(t)));
    return flat;
  }
}
