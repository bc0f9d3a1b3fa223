package org.ratescope.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ratescope.model.Npy;
import org.ratescope.model.ObjectiveWeights;
import org.ratescope.model.Parameters;
import org.ratescope.model.Vae;
import org.ratescope.model.WeightsFile;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.Objective;
import org.ratescope.spec.Precision;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Split;
import org.ratescope.spec.Training;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.tensor.Device;
import org.ratescope.tensor.Libtorch;
import org.ratescope.tensor.Tensors;

/**
 * Three Adam steps of a PyTorch-trained model against the values PyTorch computed in float64:
 * losses, gradients, updated weights. The model's 12 MB are no part of this repository; where they
 * are absent the test is skipped.
 */
class GoldenStepTest {
  private static final Path GOLDEN = Path.of("..", "..", "shared", "golden");
  private static final int BATCH = 128;
  private static final double BETA = 0.1;

  @BeforeAll
  static void load() {
    assumeTrue(
        Files.exists(GOLDEN.resolve("weights.safetensors")),
        "skipped: the golden PyTorch model is not beside this checkout");
    Libtorch.useOneThread();
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void threeStepsMatchPyTorch(Precision precision) throws Exception {
    boolean exact = precision == Precision.FLOAT64;
    ScalarType type = Parameters.type(precision);
    JsonNode expected = new ObjectMapper().readTree(GOLDEN.resolve("train_step.json").toFile());
    double[] noise = Npy.read(GOLDEN.resolve("arrays/step_noise.npy"));
    Cohort cohort = new Cohort(List.of(spec(precision)));
    try (PointerScope scope = new PointerScope()) {
      TrainingState state = TrainingState.empty(cohort, Device.CPU);
      WeightsFile.read(GOLDEN.resolve("weights.safetensors"), state.parameters(), 0);
      Parameters gradients = Parameters.zeros(state.parameters().layout(), type, 1);
      Vae vae =
          Vae.forTraining(state.parameters(), gradients, BATCH, Likelihood.parse("bernoulli"));
      Tensors.write(images(), vae.images());
      Adam adam = new Adam(cohort, state, gradients, false);
      Map<String, double[]> before = flat(state.parameters());
      ObjectiveWeights weights =
          ObjectiveWeights.of(vae, List.of(Objective.beta(BETA)), new int[] {16_384});
      for (int step = 0; step < 3; step++) {
        Tensors.write(Arrays.copyOfRange(noise, step * 1280, (step + 1) * 1280), vae.noise());
        vae.forward();
        JsonNode losses = expected.path("steps_before_update").path(step);
        double tolerance = exact ? 1e-9 : step == 0 ? 2e-4 : 5e-3;
        assertThat(vae.distortion().mean().item_double())
            .isCloseTo(losses.path("D").doubleValue(), within(tolerance));
        assertThat(vae.rate().mean().item_double())
            .isCloseTo(losses.path("R").doubleValue(), within(tolerance));
        vae.backward(weights);
        adam.update(step);
        if (step == 0) {
          checkFirstStep(expected.path("tensors"), gradients, state.parameters(), exact);
        }
      }
      checkMoved(expected.path("tensors"), before, flat(state.parameters()), exact);
    }
  }

  private static void checkFirstStep(
      JsonNode tensors, Parameters gradients, Parameters parameters, boolean exact) {
    Map<String, double[]> gradient = flat(gradients);
    Map<String, double[]> updated = flat(parameters);
    assertThat(gradient.keySet()).hasSize(10);
    gradient.forEach(
        (name, values) -> {
          JsonNode golden = tensors.path(name);
          double norm = golden.path("grad_frobenius").doubleValue();
          assertThat(norm(values)).as(name).isCloseTo(norm, within(norm * (exact ? 1e-10 : 2e-6)));
          for (int i = 0; i < golden.path("flat_index").size(); i++) {
            int index = golden.path("flat_index").path(i).intValue();
            double g = golden.path("grad_at").path(i).doubleValue();
            assertThat(values[index])
                .as(name + " gradient at " + index)
                .isCloseTo(g, within(exact ? 1e-11 : 2e-6 + 2e-5 * Math.abs(g)));
            // Adam's first step is about lr · sign(g): where g is all rounding, so is the step
            if (exact || g == 0 || Math.abs(g) > 1e-4) {
              assertThat(Objects.requireNonNull(updated.get(name))[index])
                  .as(name + " updated at " + index)
                  .isCloseTo(
                      golden.path("param_after_step1_at").path(i).doubleValue(),
                      within(exact ? 1e-11 : 2e-7));
            }
          }
        });
  }

  private static void checkMoved(
      JsonNode tensors, Map<String, double[]> before, Map<String, double[]> after, boolean exact) {
    before.forEach(
        (name, values) -> {
          double[] moved = Objects.requireNonNull(after.get(name)).clone();
          for (int i = 0; i < moved.length; i++) {
            moved[i] -= values[i];
          }
          double golden = tensors.path(name).path("delta_frobenius_after_step3").doubleValue();
          assertThat(norm(moved))
              .as(name + " moved")
              .isCloseTo(golden, within(golden * (exact ? 1e-8 : 2e-3)));
        });
  }

  private static Map<String, double[]> flat(Parameters parameters) {
    Map<String, double[]> flat = new LinkedHashMap<>();
    WeightsFile.views(parameters, 0).forEach((name, view) -> flat.put(name, Tensors.doubles(view)));
    return flat;
  }

  private static double norm(double[] values) {
    double sum = 0;
    for (double v : values) {
      sum += v * v;
    }
    return Math.sqrt(sum);
  }

  private static double[] images() throws Exception {
    double[] test = Npy.read(GOLDEN.resolve("arrays/images_test64.npy"));
    double[] train = Npy.read(GOLDEN.resolve("arrays/images_train64.npy"));
    double[] both = Arrays.copyOf(test, test.length + train.length);
    System.arraycopy(train, 0, both, test.length, train.length);
    return both;
  }

  private static RunSpec spec(Precision precision) {
    return new RunSpec(
        DataSpec.Tetrominoes.published(),
        new Split.ConstantVolume(0.1),
        Architecture.parse("mlp:1x512"),
        10,
        Likelihood.parse("bernoulli"),
        Objective.beta(BETA),
        new Training(3, BATCH, 1e-3, precision),
        0);
  }
}
