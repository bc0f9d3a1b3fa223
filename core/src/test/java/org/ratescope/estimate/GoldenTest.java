package org.ratescope.estimate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ratescope.dataset.source.ImageLibrary;
import org.ratescope.dataset.tetromino.Tetrominoes;
import org.ratescope.estimate.posterior.Examples;
import org.ratescope.estimate.posterior.InferenceMarginal;
import org.ratescope.estimate.posterior.LogWeights;
import org.ratescope.estimate.posterior.MeanEstimate;
import org.ratescope.estimate.posterior.Neighbours;
import org.ratescope.estimate.posterior.Posteriors;
import org.ratescope.estimate.posterior.Proposal;
import org.ratescope.estimate.posterior.Responsibilities;
import org.ratescope.evaluate.ImagesReference;
import org.ratescope.evaluate.ModelEvaluation;
import org.ratescope.evaluate.ModelFile;
import org.ratescope.model.TensorNames;
import org.ratescope.model.prior.Normal;
import org.ratescope.results.Estimate;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.Precision;
import org.ratescope.spec.Prior;
import org.ratescope.spec.Split;
import org.ratescope.spec.Subset;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.study.Evaluation;
import org.ratescope.tensor.Device;
import org.ratescope.tensor.Tensors;

/** Every estimator against the golden values. Tolerances are stated beside each. */
class GoldenTest {

  @BeforeAll
  static void load() {
    Golden.require();
  }

  @Test
  void posteriors() throws IOException {
    try (PointerScope scope = new PointerScope()) {
      Posteriors posteriors = Golden.model(ScalarType.Double).posteriors(Golden.batch128());
      assertThat(posteriors.mean()).containsExactly(Golden.array("enc_mean"), within(1e-12));
      assertThat(posteriors.logVar()).containsExactly(Golden.array("enc_logvar"), within(1e-12));
    }
  }

  @Test
  void importanceWeightsOfGivenNoise() throws IOException {
    double[] noise = Golden.array("noise_is_k64"); // [64, 128, 10]
    try (PointerScope scope = new PointerScope()) {
      TrainedModel model = Golden.model(ScalarType.Double);
      double[] golden = Golden.array("is_logw_k64"); // [64, 128]
      for (int k = 0; k < 64; k += 21) {
        int sample = k;
        List<LogWeights> one =
            ImportanceSampling.of("one", Proposal.POSTERIOR, 1, 128)
                .weights(
                    model,
                    Golden.batch128(),
                    (n, s, l) -> noise[(sample * 128 + n) * Golden.LATENT + l]);
        for (int n = 0; n < 128; n++) {
          assertThat(one.get(n).logMean()).isCloseTo(golden[k * 128 + n], within(1e-9));
        }
      }
      List<LogWeights> all =
          ImportanceSampling.of("all", Proposal.POSTERIOR, 64, 128)
              .weights(
                  model, Golden.batch128(), (n, s, l) -> noise[(s * 128 + n) * Golden.LATENT + l]);
      assertThat(all.stream().mapToDouble(LogWeights::logMean).toArray())
          .containsExactly(Golden.array("logpx_is_k64"), within(1e-9));
    }
  }

  /**
   * 5000 samples from q on the first 16 images. Two golden runs differ by 1.08 nats in mean
   * absolute value, so the mean of 16 has a standard error of about 1.08 · √(π/2) / √16 = 0.34: z =
   * 4.
   */
  @Test
  void importanceSamplingOf5000() throws IOException {
    try (PointerScope scope = new PointerScope()) {
      TrainedModel model = Golden.model(ScalarType.Float);
      Examples first = Golden.batch128().first(16);
      EvaluationData data = EvaluationData.of(first.pool(), Partitions.test(16), 16);
      List<Estimate> estimates =
          ImportanceSampling.of("q", Proposal.POSTERIOR, 5000, 16)
              .estimate(model, data, Subset.TEST, 0);
      double golden = Golden.scalars().path("k5000").path("logpx_mean_16test").doubleValue();
      assertThat(estimates.getFirst().value()).isCloseTo(golden, within(4 * 0.34));
      assertThat(estimates.getFirst().settings()).contains("caution");
      double defensive =
          ImportanceSampling.of("m", Proposal.DEFENSIVE, 1000, 16)
              .estimate(model, data, Subset.TEST, 0)
              .getFirst()
              .value();
      // the golden proposal q·√10 alone is 9.0 nats above q
      assertThat(defensive - golden).isGreaterThan(7);
    }
  }

  @ParameterizedTest
  @CsvSource({"1,''", "10,infl_"})
  void inferenceMarginals(double scale, String prefix) throws IOException {
    Posteriors all = Golden.trainPosteriors(scale);
    int[] query = Golden.indices("query_index_1024");
    double[] codes =
        scale == 1 ? rows(Golden.array("z_train"), query) : Golden.array("infl_z_1024");
    assertThat(InferenceMarginal.of(all).logDensity(codes))
        .containsExactly(Golden.array(prefix + "logq_z_exact"), within(1e-9));
    double[] batches = new double[1024];
    for (int from = 0; from < 1024; from += 512) {
      Posteriors batch = all.select(Arrays.copyOfRange(query, from, from + 512));
      double[] own = Arrays.copyOfRange(codes, from * 10, (from + 512) * 10);
      System.arraycopy(InferenceMarginal.batch(batch, own, 16384), 0, batches, from, 512);
    }
    assertThat(batches).containsExactly(Golden.array(prefix + "logq_z_batch512"), within(1e-9));
    double[] golden = Golden.array(prefix + "logq_z_given_own_x");
    for (int i = 0; i < 1024; i++) {
      assertThat(all.logDensity(query[i], codes, 10 * i)).isCloseTo(golden[i], within(1e-9));
    }
  }

  @ParameterizedTest
  @CsvSource({"1,''", "10,infl_"})
  void decompositions(double scale, String prefix) throws IOException {
    Posteriors all = Golden.trainPosteriors(scale);
    int[] query = Golden.indices("query_index_1024");
    double[] codes =
        scale == 1 ? rows(Golden.array("z_train"), query) : Golden.array("infl_z_1024");
    double[] logQ = InferenceMarginal.of(all).logDensity(codes);
    JsonNode golden = Golden.scalars().path(prefix + "exact_1024");
    MeanEstimate i = mean(n -> all.logDensity(query[n], codes, 10 * n) - logQ[n]);
    double[] logPrior = new Normal().logDensities(Tensors.zeros(ScalarType.Double, 10), codes);
    MeanEstimate kl = mean(n -> logQ[n] - logPrior[n]);
    assertThat(i.value()).isCloseTo(golden.path("I").doubleValue(), within(1e-9));
    assertThat(i.standardError())
        .isCloseTo(golden.path("I_se").doubleValue(), within(1e-3 * i.standardError() + 1e-12));
    assertThat(kl.value()).isCloseTo(golden.path("KL").doubleValue(), within(1e-9));
    // the naive batch average cannot exceed log 512 = 6.24, far below the 8.18 that is right
    if (scale > 1) {
      double[] naive = new double[512];
      InferenceMarginal batch = InferenceMarginal.of(all.select(Arrays.copyOf(query, 512)));
      double[] density = batch.logDensity(Arrays.copyOf(codes, 5120));
      Arrays.setAll(naive, n -> all.logDensity(query[n], codes, 10 * n) - density[n]);
      assertThat(MeanEstimate.of(naive).value())
          .isLessThan(Math.log(512))
          .isLessThan(i.value() - 1.9);
    }
  }

  @ParameterizedTest
  @CsvSource({"1,''", "10,infl_"})
  void memorisationWeights(double scale, String prefix) throws IOException {
    InferenceMarginal mixture = InferenceMarginal.of(Golden.trainPosteriors(scale));
    double[] codes = Golden.array("enc_mean");
    double[] perplexity = Golden.array(prefix + "eq5_perplexity");
    double[] largest = Golden.array(prefix + "eq5_max_weight");
    double[] logSum = Golden.array(prefix + "eq5_log_sum_q");
    int[] argmax = Golden.indices(prefix + "eq5_argmax");
    for (int i = 0; i < 64; i++) {
      Responsibilities w = Responsibilities.of(mixture.logTerms(codes, 10 * i));
      assertThat(w.perplexity()).isCloseTo(perplexity[i], within(1e-10 * perplexity[i]));
      assertThat(w.largestWeight()).isCloseTo(largest[i], within(1e-10));
      assertThat(w.logSum()).isCloseTo(logSum[i], within(1e-9));
      assertThat(w.largest()).isEqualTo(argmax[i]);
    }
  }

  /** Renders the 16384 training images; the posteriors are encoded here, not the golden ones. */
  @Test
  void memorisationAndNeighboursInPixels() throws IOException {
    try (PointerScope scope = new PointerScope()) {
      EvaluationData data = Golden.setting(trainingImages());
      TrainedModel model = Golden.model(ScalarType.Double);
      List<MemorisationResult> found = Memorisation.of(model, data, data.examples(Subset.TEST));
      int[] argmax = Golden.indices("eq5_argmax");
      assertThat(found.stream().mapToInt(MemorisationResult::nearest).toArray()).isEqualTo(argmax);
      // golden posteriors were rounded to float32, which moves weights by up to about 1e-4
      check(found, MemorisationResult::perplexity, "eq5_perplexity", 1e-4);
      check(found, MemorisationResult::largestWeight, "eq5_max_weight", 1e-4);
      check(found, MemorisationResult::imageToMu, "eq5_dist_x_mu", 1e-4);
      check(found, MemorisationResult::reconstructionToMu, "eq5_dist_xhat_mu", 1e-4);
      check(found, MemorisationResult::reconstructionToImage, "eq5_dist_xhat_x", 1e-9);
      check(found, MemorisationResult::distortionOfImage, "D_at_mean", 1e-9);
      check(found, MemorisationResult::distortionOfMu, "eq5_bce_mu_logits", 2e-3);
      Neighbours neighbours = data.neighbours(Subset.TEST);
      double[] nearest = Golden.array("nn_pixel_l2");
      int[] index = Golden.indices("nn_pixel_index");
      for (int i = 0; i < 64; i++) {
        assertThat(neighbours.row(i)).isEqualTo(index[i]);
        assertThat(neighbours.distance(i)).isCloseTo(nearest[i], within(1e-10));
      }
    }
  }

  /**
   * Annealed chains, which do not look at the encoder, on two images: the defensive mixture agrees
   * with them within 4 combined standard errors, and q is more than 3 nats too low.
   */
  @Test
  void annealedChainsConfirmTheMixtureAndNotQ() throws IOException {
    try (PointerScope scope = new PointerScope()) {
      TrainedModel model = Golden.model(ScalarType.Float);
      Examples batch = Golden.batch128();
      Examples two = Examples.ofRows(batch.pool(), Subset.TEST, new int[] {2, 4});
      List<LogWeights> annealed = AnnealedImportance.of(2, 16, 100, 5).weights(model, two, 1);
      List<LogWeights> mixture = weights(model, two, Proposal.DEFENSIVE);
      List<LogWeights> q = weights(model, two, Proposal.POSTERIOR);
      for (int n = 0; n < 2; n++) {
        double reference = annealed.get(n).logMean();
        double error = Math.hypot(annealed.get(n).standardError(), mixture.get(n).standardError());
        assertThat(mixture.get(n).logMean()).isCloseTo(reference, within(4 * error));
        assertThat(error).isLessThan(1.2);
        assertThat(q.get(n).logMean()).isLessThan(reference - 3);
      }
    }
  }

  private static List<LogWeights> weights(
      TrainedModel model, Examples examples, Proposal proposal) {
    return ImportanceSampling.of("x", proposal, 2000, 2)
        .weights(model, examples, Noises.of(1, Golden.LATENT));
  }

  /** The method behind the command line, on the files as PyTorch and NumPy left them. */
  @Test
  void aModelTrainedInPyTorch() throws IOException {
    ModelFile model =
        new ModelFile(
            Architecture.parse("mlp:1x512"),
            Golden.LATENT,
            Likelihood.parse("bernoulli"),
            Prior.normal(),
            Precision.FLOAT64,
            Golden.FOLDER.resolve("weights.safetensors"),
            TensorNames.SAME);
    ModelEvaluation found =
        model.evaluate(
            ImagesReference.parse(Golden.FOLDER.resolve("arrays/images_train64.npy").toString()),
            ImagesReference.parse(Golden.FOLDER.resolve("arrays/images_test64.npy").toString()),
            new Evaluation(List.of("rate", "memoryDistortion", "decoderNorm"), Evaluation.ALL),
            Estimators.standard(),
            0,
            Device.CPU,
            ImageLibrary.at(Golden.FOLDER),
            (what, done, total) -> {},
            estimate -> {});
    JsonNode golden = Golden.scalars();
    for (Subset subset : Subset.values()) {
      Map<String, Double> values =
          found.estimates().stream()
              .filter(e -> e.subset() == subset)
              .collect(Collectors.toMap(Estimate::name, Estimate::value));
      JsonNode batch = golden.path("batch128");
      assertThat(values)
          .hasEntrySatisfying("rate", close(batch.path("R_" + subset.text() + "64")))
          .hasEntrySatisfying(
              "memoryDistortion.image", close(batch.path("D_at_mean_" + subset.text() + "64")));
    }
  }

  @Test
  void weightNorms() throws IOException {
    try (PointerScope scope = new PointerScope()) {
      TrainedModel model = Golden.model(ScalarType.Float);
      EvaluationData data = EvaluationData.of(Golden.batch128().pool(), Partitions.test(4), 4);
      Map<String, Double> norms =
          new WeightNorms()
              .estimate(model, data, Subset.TRAIN, 0).stream()
                  .collect(Collectors.toMap(Estimate::name, Estimate::value));
      JsonNode golden = Golden.scalars();
      JsonNode averages = golden.path("avg_frobenius_weight_matrices");
      JsonNode weights = golden.path("weights");
      assertThat(norms)
          .hasEntrySatisfying("encoderNorm", close(averages.path("encoder_hidden_and_heads")))
          .hasEntrySatisfying("decoderNorm", close(averages.path("decoder")));
      for (String name : List.of("encoder.0", "mean", "logvar")) {
        assertThat(norms)
            .hasEntrySatisfying(
                "encoderNorm." + name, close(weights.path(name + ".weight").path("frobenius")));
      }
      for (String name : List.of("decoder.0", "decoder.1")) {
        assertThat(norms)
            .hasEntrySatisfying(
                "decoderNorm." + name, close(weights.path(name + ".weight").path("frobenius")));
      }
      assertThat(norms).hasSize(7);
    }
  }

  private static java.util.function.Consumer<Double> close(JsonNode golden) {
    return value -> assertThat(value).isCloseTo(golden.doubleValue(), within(1e-10 * value));
  }

  private static void check(
      List<MemorisationResult> found,
      java.util.function.ToDoubleFunction<MemorisationResult> value,
      String name,
      double tolerance)
      throws IOException {
    double[] golden = Golden.array(name);
    for (int i = 0; i < found.size(); i++) {
      assertThat(value.applyAsDouble(found.get(i)))
          .as("%s of example %d", name, i)
          .isCloseTo(golden[i], within(tolerance));
    }
  }

  private static Tensor trainingImages() {
    Tetrominoes source = Tetrominoes.of(DataSpec.Tetrominoes.published());
    int[] rows = source.partition(new Split.ConstantVolume(0.1)).rows(Subset.TRAIN);
    float[] images = new float[rows.length * Golden.DIMENSIONS];
    IntStream.range(0, rows.length)
        .parallel()
        .forEach(
            i -> {
              float[] image = new float[Golden.DIMENSIONS];
              source.render(rows[i], image);
              System.arraycopy(image, 0, images, i * image.length, image.length);
            });
    return Tensors.tensor(ScalarType.Float, images, rows.length, Golden.DIMENSIONS);
  }

  private static MeanEstimate mean(java.util.function.IntToDoubleFunction value) {
    return MeanEstimate.of(IntStream.range(0, 1024).mapToDouble(value).toArray());
  }

  private static double[] rows(double[] codes, int[] rows) {
    double[] selected = new double[rows.length * 10];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(codes, rows[i] * 10, selected, i * 10, 10);
    }
    return selected;
  }
}
