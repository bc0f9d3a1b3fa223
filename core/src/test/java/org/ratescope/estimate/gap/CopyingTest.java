package org.ratescope.estimate.gap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ratescope.dataset.Partition;
import org.ratescope.dataset.store.BuildListener;
import org.ratescope.estimate.EvaluationData;
import org.ratescope.estimate.LinearGaussian;
import org.ratescope.estimate.TrainedModel;
import org.ratescope.results.Estimate;
import org.ratescope.spec.RunRandom;
import org.ratescope.spec.Subset;
import org.ratescope.tensor.ImageTensor;
import org.ratescope.tensor.Libtorch;
import org.ratescope.tensor.Tensors;

class CopyingTest {
  private static final int TRAIN = 400;
  private static final int TEST = 260;

  @BeforeAll
  static void load() {
    Libtorch.useOneThread();
  }

  /** Samples that are fresh data: z has mean 0 and standard deviation 1, in 60 repetitions. */
  @Test
  void freshDataGiveAStandardNormalNumber() {
    try (PointerScope scope = new PointerScope()) {
      TrainedModel model = LinearGaussian.model(0);
      ImageTensor pool = LinearGaussian.data(4000, 1).train().pool();
      int repetitions = 60;
      double[] z = new double[repetitions];
      for (int r = 0; r < repetitions; r++) {
        try (PointerScope inner = new PointerScope()) {
          Draw draw = Draw.of(pool, r);
          z[r] = value(estimates(draw.fresh(), model, draw.data()), "copying");
        }
      }
      double mean = Arrays.stream(z).average().orElseThrow();
      double squares = Arrays.stream(z).map(v -> v * v).average().orElseThrow();
      assertThat(mean).isCloseTo(0, within(4 / Math.sqrt(repetitions)));
      assertThat(squares).isCloseTo(1, within(4 * Math.sqrt(2.0 / repetitions)));
    }
  }

  /** Copies of training images, slightly changed, are far below 0; wide samples far above. */
  @Test
  void copiesAreFoundAndStraySamplesAreNot() {
    try (PointerScope scope = new PointerScope()) {
      TrainedModel model = LinearGaussian.model(0);
      Draw draw = Draw.of(LinearGaussian.data(4000, 1).train().pool(), 1);
      Tensor copies = draw.data().train().images(0, TEST).add(new Scalar(0.001));
      Map<String, Estimate> found = estimates(copies, model, draw.data());
      assertThat(value(found, "copying")).isLessThan(-15);
      assertThat(value(found, "copying.nearer")).isGreaterThan(0.95);
      assertThat(value(found, "copying.lowest")).isLessThan(-6);
      Tensor stray = draw.fresh().mul(new Scalar(1.5));
      assertThat(value(estimates(stray, model, draw.data()), "copying")).isGreaterThan(4);
    }
  }

  /** All pairs of distances in float64, cell by cell. */
  @Test
  void theSlowTwin() {
    try (PointerScope scope = new PointerScope()) {
      TrainedModel model = LinearGaussian.model(0);
      Draw draw = Draw.of(LinearGaussian.data(4000, 1).train().pool(), 2);
      Map<String, Estimate> found = estimates(draw.fresh(), model, draw.data());
      double[][] train = rows(draw.data().train().images(0, TRAIN));
      double[][] tests = rows(draw.data().examples(Subset.TEST).images(0, TEST));
      double[][] samples = rows(draw.fresh());
      PixelCells cells = PixelCells.of(draw.data().train(), TEST / 50);
      int[] ofTests = cells.of(draw.data().examples(Subset.TEST).images(0, TEST));
      int[] ofSamples = cells.of(draw.fresh());
      double[] ofSample = Arrays.stream(samples).mapToDouble(x -> nearest(x, train)).toArray();
      double[] ofTest = Arrays.stream(tests).mapToDouble(x -> nearest(x, train)).toArray();
      assertThat(cells.count()).isEqualTo(5);
      double sum = 0;
      double squares = 0;
      int used = 0;
      for (int c = 0; c < 5; c++) {
        double m = 0;
        double n = 0;
        double u = 0;
        for (int i = 0; i < TEST; i++) {
          m += ofSamples[i] == c ? 1 : 0;
          n += ofTests[i] == c ? 1 : 0;
          for (int j = 0; j < TEST; j++) {
            if (ofSamples[i] == c && ofTests[j] == c) {
              u += ofSample[i] > ofTest[j] ? 1 : 0;
            }
          }
        }
        if (m >= 20 && n >= 20) {
          double z = (u - m * n / 2) / Math.sqrt(m * n * (m + n + 1) / 12);
          assertThat(value(found, "copying.cell." + c)).isCloseTo(z, within(1e-9));
          sum += n * z;
          squares += n * n;
          used += (int) n;
        }
      }
      assertThat(value(found, "copying")).isCloseTo(sum / Math.sqrt(squares), within(1e-9));
      assertThat(value(found, "copying.covered")).isCloseTo((double) used / TEST, within(1e-12));
    }
  }

  /** Every image is nearest to the centre of its cell, and centres are the means of their cells. */
  @Test
  void cellsAreThoseOfConvergedCentres() {
    try (PointerScope scope = new PointerScope()) {
      Draw draw = Draw.of(LinearGaussian.data(4000, 1).train().pool(), 3);
      double[][] train = rows(draw.data().train().images(0, TRAIN));
      int[] of = PixelCells.of(draw.data().train(), 3).of(draw.data().train().images(0, TRAIN));
      double[][] centres = new double[3][3];
      for (int c = 0; c < 3; c++) {
        int cell = c;
        int[] mine = IntStream.range(0, TRAIN).filter(i -> of[i] == cell).toArray();
        assertThat(mine).isNotEmpty();
        for (int j = 0; j < 3; j++) {
          int at = j;
          centres[c][j] =
              Arrays.stream(mine).mapToDouble(i -> train[i][at]).average().orElseThrow();
        }
      }
      int elsewhere = 0;
      for (int i = 0; i < TRAIN; i++) {
        double mine = distance(train[i], centres[of[i]]);
        elsewhere += mine > nearest(train[i], centres) + 1e-9 ? 1 : 0;
      }
      assertThat(elsewhere)
          .as("images nearer to another cell's mean, after 25 rounds")
          .isLessThan(8);
    }
  }

  @Test
  void valuesThatDoNotExistSayWhy() {
    try (PointerScope scope = new PointerScope()) {
      TrainedModel model = LinearGaussian.model(0);
      EvaluationData few = LinearGaussian.data(5, 5);
      assertThat(new Copying().estimate(model, few, Subset.TRAIN, 1)).isEmpty();
      absent(
          new Copying().estimate(model, few, Subset.TEST, 1),
          "no value: no cell has 20 test images and 20 samples with distances that differ, of 5 and"
              + " 5 in 1 cells");
      ImageTensor grey = ImageTensor.of(new float[300], 100, 3);
      EvaluationData flat =
          EvaluationData.of(
              grey,
              Partition.of(IntStream.range(0, 50).toArray(), IntStream.range(50, 100).toArray()),
              100);
      Tensor same = Tensors.zeros(ScalarType.Float, 50, 3);
      absent(
          new Copying().of(same, model, flat, flat.examples(Subset.TEST), BuildListener.SILENT),
          "no value: no cell has 20 test images and 20 samples with distances that differ, of 50"
              + " and 50 in 1 cells");
      same.fill_(new Scalar(Double.NaN));
      absent(
          new Copying().of(same, model, flat, flat.examples(Subset.TEST), BuildListener.SILENT),
          "no value: a sample of the model is not finite");
    }
  }

  private static void absent(List<Estimate> found, String reason) {
    assertThat(found).hasSize(1);
    assertThat(found.getFirst().value()).isNaN();
    assertThat(found.getFirst().settings()).isEqualTo(reason);
  }

  /** Samples are the decoder's means of codes from the prior. */
  @Test
  void samplesAreMeansOfPriorCodes() {
    try (PointerScope scope = new PointerScope()) {
      TrainedModel model = LinearGaussian.model(0);
      double[] codes = PriorSamples.of(model, "copying", 4, 0, 600);
      double[][] means = rows(PriorSamples.means(model, codes));
      for (int i : new int[] {0, 511, 512, 599}) {
        double[] z = {codes[2 * i], codes[2 * i + 1]};
        assertThat(means[i]).containsExactly(LinearGaussian.decoded(z), within(1e-9));
      }
      Map<String, Estimate> found =
          new Copying()
              .estimate(model, LinearGaussian.data(300, 200), Subset.TEST, 1).stream()
                  .collect(Collectors.toMap(Estimate::name, e -> e));
      Estimate copying = Objects.requireNonNull(found.get("copying"));
      assertThat(copying.settings())
          .matches(
              "200 samples E\\[x\\|z\\] with z from the prior, \\d of 4 cells of k-means on"
                  + " training images");
      assertThat(copying.standardError()).isBetween(0.5, 1.5);
    }
  }

  @Test
  void equalValuesShareTheirRanks() {
    MannWhitney found = MannWhitney.of(new double[] {1, 2, 2}, new double[] {2, 3});
    // pairs: 1<2, 1<3, 2=2, 2<3, 2=2, 2<3: U = 1; variance 6/12 (6 − (27 − 3) / 20)
    assertThat(found.z()).isCloseTo((1 - 3) / Math.sqrt(0.5 * (6 - 24.0 / 20)), within(1e-12));
    assertThat(found.smaller()).isCloseTo(1 - 1 / 6.0, within(1e-12));
    assertThat(MannWhitney.of(new double[] {5, 5}, new double[] {5}).z()).isZero();
    assertThatThrownBy(() -> MannWhitney.of(new double[0], new double[] {1}))
        .hasMessage(
            "both samples need at least one value, and none may be NaN; got 0 and 1 values");
  }

  /** The reported standard error against the spread of 2,000 repetitions. */
  @Test
  void theStandardErrorIsTheSpreadOfRepetitions() {
    int repetitions = 2000;
    double[] shares = new double[repetitions];
    double errors = 0;
    for (int r = 0; r < repetitions; r++) {
      double[] first = new double[30];
      double[] second = new double[40];
      RunRandom random = RunRandom.named(r, "mann", 0);
      Arrays.setAll(first, i -> random.normal(i));
      Arrays.setAll(second, i -> 0.7 + 2 * random.normal(100 + i));
      MannWhitney found = MannWhitney.of(first, second);
      shares[r] = found.smaller();
      errors += found.standardError() / repetitions;
    }
    double mean = Arrays.stream(shares).average().orElseThrow();
    double variance =
        Arrays.stream(shares).map(s -> (s - mean) * (s - mean)).sum() / (repetitions - 1);
    assertThat(errors / Math.sqrt(variance)).isCloseTo(1, within(0.08));
  }

  private static Map<String, Estimate> estimates(
      Tensor samples, TrainedModel model, EvaluationData data) {
    return new Copying()
        .of(samples, model, data, data.examples(Subset.TEST), BuildListener.SILENT).stream()
            .collect(Collectors.toMap(Estimate::name, e -> e));
  }

  private static double value(Map<String, Estimate> found, String name) {
    return Objects.requireNonNull(found.get(name)).value();
  }

  private static double[][] rows(Tensor images) {
    double[] values = Tensors.doubles(images);
    int d = (int) images.size(1);
    return IntStream.range(0, values.length / d)
        .mapToObj(i -> Arrays.copyOfRange(values, i * d, (i + 1) * d))
        .toArray(double[][]::new);
  }

  private static double nearest(double[] x, double[][] others) {
    return Arrays.stream(others).mapToDouble(y -> distance(x, y)).min().orElseThrow();
  }

  private static double distance(double[] x, double[] y) {
    return Math.sqrt(
        IntStream.range(0, x.length).mapToDouble(j -> (x[j] - y[j]) * (x[j] - y[j])).sum());
  }

  /** Disjoint rows of a pool at random: a training set, a test set, and fresh images. */
  private record Draw(EvaluationData data, Tensor fresh) {
    static Draw of(ImageTensor pool, int number) {
      int[] order = IntStream.range(0, pool.rows()).toArray();
      RunRandom.named(number, "draw", 0).shuffle(order);
      int[] train = Arrays.copyOf(order, TRAIN);
      int[] test = Arrays.copyOfRange(order, TRAIN, TRAIN + TEST);
      Arrays.sort(train);
      Arrays.sort(test);
      long[] rest = Arrays.stream(order, TRAIN + TEST, TRAIN + 2 * TEST).asLongStream().toArray();
      return new Draw(
          EvaluationData.of(pool, Partition.of(train, test), Integer.MAX_VALUE), pool.select(rest));
    }
  }
}
