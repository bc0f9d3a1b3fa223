package org.ratescope.model.prior;

import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.ratescope.model.layer.ParameterGroup;
import org.ratescope.model.layer.ParameterGroup.Initialization;
import org.ratescope.model.layer.RowAllocator;
import org.ratescope.spec.RunRandom;
import org.ratescope.spec.text.Checks;
import org.ratescope.spec.text.KindText;
import org.ratescope.tensor.Tensors;

/**
 * A mixture of C Gaussians with diagonal covariances: log p(z) = logsumexp_c [log π_c + log N(z;
 * m_c, diag s_c²)], π = softmax(logits). Parameters: {@code prior.logits} [C], {@code prior.mean}
 * [C, L], {@code prior.logScale} [C, L], the log of s.
 *
 * <p>At the start the mixture has about the moments of N(0, I) and its components cover the same
 * volume: s = C^(−1/L), means normal with variance 1 − s², equal weights. {@code mixture:1} starts
 * at N(0, I) exactly.
 *
 * @param components C
 */
public record MixturePrior(int components) implements LatentDistribution {
  static final int MAX_COMPONENTS = 1 << 16;
  private static final String KIND = "mixture";

  /** The example. */
  public MixturePrior() {
    this(64);
  }

  public MixturePrior {
    Checks.within("components", components, 1, MAX_COMPONENTS);
  }

  @Override
  public String text() {
    return KIND + ":" + components;
  }

  @Override
  public String form() {
    return KIND + ":COMPONENTS with " + Checks.whole(1, MAX_COMPONENTS);
  }

  @Override
  public String displayName() {
    return "Mixture of %d".formatted(components);
  }

  @Override
  public @Nullable MixturePrior read(String text) {
    return KindText.whole(KIND, text, MixturePrior::new);
  }

  @Override
  public int leastImages() {
    return components;
  }

  @Override
  public List<ParameterGroup> parameters(RowAllocator row, int latentSize, int dimensions) {
    double scale = Math.pow(components, -1.0 / latentSize);
    double spread = Math.sqrt(1 - scale * scale);
    return List.of(
        group(row, "prior.logits", (random, number) -> 0, components),
        group(
            row,
            "prior.mean",
            (random, number) -> spread * random.normal(number),
            components,
            latentSize),
        group(row, "prior.logScale", (random, number) -> Math.log(scale), components, latentSize));
  }

  /** One parameter in a group of its own. */
  static ParameterGroup group(
      RowAllocator row, String name, Initialization initialization, long... shape) {
    return new ParameterGroup(List.of(ParameterGroup.view(row, name, shape)), initialization);
  }

  @Override
  public PriorDensity bind(PriorBinding binding) {
    List<Tensor> values = binding.values();
    return new Bound(values.get(0), values.get(1), values.get(2), binding.gradients());
  }

  /** At the means of training examples drawn at random, with s scaled as at the start. */
  @Override
  public void startFit(
      List<Tensor> parameters, double[] mean, double[] variance, RunRandom random) {
    int latentSize = Math.toIntExact(parameters.get(1).size(2));
    double[] deviation = CodeMoments.of(mean, variance, latentSize).deviation();
    int[] order = new int[mean.length / latentSize];
    Arrays.setAll(order, n -> n);
    random.shuffle(order);
    double[] means = new double[components * latentSize];
    double[] logScales = new double[means.length];
    for (int i = 0; i < means.length; i++) {
      int l = i % latentSize;
      means[i] = mean[order[i / latentSize % order.length] * latentSize + l];
      logScales[i] = Math.log(deviation[l] * Math.pow(components, -1.0 / latentSize));
    }
    Tensor where = parameters.get(1);
    where.copy_(Tensors.tensor(where, means, 1, components, latentSize));
    parameters.get(2).copy_(Tensors.tensor(where, logScales, 1, components, latentSize));
  }

  @Override
  public long transientValues(int latentSize) {
    return DiagonalMixture.transientValues(components, latentSize);
  }

  /** The mixture of K runs. */
  private static final class Bound extends MixtureDensity {
    private final Tensor logits; // [K, C]
    private final Tensor mean; // [K, C, L]
    private final Tensor logScale; // [K, C, L]
    private final List<Tensor> gradients; // of the three

    Bound(Tensor logits, Tensor mean, Tensor logScale, List<Tensor> gradients) {
      this.logits = logits;
      this.mean = mean;
      this.logScale = logScale;
      this.gradients = gradients;
    }

    @Override
    DiagonalMixture mixture() {
      return new DiagonalMixture(
          torch.log_softmax(logits, 1).unsqueeze(1), mean, logScale.mul(new Scalar(2.0)));
    }

    @Override
    public void addGradient(Tensor codes, Tensor weight, Tensor codesGradient) {
      DiagonalMixture.Gradient found =
          mixture().addGradient(codes, weight, codesGradient, !gradients.isEmpty());
      if (found != null) {
        Tensor all = weight.squeeze(2).mul(new Scalar((double) codes.size(1))); // [K, 1]
        torch.sub_out(
            gradients.get(0), found.responsibilities(), torch.softmax(logits, 1).mul_(all));
        gradients.get(1).copy_(found.mean());
        gradients.get(2).copy_(found.logVar().mul_(new Scalar(2.0)));
      }
    }
  }
}
