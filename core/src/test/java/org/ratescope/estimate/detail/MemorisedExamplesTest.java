package org.ratescope.estimate.detail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ratescope.dataset.ImageSet;
import org.ratescope.dataset.Partition;
import org.ratescope.dataset.format.PngWriter;
import org.ratescope.dataset.store.BuildListener;
import org.ratescope.dataset.store.ImageStore;
import org.ratescope.dataset.tetromino.Tetrominoes;
import org.ratescope.estimate.EvaluationData;
import org.ratescope.estimate.Memorisation;
import org.ratescope.estimate.NeighbourDistance;
import org.ratescope.estimate.TrainedModel;
import org.ratescope.estimate.posterior.Examples;
import org.ratescope.estimate.posterior.Posteriors;
import org.ratescope.model.ParameterLayout;
import org.ratescope.model.Parameters;
import org.ratescope.results.Estimate;
import org.ratescope.results.ExampleDetails;
import org.ratescope.results.ExampleDetails.Example;
import org.ratescope.results.ExampleDetails.Heavy;
import org.ratescope.results.ExampleDetails.Sheet;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.Split;
import org.ratescope.spec.Subset;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.sweep.SharedCache;
import org.ratescope.tensor.Libtorch;

/**
 * Single examples on real Tetrominoes, compared with loops in double precision and the estimators'
 * means.
 */
class MemorisedExamplesTest {
  private static final DataSpec.Tetrominoes DATA =
      new DataSpec.Tetrominoes(DataSpec.Preset.PUBLISHED, DataSpec.Shape.J, 4);
  private static final int LIMIT = 60;

  private static final Path CACHE = SharedCache.folder();
  private static ImageSet images;
  private static Partition partition;
  private static EvaluationData data;

  @BeforeAll
  static void open() throws IOException {
    Libtorch.useOneThread();
    images = ImageStore.at(CACHE).open(Tetrominoes.of(DATA), BuildListener.SILENT);
    partition = images.partition(new Split.ConstantVolume(1.0 / 1024)); // 160 training images
    data = EvaluationData.of(Examples.pool(images), partition, LIMIT);
  }

  private static TrainedModel model() {
    Parameters parameters =
        Parameters.zeros(
            ParameterLayout.of(Architecture.parse("mlp:1x8"), DATA.dimensions(), 2),
            ScalarType.Double,
            1);
    parameters.initialize(0, 3);
    return TrainedModel.of(parameters, 0, Likelihood.parse("bernoulli"));
  }

  @Test
  void eachExampleAgreesWithPlainLoops() {
    try (PointerScope scope = new PointerScope()) {
      TrainedModel model = model();
      ExampleDetails found = MemorisedExamples.of(images, model, data);
      Posteriors train = model.posteriors(data.train());
      Examples examples = data.examples(Subset.TEST);
      Posteriors test = model.posteriors(examples);

      assertThat(found.trainExamples()).isEqualTo(160);
      assertThat(found.examples()).hasSize(LIMIT);
      for (int i = 0; i < LIMIT; i++) {
        Example e = found.examples().get(i);
        float[] x = images.image(partition.row(Subset.TEST, e.index()));
        assertThat(partition.row(Subset.TEST, e.index())).isEqualTo(examples.row(i));
        double[] w = weights(train, test, i);
        double[] mu = mean(w);
        float[] decoded = model.reconstruct(examples, i);
        double nearest = Double.POSITIVE_INFINITY;
        int heaviest = 0;
        double entropy = 0;
        for (int n = 0; n < w.length; n++) {
          float[] other = images.image(partition.row(Subset.TRAIN, n));
          nearest = Math.min(nearest, distance(x, doubles(other)));
          heaviest = w[n] > w[heaviest] ? n : heaviest;
          entropy -= w[n] > 0 ? w[n] * Math.log(w[n]) : 0;
        }
        assertThat(e.neighbourDistance()).isCloseTo(nearest, within(1e-12));
        assertThat(e.imageToMu()).isCloseTo(distance(x, mu), within(1e-12));
        // reconstructions of the loop are float32
        assertThat(e.reconstructionToImage())
            .isCloseTo(distance(decoded, doubles(x)), within(1e-6));
        assertThat(e.reconstructionToMu()).isCloseTo(distance(decoded, mu), within(1e-6));
        assertThat(e.distortionOfImage())
            .isCloseTo(crossEntropy(doubles(x), decoded), within(1e-5));
        assertThat(e.distortionOfMu()).isCloseTo(crossEntropy(mu, decoded), within(1e-5));
        assertThat(e.perplexity()).isCloseTo(Math.exp(entropy), within(1e-9));
        assertThat(e.largestWeight()).isCloseTo(w[heaviest], within(1e-12));
        assertThat(e.heaviest()).isEqualTo(heaviest);
      }
    }
  }

  /** w of Equation 5 in plain densities, which do not underflow here. */
  private static double[] weights(Posteriors train, Posteriors test, int i) {
    double[] w = new double[train.size()];
    double sum = 0;
    for (int n = 0; n < w.length; n++) {
      w[n] = Math.exp(train.logDensity(n, test.mean(), 2 * i));
      sum += w[n];
    }
    for (int n = 0; n < w.length; n++) {
      w[n] /= sum;
    }
    return w;
  }

  private static double[] mean(double[] w) {
    double[] mu = new double[DATA.dimensions()];
    for (int n = 0; n < w.length; n++) {
      float[] image = images.image(partition.row(Subset.TRAIN, n));
      for (int j = 0; j < mu.length; j++) {
        mu[j] += w[n] * image[j];
      }
    }
    return mu;
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

  private static double distance(float[] a, double[] b) {
    double sum = 0;
    for (int j = 0; j < b.length; j++) {
      sum += (a[j] - b[j]) * (a[j] - b[j]);
    }
    return Math.sqrt(sum);
  }

  private static double crossEntropy(double[] x, float[] decoded) {
    double sum = 0;
    for (int j = 0; j < x.length; j++) {
      sum -= x[j] * Math.log(decoded[j]) + (1 - x[j]) * Math.log(1 - decoded[j]);
    }
    return sum;
  }

  @Test
  void theirMeansAreTheEstimates() {
    try (PointerScope scope = new PointerScope()) {
      TrainedModel model = model();
      List<Example> examples = MemorisedExamples.of(images, model, data).examples();
      List<Estimate> estimates = new Memorisation().estimate(model, data, Subset.TEST, 0);
      List<Estimate> distance = new NeighbourDistance().estimate(model, data, Subset.TEST, 0);

      assertMean(estimates, "perplexity", examples, Example::perplexity);
      assertMean(estimates, "largestWeight", examples, Example::largestWeight);
      assertMean(estimates, "memoryDistance.imageToMu", examples, Example::imageToMu);
      assertMean(
          estimates, "memoryDistance.reconstructionToMu", examples, Example::reconstructionToMu);
      assertMean(
          estimates,
          "memoryDistance.reconstructionToImage",
          examples,
          Example::reconstructionToImage);
      assertMean(estimates, "memoryDistortion.image", examples, Example::distortionOfImage);
      assertMean(estimates, "memoryDistortion.mu", examples, Example::distortionOfMu);
      assertMean(
          estimates,
          "nearerToMemory",
          examples,
          e -> e.reconstructionToMu() < e.reconstructionToImage() ? 1 : 0);
      assertMean(distance, "neighbourDistance", examples, Example::neighbourDistance);
    }
  }

  private static void assertMean(
      List<Estimate> estimates,
      String name,
      List<Example> examples,
      ToDoubleFunction<Example> value) {
    Estimate estimate =
        estimates.stream().filter(e -> e.name().equals(name)).findFirst().orElseThrow();
    assertThat(estimate.examples()).isEqualTo(examples.size());
    assertThat(examples.stream().mapToDouble(value).average().orElseThrow())
        .as(name)
        .isCloseTo(estimate.value(), within(1e-12 * Math.max(1, Math.abs(estimate.value()))));
  }

  @Test
  void picturesAreThoseOfTheirExamples() {
    try (PointerScope scope = new PointerScope()) {
      TrainedModel model = model();
      ExampleDetails found = MemorisedExamples.of(images, model, data);

      assertThat(found.pictures())
          .extracting(Sheet::name)
          .startsWith("easy", "typical", "hard", "example 1", "example 2")
          .hasSize(3 + MemorisedExamples.SHOWN);
      for (Sheet sheet : found.pictures()) {
        Example example =
            found.examples().stream()
                .filter(e -> e.index() == sheet.index())
                .findFirst()
                .orElseThrow();
        assertThat(sheet.original())
            .isEqualTo(uri(images.image(partition.row(Subset.TEST, sheet.index()))));
        assertThat(sheet.heaviest()).hasSize(3);
        assertThat(sheet.heaviest().getFirst().index()).isEqualTo(example.heaviest());
        assertThat(sheet.heaviest().getFirst().weight())
            .isCloseTo(example.largestWeight(), within(1e-12));
        assertThat(sheet.heaviest()).extracting(h -> -h.weight()).isSorted();
        for (Heavy heavy : sheet.heaviest()) {
          assertThat(heavy.image())
              .isEqualTo(uri(images.image(partition.row(Subset.TRAIN, heavy.index()))));
        }
      }
      List<Double> distances =
          found.examples().stream().map(Example::neighbourDistance).sorted().toList();
      assertThat(distanceOf(found, "easy")).isEqualTo(distances.get(3)); // 5 % of 59
      assertThat(distanceOf(found, "typical")).isEqualTo(distances.get(30));
      assertThat(distanceOf(found, "hard")).isEqualTo(distances.get(56));
    }
  }

  private static double distanceOf(ExampleDetails found, String name) {
    int index =
        found.pictures().stream()
            .filter(s -> s.name().equals(name))
            .findFirst()
            .orElseThrow()
            .index();
    return found.examples().stream()
        .filter(e -> e.index() == index)
        .findFirst()
        .orElseThrow()
        .neighbourDistance();
  }

  private static String uri(float[] image) {
    return PngWriter.dataUri(image, 3, 4, 4);
  }
}
