package org.ratescope.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.model.ObjectiveWeights;
import org.ratescope.model.Vae;
import org.ratescope.results.Outcome;
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

/** Runs that stop at different steps inside one cohort, in float64. */
class EarlyStoppingTest {
  private static final DataSpec DATA =
      new DataSpec.Tetrominoes(DataSpec.Preset.PUBLISHED, DataSpec.Shape.J, 4);
  private static final int IMAGES = 90;
  private static final int BATCH = 10;
  private static final int ITERATIONS = 400;
  private static final Stopping.Patience PATIENCE = new Stopping.Patience(3, 10, 0.3);

  /** The second run learns too fast and overfits soon; the last hardly learns and never stops. */
  private static final List<RunSpec> RUNS =
      List.of(
          spec(1, Objective.beta(0.01), 3e-3, PATIENCE),
          spec(2, Objective.beta(0.001), 3e-2, PATIENCE),
          spec(3, Objective.beta(0.1), 1e30, PATIENCE),
          spec(4, Objective.beta(0.5), 1e-5, PATIENCE));

  @TempDir Path folder;

  @BeforeAll
  static void load() {
    Libtorch.useOneThread();
  }

  /** What one run does alone, by the rule written down once more. */
  private record Expected(int stoppedAt, int bestStep, List<Double> weights) {}

  private static Expected alone(RunSpec run) {
    Cohort cohort = new Cohort(List.of(run));
    try (PointerScope scope = new PointerScope()) {
      TrainingState state = TrainingState.initial(cohort);
      TrainStep program = new TrainStep(cohort, pool(), rows(cohort), state);
      double best = Double.POSITIVE_INFINITY;
      int bestStep = 0;
      List<Double> weights = List.of();
      for (int step = 1; step <= ITERATIONS; step++) {
        program.step(false);
        if (step % 10 == 0) {
          double loss = program.validationLosses()[0];
          if (loss < best) {
            best = loss;
            bestStep = step;
            weights = Arrays.stream(Tensors.doubles(state.parameters().row(0))).boxed().toList();
          } else if (step - bestStep == 30) {
            return new Expected(step, bestStep, weights);
          }
        }
      }
      return new Expected(ITERATIONS, bestStep, weights);
    }
  }

  @Test
  void eachRunStopsByItselfAndKeepsItsBestWeights() throws Exception {
    Cohort cohort = new Cohort(RUNS);
    try (PointerScope scope = new PointerScope()) {
      TrainingState state = TrainingState.initial(cohort);
      Counter counter = new Counter();
      trainer(cohort, state).train(checkpoint(cohort), counter);
      assertThat(state.isOver()).isTrue();
      long made = 0;
      for (int run : new int[] {0, 1, 3}) {
        Expected expected = alone(RUNS.get(run));
        assertThat(state.outcome(run))
            .as("run %d", run)
            .isEqualTo(new Outcome.Finished(expected.stoppedAt(), expected.bestStep()));
        assertThat(Tensors.doubles(state.parameters().row(state.placeOf(run))))
            .containsExactly(
                expected.weights().stream().mapToDouble(w -> w).toArray(), within(1e-12));
        made += expected.stoppedAt();
      }
      assertThat(state.outcome(2)).isInstanceOf(Outcome.Diverged.class);
      assertThat(((Outcome.Finished) state.outcome(1)).step()).isLessThan(ITERATIONS);
      assertThat(((Outcome.Finished) state.outcome(1)).weightsOf())
          .isLessThan(state.outcome(1).step());
      assertThat(state.outcome(3).step()).isEqualTo(ITERATIONS);
      // the diverged run held its place until the first check
      assertThat(counter.advanced).isEqualTo(made + 10);
      assertThat(counter.advanced + counter.skipped).isEqualTo(4L * ITERATIONS);
    }
  }

  @Test
  void anInterruptedCohortEndsWithTheSameBits() throws Exception {
    Cohort cohort = new Cohort(RUNS);
    try (PointerScope scope = new PointerScope()) {
      TrainingState whole = TrainingState.initial(cohort);
      trainer(cohort, whole).train(checkpoint(cohort), new Counter());
      int stopped = whole.outcome(1).step(); // its place is free from here on
      for (int at : new int[] {1, 5, 10, 25, stopped - 1, stopped, stopped + 3, ITERATIONS}) {
        TrainingState first = TrainingState.initial(cohort);
        Checkpoint checkpoint = checkpoint(cohort);
        try {
          trainer(cohort, first).train(checkpoint, interruptAt(first, at));
          assertThat(at).isEqualTo(ITERATIONS); // too late to be seen
          assertThat(Thread.interrupted()).isTrue();
          checkpoint.write(first);
        } catch (InterruptedException expected) {
          assertThat(first.step()).isEqualTo(at);
        }
        TrainingState resumed = checkpoint.read(Device.CPU).orElseThrow();
        trainer(cohort, resumed).train(checkpoint, new Counter());
        for (int run = 0; run < RUNS.size(); run++) {
          assertThat(resumed.outcome(run)).isEqualTo(whole.outcome(run));
          assertThat(resumed.trace(run)).isEqualTo(whole.trace(run));
          assertThat(Tensors.doubles(resumed.parameters().row(resumed.placeOf(run))))
              .as("run %d, interrupted at %d", run, at)
              .containsExactly(Tensors.doubles(whole.parameters().row(whole.placeOf(run))));
        }
      }
    }
  }

  /** Due just where a run ends, a checkpoint is written after the next step, without that run. */
  @Test
  void aCheckpointKeepsNoPlaceForARunThatHasStopped() throws Exception {
    Cohort cohort = new Cohort(RUNS.subList(0, 2));
    int stopped = alone(RUNS.get(1)).stoppedAt();
    assertThat(stopped).isLessThan(alone(RUNS.get(0)).stoppedAt());
    try (PointerScope scope = new PointerScope()) {
      TrainingState state = TrainingState.initial(cohort);
      Checkpoint checkpoint = Checkpoint.of(folder, cohort, Duration.ZERO);
      List<List<Integer>> kept = new ArrayList<>(); // step, places, runs that train
      Trainer.StepListener listener =
          modelSteps -> {
            int since = state.step() - stopped;
            try {
              if (since == 0) {
                checkpoint.write(state); // before the run ends
              } else if (since == 1 || since == 2) {
                TrainingState read = checkpoint.read(Device.CPU).orElseThrow();
                int training = (int) IntStream.range(0, 2).filter(read::isTraining).count();
                kept.add(List.of(read.step(), read.places(), training));
              }
              while ((since == 0 || since == 1) && !checkpoint.isDue()) {
                Thread.onSpinWait();
              }
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          };
      trainer(cohort, state).train(checkpoint, listener);
      assertThat(kept).containsExactly(List.of(stopped, 2, 2), List.of(stopped + 1, 1, 1));
    }
  }

  private static Trainer.StepListener interruptAt(TrainingState state, int step) {
    return modelSteps -> {
      if (state.step() == step) {
        Thread.currentThread().interrupt();
      }
    };
  }

  /** The mean over the examples that were set aside, taken in one batch by another model. */
  @Test
  void theValidationLossIsTheObjectiveOnTheExamplesSetAside() {
    for (Objective objective : List.of(Objective.beta(2), Objective.marginalKl(0.7))) {
      RunSpec spec = spec(5, objective, 1e-3, PATIENCE);
      Cohort cohort = new Cohort(List.of(spec));
      int[] all = IntStream.range(0, IMAGES).toArray();
      ValidationRows parted = ValidationRows.of(all, PATIENCE, BATCH);
      assertThat(parted.validation()).hasSize(30).isSorted();
      assertThat(
              IntStream.concat(Arrays.stream(parted.train()), Arrays.stream(parted.validation())))
          .containsExactlyInAnyOrder(Arrays.stream(all).boxed().toArray(Integer[]::new));
      try (PointerScope scope = new PointerScope()) {
        TrainingState state = TrainingState.initial(cohort);
        double loss = new TrainStep(cohort, pool(), rows(cohort), state).validationLosses()[0];
        double expected = 0;
        for (int batch = 0; batch < 3; batch++) {
          Vae vae = Vae.forEvaluation(state.parameters(), BATCH, spec.likelihood());
          double[] pixels = pixels();
          double[] images = new double[BATCH * 48];
          for (int i = 0; i < BATCH; i++) {
            int row = parted.validation()[batch * BATCH + i];
            for (int j = 0; j < 48; j++) {
              images[i * 48 + j] = (float) pixels[row * 48 + j];
            }
          }
          Tensors.write(images, vae.images());
          double[] noise = new double[BATCH * 3];
          RunRandom.of(5, RunRandom.Stream.VALIDATION, batch).normals(noise, 0, noise.length);
          Tensors.write(noise, vae.noise());
          vae.forward();
          ObjectiveWeights weights =
              ObjectiveWeights.of(vae, List.of(objective), new int[] {parted.train().length});
          expected += Tensors.doubles(vae.loss(weights))[0] / 3;
        }
        assertThat(loss).isCloseTo(expected, within(1e-10));
      }
    }
  }

  @Test
  void tooFewExamplesAreRefusedWithTheirNumber() {
    assertThatThrownBy(() -> ValidationRows.of(new int[] {1, 2, 3, 4}, PATIENCE, 4))
        .hasMessageContaining("sets aside 4 of 4 training examples, whole batches of 4");
    assertThat(ValidationRows.of(new int[] {1, 2, 3, 4, 5}, PATIENCE, 4).train()).hasSize(1);
    assertThat(ValidationRows.of(new int[] {1}, new Stopping.Never(), 4).validation()).isEmpty();
  }

  @Test
  void withoutARuleTheLastWeightsAreKept() throws Exception {
    List<RunSpec> runs =
        List.of(
            spec(1, Objective.beta(1), 3e-2, new Stopping.Never()),
            spec(2, Objective.beta(1), 1e30, new Stopping.Never()));
    Cohort cohort = new Cohort(runs);
    try (PointerScope scope = new PointerScope()) {
      TrainingState state = TrainingState.initial(cohort);
      Counter counter = new Counter();
      trainer(cohort, state).train(checkpoint(cohort), counter);
      assertThat(state.outcome(0)).isEqualTo(new Outcome.Finished(ITERATIONS));
      assertThat(state.outcome(1)).isInstanceOf(Outcome.Diverged.class);
      // the diverged run's place is free after a hundredth of the training
      assertThat(counter.advanced).isEqualTo(ITERATIONS + ITERATIONS / 100);
    }
  }

  private static final class Counter implements Trainer.StepListener {
    private long advanced;
    private long skipped;

    @Override
    public void advanced(long modelSteps) {
      advanced += modelSteps;
    }

    @Override
    public void skipped(long modelSteps) {
      skipped += modelSteps;
    }
  }

  private Checkpoint checkpoint(Cohort cohort) {
    return Checkpoint.of(folder, cohort, Duration.ofDays(1));
  }

  private static Trainer trainer(Cohort cohort, TrainingState state) {
    List<Integer> all = IntStream.range(0, IMAGES).boxed().toList();
    LearningCurves.Sample sample = new LearningCurves.Sample(all.subList(0, 45), all);
    List<LearningCurves.Sample> samples = Collections.nCopies(cohort.size(), sample);
    return new Trainer(cohort, pool(), rows(cohort), samples, state);
  }

  private static List<int[]> rows(Cohort cohort) {
    List<int[]> rows = new ArrayList<>();
    cohort.runs().forEach(run -> rows.add(IntStream.range(0, IMAGES).toArray()));
    return rows;
  }

  private static ImageTensor pool() {
    return new ImageTensor(Tensors.tensor(ScalarType.Float, pixels(), IMAGES, 48));
  }

  private static double[] pixels() {
    double[] pixels = new double[IMAGES * 48];
    RunRandom random = RunRandom.of(99, RunRandom.Stream.NOISE, 0);
    Arrays.setAll(pixels, random::uniform);
    return pixels;
  }

  private static RunSpec spec(long seed, Objective objective, double rate, Stopping stopping) {
    return new RunSpec(
        DATA,
        new Split.Default(),
        Architecture.parse("mlp:1x32"),
        3,
        Likelihood.parse("bernoulli"),
        objective,
        new Training(ITERATIONS, BATCH, rate, Precision.FLOAT64, stopping),
        seed);
  }
}
