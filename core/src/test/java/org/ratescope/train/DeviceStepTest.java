package org.ratescope.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.Objective;
import org.ratescope.spec.Precision;
import org.ratescope.spec.RunRandom;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Split;
import org.ratescope.spec.Stopping;
import org.ratescope.spec.Training;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.tensor.Device;
import org.ratescope.tensor.ImageTensor;
import org.ratescope.tensor.Libtorch;
import org.ratescope.tensor.Tensors;

/**
 * A GPU's twin where there is none. Tensors on libtorch's device {@code meta} have no values, so a
 * step that reads one back, or adds one to a tensor of the CPU, ends with an error. Products do not
 * complain, so every tensor that a program holds is looked at as well. What differs on a device is
 * then done on the CPU and must give what the CPU's own way gives.
 */
class DeviceStepTest {
  private static final DataSpec DATA =
      new DataSpec.Tetrominoes(DataSpec.Preset.PUBLISHED, DataSpec.Shape.J, 4);
  private static final int IMAGES = 200;
  private static final int DIMENSIONS = 48;

  @BeforeAll
  static void load() {
    Libtorch.useOneThread();
  }

  /** Those whose operators are all there for {@code meta}. */
  static Stream<RunSpec> there() {
    Likelihood bernoulli = Likelihood.parse("bernoulli");
    return Stream.of(
        run(1, 1e-3, bernoulli, Objective.beta(0.5), Precision.FLOAT32),
        run(1, 1e-3, bernoulli, Objective.beta(0.5), Precision.FLOAT64),
        run(1, 1e-3, Likelihood.parse("gaussian:0.1"), Objective.beta(1), Precision.FLOAT32));
  }

  /** Those and the others: they take a magnitude, which is not. */
  private static Stream<RunSpec> kinds() {
    Likelihood bernoulli = Likelihood.parse("bernoulli");
    Likelihood continuous = Likelihood.parse("continuous-bernoulli");
    return Stream.concat(
        there(),
        Stream.of(
            run(1, 1e-3, bernoulli, new Objective(0.5, 2), Precision.FLOAT32),
            run(1, 1e-3, continuous, Objective.beta(1), Precision.FLOAT32)));
  }

  @ParameterizedTest
  @MethodSource("there")
  void aStepNeitherMixesDevicesNorReadsAValue(RunSpec run) throws Exception {
    Cohort cohort = new Cohort(List.of(run, reseeded(run, 2), reseeded(run, 3)));
    for (ImageTensor pool : List.of(floats(), bytes())) {
      try (PointerScope scope = new PointerScope()) {
        TrainStep program = program(cohort, pool.on(Device.META), meta(cohort));
        for (int step = 0; step < 40; step++) { // more than there are slots
          program.stepWithoutImagesAndAdam(step);
        }
        assertThat(elsewhere(program, Device.META)).isEmpty();
      }
    }
  }

  /** Why the step above is no whole one: two operators are not there for {@code meta}. */
  @Test
  void gatheringAndAdamAreMissingThere() {
    Cohort cohort = new Cohort(List.of(kinds().findFirst().orElseThrow()));
    try (PointerScope scope = new PointerScope()) {
      TrainingState state = meta(cohort);
      TrainStep program = program(cohort, floats().on(Device.META), state);
      assertThatThrownBy(() -> program.step(false)).hasMessageContaining("index_select");
      Adam adam = new Adam(cohort, state, meta(cohort).parameters(), true);
      assertThatThrownBy(() -> adam.update(0)).hasMessageContaining("_fused_adam_");
    }
  }

  /** The test above would see it. */
  @Test
  void whatItWouldCatchIsCaught() throws Exception {
    Cohort cohort = new Cohort(List.of(kinds().findFirst().orElseThrow()));
    try (PointerScope scope = new PointerScope()) {
      TrainStep program = program(cohort, floats().on(Device.META), meta(cohort));
      assertThatThrownBy(() -> program.findGradients(0, true)).hasMessageContaining("no data");
      assertThatThrownBy(program::settle).hasMessageContaining("no data");
      Tensor here = Tensors.zeros(ScalarType.Float, 3);
      assertThatThrownBy(() -> here.add(Tensors.empty(Device.META, ScalarType.Float, 3)))
          .hasMessageContaining("device");
      TrainStep mixed = program(cohort, floats(), TrainingState.initial(cohort));
      assertThat(elsewhere(mixed, Device.META)).isNotEmpty();
    }
  }

  /** Row numbers and noise by upload, joined rows, divergence found late: the same bits. */
  @Test
  void workingApartIsTheSame() {
    for (RunSpec run : kinds().toList()) {
      for (int k : new int[] {1, 8}) {
        List<RunSpec> runs = new ArrayList<>();
        for (int seed = 0; seed < k; seed++) {
          runs.add(reseeded(run, seed));
        }
        float[] direct = trained(new Cohort(runs), false);
        float[] apart = trained(new Cohort(runs), true);
        // joined rows meet the operator's vectors elsewhere, which may round differently
        assertThat(apart).as("%s, K = %d", run, k).containsExactly(direct, within(2e-7f));
      }
    }
  }

  @Test
  void aRunThatDivergesIsFoundAtItsUpdate() {
    RunSpec sound = kinds().findFirst().orElseThrow();
    RunSpec broken = run(5, 1e30, sound.likelihood(), sound.objective(), Precision.FLOAT32);
    Cohort cohort = new Cohort(List.of(sound, broken, reseeded(sound, 4)));
    try (PointerScope scope = new PointerScope()) {
      TrainingState direct = TrainingState.initial(cohort);
      TrainStep program = program(cohort, floats(), direct, false);
      TrainingState late = TrainingState.initial(cohort);
      TrainStep apart = program(cohort, floats(), late, true);
      for (int step = 0; step < 20; step++) {
        program.step(step % 5 == 0);
        apart.step(step % 5 == 0);
      }
      apart.settle();
      for (int k = 0; k < cohort.size(); k++) {
        assertThat(late.outcome(k)).isEqualTo(direct.outcome(k));
        assertThat(late.trace(k)).isEqualTo(direct.trace(k));
      }
      assertThat(direct.isTraining(1)).as("the second run diverged").isFalse();
      assertThat(late.trace(0)).hasSize(4);
      assertThat(Tensors.floats(late.parameters().row(2)))
          .containsExactly(Tensors.floats(direct.parameters().row(2)), within(2e-7f));
    }
  }

  @Test
  void validationLossesAreThoseOfTheCpu() {
    RunSpec run = kinds().findFirst().orElseThrow();
    Training training =
        new Training(1000, 20, 1e-3, Precision.FLOAT32, new Stopping.Patience(2, 10, 0.3));
    Cohort cohort = new Cohort(List.of(with(run, training, 1), with(run, training, 2)));
    try (PointerScope scope = new PointerScope()) {
      double[] direct =
          program(cohort, floats(), TrainingState.initial(cohort), false).validationLosses();
      double[] apart =
          program(cohort, floats(), TrainingState.initial(cohort), true).validationLosses();
      assertThat(apart).containsExactly(direct);
    }
  }

  private static float[] trained(Cohort cohort, boolean apart) {
    try (PointerScope scope = new PointerScope()) {
      TrainingState state = TrainingState.initial(cohort);
      TrainStep program = program(cohort, bytes(), state, apart);
      for (int step = 0; step < 40; step++) {
        program.step(step % 7 == 0);
      }
      return Tensors.floats(state.parameters().rows());
    }
  }

  /** Every tensor that an object holds, itself or through what it holds, on another device. */
  private static List<String> elsewhere(Object root, Device device) throws Exception {
    List<String> found = new ArrayList<>();
    search(root, root.getClass().getSimpleName(), device, new IdentityHashMap<>(), found);
    return found;
  }

  private static void search(
      Object object, String path, Device device, Map<Object, Object> seen, List<String> found)
      throws Exception {
    if (seen.put(object, object) != null || object instanceof Enum<?>) {
      return;
    }
    if (object instanceof Tensor tensor) {
      if (!Device.of(tensor).equals(device) && !isHostsOwn(path)) {
        found.add(path);
      }
    } else if (object instanceof Collection<?> many) {
      for (Object each : many) {
        search(each, path, device, seen, found);
      }
    } else if (object instanceof Map<?, ?> map) {
      search(new ArrayList<>(map.values()), path, device, seen, found);
    } else if (object.getClass().getName().startsWith("org.ratescope")) {
      for (Field field : object.getClass().getDeclaredFields()) {
        Object value = Modifier.isStatic(field.getModifiers()) ? null : value(field, object);
        if (value != null) {
          search(value, path + "." + field.getName(), device, seen, found);
        }
      }
    }
  }

  private static Object value(Field field, Object object) throws IllegalAccessException {
    try {
      field.setAccessible(true);
      return field.get(object);
    } catch (InaccessibleObjectException e) {
      throw new AssertionError(field + " cannot be looked at", e);
    }
  }

  /** Images that others map, and what is uploaded from. */
  private static boolean isHostsOwn(String path) {
    return path.endsWith("pool.images") || path.endsWith("upload.slots");
  }

  private static TrainingState meta(Cohort cohort) {
    return TrainingState.initial(cohort, Device.META);
  }

  private static TrainStep program(Cohort cohort, ImageTensor pool, TrainingState state) {
    return new TrainStep(cohort, pool, rows(cohort), state);
  }

  private static TrainStep program(
      Cohort cohort, ImageTensor pool, TrainingState state, boolean apart) {
    return new TrainStep(cohort, pool, rows(cohort), state, apart);
  }

  private static List<int[]> rows(Cohort cohort) {
    int[] rows = new int[IMAGES];
    Arrays.setAll(rows, i -> i);
    return cohort.runs().stream().map(run -> rows).toList();
  }

  private static ImageTensor floats() {
    float[] pixels = new float[IMAGES * DIMENSIONS];
    RunRandom random = RunRandom.of(99, RunRandom.Stream.NOISE, 0);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.uniform(i);
    }
    return ImageTensor.of(pixels, IMAGES, DIMENSIONS);
  }

  private static ImageTensor bytes() {
    return new ImageTensor(
        floats().images().mul(new org.bytedeco.pytorch.Scalar(255.0)).to(ScalarType.Byte));
  }

  private static RunSpec reseeded(RunSpec run, long seed) {
    return with(run, run.training(), seed);
  }

  private static RunSpec with(RunSpec run, Training training, long seed) {
    return new RunSpec(
        run.data(),
        run.split(),
        run.architecture(),
        run.latentSize(),
        run.likelihood(),
        run.objective(),
        training,
        seed);
  }

  private static RunSpec run(
      long seed,
      double learningRate,
      Likelihood likelihood,
      Objective objective,
      Precision precision) {
    return new RunSpec(
        DATA,
        new Split.Default(),
        Architecture.parse("mlp:2x16"),
        3,
        likelihood,
        objective,
        new Training(1000, 20, learningRate, precision),
        seed);
  }
}
