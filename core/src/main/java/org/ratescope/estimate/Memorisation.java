package org.ratescope.estimate;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.ratescope.estimate.posterior.Examples;
import org.ratescope.estimate.posterior.InferenceMarginal;
import org.ratescope.estimate.posterior.MeanEstimate;
import org.ratescope.estimate.posterior.Posteriors;
import org.ratescope.estimate.posterior.Responsibilities;
import org.ratescope.model.Vae;
import org.ratescope.results.Estimate;
import org.ratescope.spec.Subset;
import org.ratescope.tensor.Device;
import org.ratescope.tensor.Tensors;

/**
 * Memorisation by the weights of Equation 5 (appendix C.1, C.3): w_n(z) = q(z|x_n) / Σ_m q(z|x_m)
 * over all training examples, z the posterior's mean, and mu(z) = Σ_n w_n(z) x_n. Means over at
 * most {@value #EXAMPLES} examples. In the training set an example's own posterior is among them.
 */
public final class Memorisation implements Estimator {
  public static final int EXAMPLES = 1024;

  /** Weights in memory at once, over all examples of a chunk. */
  private static final int WEIGHTS = 1 << 22;

  private static final int CHUNK = 256;
  private static final int TILE = 1024;

  /** A tile of weights that are all below this changes mu by less than float64's last digits. */
  private static final double NEGLIGIBLE = 1e-20;

  private static final String PERPLEXITY = "perplexity";
  private static final String LARGEST = "largestWeight";
  private static final String DISTANCES = "memoryDistance";
  private static final String DISTORTIONS = "memoryDistortion";
  private static final String NEARER = "nearerToMemory";

  @Override
  public List<String> names() {
    return List.of(PERPLEXITY, LARGEST, DISTANCES, DISTORTIONS, NEARER);
  }

  @Override
  public Cost cost(Cost.Scale scale) {
    double pairs = (double) Math.min(scale.examples(), EXAMPLES) * scale.train();
    return new Cost(0.5 * scale.train(), pairs * (scale.latentSize() + scale.dimensions()));
  }

  @Override
  public List<Estimate> estimate(
      TrainedModel model, EvaluationData data, Subset subset, long seed) {
    List<MemorisationResult> found = of(model, data, data.examples(subset, EXAMPLES));
    String settings = "Equation 5 over %s training posteriors".formatted(data.train().size());
    String pixels = "pixel values";
    return List.of(
            mean(found, MemorisationResult::perplexity)
                .estimate(PERPLEXITY, subset, "training examples"),
            mean(found, MemorisationResult::largestWeight).estimate(LARGEST, subset, "weight"),
            mean(found, MemorisationResult::imageToMu)
                .estimate(DISTANCES + ".imageToMu", subset, pixels),
            mean(found, MemorisationResult::reconstructionToMu)
                .estimate(DISTANCES + ".reconstructionToMu", subset, pixels),
            mean(found, MemorisationResult::reconstructionToImage)
                .estimate(DISTANCES + ".reconstructionToImage", subset, pixels),
            mean(found, MemorisationResult::distortionOfImage)
                .estimate(DISTORTIONS + ".image", subset),
            mean(found, MemorisationResult::distortionOfMu).estimate(DISTORTIONS + ".mu", subset),
            mean(found, m -> m.reconstructionToMu() < m.reconstructionToImage() ? 1 : 0)
                .estimate(NEARER, subset, "share of examples"))
        .stream()
        .map(e -> e.settings(settings))
        .toList();
  }

  private interface Value {
    double of(MemorisationResult memorised);
  }

  private static MeanEstimate mean(List<MemorisationResult> found, Value value) {
    return MeanEstimate.of(found.stream().mapToDouble(value::of).toArray());
  }

  /** What each example points to, over the whole training set. */
  public static List<MemorisationResult> of(
      TrainedModel model, EvaluationData data, Examples examples) {
    InferenceMarginal mixture = InferenceMarginal.of(model.posteriors(data.train()));
    Posteriors posteriors = model.posteriors(examples);
    int chunk = Math.clamp(WEIGHTS / mixture.size(), 1, CHUNK);
    List<MemorisationResult> found = new ArrayList<>();
    for (int first = 0; first < examples.size(); first += chunk) {
      List<Responsibilities> weights = new ArrayList<>();
      for (int i = first; i < Math.min(first + chunk, examples.size()); i++) {
        double[] terms = mixture.logTerms(posteriors.mean(), i * posteriors.latentSize());
        weights.add(Responsibilities.of(terms));
      }
      try (PointerScope scope = new PointerScope()) {
        Tensor mu = mean(data.train(), weights);
        found.addAll(compare(model, data.train(), examples, first, weights, mu));
      }
    }
    return found;
  }

  /** mu(z) = Σ_n w_n(z) x_n for some codes, summed in float64. [Q, D] */
  public static Tensor mean(Examples train, List<Responsibilities> weights) {
    Device device = Device.of(train.pool().resident());
    Tensor mu =
        Tensors.empty(device, ScalarType.Double, weights.size(), train.dimensions()).zero_();
    for (int first = 0; first < train.size(); first += TILE) {
      int width = Math.min(TILE, train.size() - first);
      double[] tile = new double[weights.size() * width];
      double largest = 0;
      for (int q = 0; q < weights.size(); q++) {
        System.arraycopy(weights.get(q).weights(), first, tile, q * width, width);
      }
      for (double w : tile) {
        largest = Math.max(largest, w);
      }
      if (!(largest < NEGLIGIBLE)) {
        try (PointerScope scope = new PointerScope()) {
          Tensor w = Tensors.tensor(mu, tile, weights.size(), width);
          Tensor x = train.images(first, width).to(ScalarType.Double);
          mu.addmm_(w, x);
        }
      }
    }
    return mu;
  }

  private static List<MemorisationResult> compare(
      TrainedModel model,
      Examples train,
      Examples examples,
      int first,
      List<Responsibilities> weights,
      Tensor mu) {
    Vae vae = model.vae();
    int count = weights.size();
    examples.load(first, vae.images());
    vae.encode();
    vae.codes().copy_(vae.mean());
    vae.decode();
    Tensor image = vae.images().select(0, 0).narrow(0, 0, count).to(ScalarType.Double);
    Tensor decoded = vae.decoderMean().select(0, 0).narrow(0, 0, count).to(ScalarType.Double);
    double[] ofImage = Tensors.doubles(vae.distortion());
    double[] imageToMu = distances(image, mu);
    double[] decodedToMu = distances(decoded, mu);
    double[] decodedToImage = distances(decoded, image);
    vae.images().select(0, 0).narrow(0, 0, count).copy_(mu);
    double[] ofMu = Tensors.doubles(vae.distortion());
    List<MemorisationResult> found = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Responsibilities w = weights.get(i);
      found.add(
          new MemorisationResult(
              w.perplexity(),
              w.largestWeight(),
              train.row(w.largest()),
              imageToMu[i],
              decodedToMu[i],
              decodedToImage[i],
              ofImage[i],
              ofMu[i]));
    }
    return found;
  }

  private static double[] distances(Tensor a, Tensor b) {
    return Tensors.doubles(a.sub(b).square_().sum(1L).sqrt_());
  }
}
