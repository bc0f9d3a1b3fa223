package org.ratescope.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.model.SlowVae;
import org.ratescope.model.safetensors.SafetensorsText;
import org.ratescope.results.CurvePoint;
import org.ratescope.results.Outcome;
import org.ratescope.results.Provenance;
import org.ratescope.results.RunRecord;
import org.ratescope.results.store.RecordJson;
import org.ratescope.results.store.RecordReader;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.Objective;
import org.ratescope.spec.Precision;
import org.ratescope.spec.RunRandom;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Split;
import org.ratescope.spec.Subset;
import org.ratescope.spec.Training;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.study.Evaluation;
import org.ratescope.tensor.Device;
import org.ratescope.tensor.ImageTensor;
import org.ratescope.tensor.Libtorch;
import org.ratescope.tensor.Tensors;

/** Learning curves of a cohort whose runs have samples of different sizes, in float64. */
class LearningCurvesTest {
  private static final int IMAGES = 60;
  private static final int DIMENSIONS = 48;
  private static final int BATCH = 8;
  private static final int ITERATIONS = 90; // a point every 4 updates, and one at the end
  private static final Cohort COHORT = new Cohort(List.of(run(1, 1e-2), run(2, 1e-2), run(3, 1e9)));
  private static final List<LearningCurves.Sample> SAMPLES =
      List.of(sample(0, 13, 40, 60), sample(5, 12, 30, 33), sample(0, 8, 8, 16));

  @TempDir Path folder;

  @BeforeAll
  static void load() {
    Libtorch.useOneThread();
  }

  private static LearningCurves.Sample sample(int train, int trainEnd, int test, int testEnd) {
    return new LearningCurves.Sample(
        IntStream.range(train, trainEnd).boxed().toList(),
        IntStream.range(test, testEnd).boxed().toList());
  }

  private static RunSpec run(long seed, double learningRate) {
    return new RunSpec(
        new DataSpec.Tetrominoes(DataSpec.Preset.PUBLISHED, DataSpec.Shape.J, 4),
        new Split.Default(),
        Architecture.parse("mlp:1x16"),
        3,
        Likelihood.parse("bernoulli"),
        Objective.beta(0.5),
        new Training(ITERATIONS, BATCH, learningRate, Precision.FLOAT64),
        seed);
  }

  private static double[] pixels() {
    double[] pixels = new double[IMAGES * DIMENSIONS];
    RunRandom random = RunRandom.of(99, RunRandom.Stream.NOISE, 0);
    Arrays.setAll(pixels, random::uniform);
    return pixels;
  }

  private static ImageTensor pool() {
    return new ImageTensor(Tensors.tensor(ScalarType.Float, pixels(), IMAGES, DIMENSIONS));
  }

  private static List<int[]> trainRows() {
    int[] rows = IntStream.range(0, 40).toArray();
    return List.of(rows, rows, rows);
  }

  private static Trainer trainer(TrainingState state) {
    return new Trainer(COHORT, pool(), trainRows(), SAMPLES, state);
  }

  private Checkpoint checkpoint(Duration interval) {
    return Checkpoint.of(folder, COHORT, interval);
  }

  /** The same losses by a VAE in plain Java, image by image. */
  private static CurvePoint slow(TrainingState state, int run, int step, Subset subset) {
    SlowVae vae = SlowVae.of(state.parameters(), state.placeOf(run));
    LearningCurves.Sample sample = SAMPLES.get(run);
    boolean train = subset == Subset.TRAIN;
    List<Integer> rows = train ? sample.train() : sample.test();
    int latents = COHORT.first().latentSize();
    double distortion = 0;
    double rate = 0;
    for (int i = 0; i < rows.size(); i++) {
      int position = train ? i : sample.train().size() + i;
      RunRandom noise =
          RunRandom.of(COHORT.runs().get(run).seed(), RunRandom.Stream.CURVE, position / BATCH);
      double[] epsilon = new double[latents];
      Arrays.setAll(epsilon, l -> noise.normal((long) (position % BATCH) * latents + l));
      int row = rows.get(i);
      double[] image = Arrays.copyOfRange(pixels(), row * DIMENSIONS, (row + 1) * DIMENSIONS);
      for (int j = 0; j < image.length; j++) {
        image[j] = (float) image[j];
      }
      SlowVae.Losses losses = vae.losses(image, epsilon, COHORT.first().likelihood());
      distortion += losses.distortion() / rows.size();
      rate += losses.rate() / rows.size();
    }
    return new CurvePoint(step, subset, distortion, rate);
  }

  private static void assertIs(CurvePoint point, CurvePoint expected) {
    assertThat(point.step()).isEqualTo(expected.step());
    assertThat(point.subset()).isEqualTo(expected.subset());
    assertThat(point.distortion()).isCloseTo(expected.distortion(), within(1e-9));
    assertThat(point.rate()).isCloseTo(expected.rate(), within(1e-9));
  }

  @Test
  void theFirstAndTheLastPointAreThoseOfThePlainModel() throws Exception {
    try (PointerScope scope = new PointerScope()) {
      TrainingState state = TrainingState.initial(COHORT);
      List<CurvePoint> before =
          List.of(slow(state, 1, 0, Subset.TRAIN), slow(state, 1, 0, Subset.TEST));
      trainer(state).train(checkpoint(Duration.ofDays(1)), steps -> {});
      List<CurvePoint> curve = state.curve(1);
      assertIs(curve.get(0), before.get(0));
      assertIs(curve.get(1), before.get(1));
      assertIs(curve.get(curve.size() - 2), slow(state, 1, ITERATIONS, Subset.TRAIN));
      assertIs(curve.getLast(), slow(state, 1, ITERATIONS, Subset.TEST));
      assertIs(state.curve(0).getLast(), slow(state, 0, ITERATIONS, Subset.TEST));
    }
  }

  @Test
  void pointsAreATwentiethApart() throws Exception {
    try (PointerScope scope = new PointerScope()) {
      TrainingState state = TrainingState.initial(COHORT);
      trainer(state).train(checkpoint(Duration.ofDays(1)), steps -> {});
      List<Integer> steps =
          state.curve(0).stream()
              .filter(p -> p.subset() == Subset.TEST)
              .map(CurvePoint::step)
              .toList();
      List<Integer> expected =
          IntStream.concat(
                  IntStream.iterate(0, s -> s <= ITERATIONS, s -> s + 4), IntStream.of(ITERATIONS))
              .boxed()
              .toList();
      assertThat(steps).isEqualTo(expected);
      assertThat(state.curve(0)).hasSize(2 * expected.size());
      assertThat(LearningCurves.every(7)).isEqualTo(1);
      assertThat(LearningCurves.every(256_000)).isEqualTo(12_800);
    }
  }

  @Test
  void aDivergedRunHasAShortCurveOfFiniteNumbers() throws Exception {
    try (PointerScope scope = new PointerScope()) {
      TrainingState state = TrainingState.initial(COHORT);
      trainer(state).train(checkpoint(Duration.ofDays(1)), steps -> {});
      assertThat(state.outcome(2)).isInstanceOf(Outcome.Diverged.class);
      int diverged = state.outcome(2).step();
      assertThat(state.curve(2)).isNotEmpty().allMatch(p -> p.step() <= diverged);
      assertThat(state.curve(2)).allMatch(p -> Double.isFinite(p.distortion() + p.rate()));
    }
  }

  /** Training does not see the measurements: the weights are those of steps alone. */
  @Test
  void measuringChangesNoBit() throws Exception {
    try (PointerScope scope = new PointerScope()) {
      TrainingState measured = TrainingState.initial(COHORT);
      trainer(measured).train(checkpoint(Duration.ofDays(1)), steps -> {});
      TrainingState alone = TrainingState.initial(COHORT);
      TrainStep program = new TrainStep(COHORT, pool(), trainRows(), alone);
      for (int i = 0; i < ITERATIONS; i++) {
        program.step(false);
      }
      for (int run = 0; run < 2; run++) {
        assertThat(Tensors.doubles(measured.parameters().row(measured.placeOf(run))))
            .containsExactly(Tensors.doubles(alone.parameters().row(alone.placeOf(run))));
      }
    }
  }

  @Test
  void aResumedCurveHasTheSameBits() throws Exception {
    try (PointerScope scope = new PointerScope()) {
      TrainingState whole = TrainingState.initial(COHORT);
      trainer(whole).train(checkpoint(Duration.ofDays(1)), steps -> {});
      TrainingState part = TrainingState.initial(COHORT);
      Checkpoint checkpoint = checkpoint(Duration.ofDays(1));
      Trainer.StepListener interruption =
          new Trainer.StepListener() {
            private int steps;

            @Override
            public void advanced(long modelSteps) {
              if (++steps == 37) {
                Thread.currentThread().interrupt();
              }
            }
          };
      assertThatThrownBy(() -> trainer(part).train(checkpoint, interruption))
          .isInstanceOf(InterruptedException.class);
      assertThat(part.step()).isBetween(1, ITERATIONS - 1);
      TrainingState resumed = checkpoint.read(Device.CPU).orElseThrow();
      trainer(resumed).train(checkpoint, steps -> {});
      for (int run = 0; run < COHORT.size(); run++) {
        assertThat(resumed.curve(run)).isEqualTo(whole.curve(run));
      }
    }
  }

  /** The checkpoint of a version without learning curves goes on, with the points from there on. */
  @Test
  void anEarlierCheckpointGoesOn() throws Exception {
    Path file = folder.resolve(COHORT.id().hex() + ".safetensors");
    try (PointerScope scope = new PointerScope()) {
      TrainingState state = TrainingState.initial(COHORT);
      TrainStep program = new TrainStep(COHORT, pool(), trainRows(), state);
      for (int i = 0; i < 50; i++) {
        program.step(false);
      }
      checkpoint(Duration.ofDays(1)).write(state);
      byte[] bytes = Files.readAllBytes(file);
      String header =
          SafetensorsText.header(bytes)
              .replace("\\\"format\\\":3", "\\\"format\\\":2")
              .replace(",\\\"curve\\\":[]", "")
              .replaceFirst("crc32:[0-9a-f]{8}", "crc32:00000000");
      Files.write(file, SafetensorsText.withChecksum(header, SafetensorsText.values(bytes)));
      TrainingState resumed = checkpoint(Duration.ofDays(1)).read(Device.CPU).orElseThrow();
      assertThat(resumed.step()).isEqualTo(50);
      trainer(resumed).train(checkpoint(Duration.ofDays(1)), steps -> {});
      assertThat(resumed.curve(0).getFirst().step()).isEqualTo(52);
      assertThat(resumed.curve(0).getLast().step()).isEqualTo(ITERATIONS);
    }
  }

  @Test
  void recordsKeepCurvesAndOlderOnesHaveNone() throws Exception {
    List<CurvePoint> curve =
        List.of(new CurvePoint(0, Subset.TRAIN, 1.25, 0.5), new CurvePoint(4, Subset.TEST, 3, 7));
    RunRecord record =
        new RunRecord(
            COHORT.first(),
            new Outcome.Finished(ITERATIONS),
            new Evaluation(List.of("rate"), 2),
            List.of(),
            List.of(),
            curve,
            List.of(),
            new Provenance("0", "j", "t", "b", "cpu", "0", "1", 1, 1, List.of()));
    String text = RecordJson.write(record);
    assertThat(RecordReader.record(text)).isEqualTo(record);
    String older = text.replaceFirst("(?s)  \"curve\" : \\[.*?\\],\n", "");
    assertThat(older).doesNotContain("curve");
    assertThat(RecordReader.record(older).curve()).isEmpty();
    assertThat(RecordReader.record(older).trace()).isEqualTo(record.trace());
  }
}
