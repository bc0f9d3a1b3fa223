package org.ratescope.model.prior;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.ratescope.model.layer.LayerGraph;
import org.ratescope.model.layer.ParameterGroup;
import org.ratescope.model.layer.RowAllocator;
import org.ratescope.spec.RunRandom;
import org.ratescope.spec.text.Checks;
import org.ratescope.spec.text.KindText;
import org.ratescope.tensor.Tensors;

/**
 * The exemplar prior (Norouzi, Fleet and Norouzi 2020): log p(z) = logsumexp_n log N(z; mean(x_n),
 * s² I) − log N, over N training images x_n of the run, with the encoder's means. Parameters:
 * {@code prior.images} [N, D], which are drawn without repetition at the start and stay as they
 * are, and {@code prior.logScale} [1], the log of s, which starts at 0.
 *
 * <p>In training an image leaves itself out: for a code of x_n the sum is over the other exemplars,
 * lest the prior learn to be narrow around them. Copies of an image are left out with it. In
 * evaluation all N count, so that p(z) is one density.
 *
 * @param exemplars N, at least 2
 */
public record ExemplarPrior(int exemplars) implements LatentDistribution {
  /** Costs about as much as two batches more of the default size in the encoder. */
  private static final int DEFAULT = 256;

  private static final String KIND = "exemplar";

  /** The example and default. */
  public ExemplarPrior() {
    this(DEFAULT);
  }

  public ExemplarPrior {
    Checks.within("exemplars", exemplars, 2, MixturePrior.MAX_COMPONENTS);
  }

  @Override
  public String text() {
    return KIND + ":" + exemplars;
  }

  @Override
  public String form() {
    return KIND
        + ":IMAGES with %s (exemplar alone has %d)"
            .formatted(Checks.whole(2, MixturePrior.MAX_COMPONENTS), DEFAULT);
  }

  @Override
  public String displayName() {
    return "Exemplar prior (%d images)".formatted(exemplars);
  }

  @Override
  public @Nullable ExemplarPrior read(String text) {
    return text.equals(KIND) ? new ExemplarPrior() : KindText.whole(KIND, text, ExemplarPrior::new);
  }

  @Override
  public List<ParameterGroup> parameters(RowAllocator row, int latentSize, int dimensions) {
    return List.of(
        MixturePrior.group(row, "prior.images", (random, number) -> 0, exemplars, dimensions),
        MixturePrior.group(row, "prior.logScale", (random, number) -> 0, 1));
  }

  @Override
  public int startImages() {
    return exemplars;
  }

  @Override
  public int leastImages() {
    return exemplars;
  }

  @Override
  public PriorDensity bind(PriorBinding binding) {
    return new Bound(binding, exemplars);
  }

  /** With the images in float64, of which the sums are that tell them apart. */
  @Override
  public long transientValues(int latentSize) {
    return DiagonalMixture.transientValues(exemplars, latentSize) + 2L * exemplars;
  }

  @Override
  public long heldValues(LayerGraph encoder) {
    return EncodedImages.heldValues(encoder, exemplars);
  }

  @Override
  public long encoderOperations(LayerGraph encoder) {
    return EncodedImages.operations(encoder, exemplars, false);
  }

  /** The mixture of K runs. */
  private static final class Bound extends MixtureDensity {
    /** Sums of equal images differ by less, those of two images with 8 bits by more. */
    private static final double TOLERANCE = 1e-9;

    private final Tensor exemplars; // [K, N, D], the first parameter
    private final Tensor logScale; // [K, 1]
    private final List<Tensor> gradients; // of both; those of the images stay 0
    private final Tensor batch; // the batch's images [K, B, D]
    private final EncodedImages encoded;
    private final Tensor logWeights; // of all exemplars, −log N [K, 1, N]
    private final Tensor othersWeights; // without the image itself [K, B, N]; in training
    private final Tensor mark; // factors of the sums [D] float64

    Bound(PriorBinding binding, int count) {
      exemplars = binding.values().getFirst();
      logScale = binding.values().getLast();
      gradients = binding.gradients();
      batch = binding.images();
      encoded = new EncodedImages(binding, count);
      long k = exemplars.size(0);
      logWeights = Tensors.empty(exemplars, k, 1, count).fill_(new Scalar(-Math.log(count)));
      othersWeights =
          binding.trains() ? Tensors.zeros(exemplars, k, batch.size(1), count) : logWeights;
      mark = mark(exemplars);
    }

    /** Numbers from ½ to 1½ that give different images different sums. */
    private static Tensor mark(Tensor like) {
      RunRandom random = RunRandom.of(0, RunRandom.Stream.PRIOR, 1);
      double[] factors = new double[Math.toIntExact(like.size(2))];
      for (int i = 0; i < factors.length; i++) {
        factors[i] = 0.5 + random.uniform(i);
      }
      return Tensors.beside(Tensors.tensor(ScalarType.Double, factors, factors.length), like);
    }

    private boolean trains() {
      return !gradients.isEmpty();
    }

    @Override
    public void prepare() {
      if (trains() || !encoded.isReady()) {
        try (PointerScope scope = new PointerScope()) {
          encoded.images().copy_(exemplars);
          encoded.forward();
          if (trains()) {
            leaveOut();
          }
        }
      }
    }

    private void leaveOut() {
      Tensor own = sums(batch).unsqueeze(2); // [K, B, 1]
      Tensor others = sums(exemplars).unsqueeze(1); // [K, 1, N]
      Tensor same =
          own.sub(others)
              .abs_()
              .le(own.abs().clamp_min(new Scalar(1.0)).mul_(new Scalar(TOLERANCE)));
      Tensor left = // N less those that are left out [K, B, 1]
          torch.sum(
              same.logical_not().to(ScalarType.Double),
              new long[] {2},
              true,
              new ScalarTypeOptional());
      othersWeights.copy_(left.log_().neg_().expand_as(same));
      othersWeights.masked_fill_(same, new Scalar(Double.NEGATIVE_INFINITY));
    }

    private Tensor sums(Tensor images) {
      return images.to(ScalarType.Double).matmul(mark);
    }

    @Override
    DiagonalMixture mixture() {
      if (!encoded.isReady()) {
        prepare();
      }
      Tensor mean = encoded.mean();
      Tensor logVar = logScale.unsqueeze(2).mul(new Scalar(2.0)).expand_as(mean);
      return new DiagonalMixture(trains() ? othersWeights : logWeights, mean, logVar);
    }

    @Override
    public void addGradient(Tensor codes, Tensor weight, Tensor codesGradient) {
      DiagonalMixture.Gradient found =
          mixture().addGradient(codes, weight, codesGradient, trains());
      if (found != null) {
        encoded.backward(found.mean(), null, null);
        Tensor sum = torch.sum(found.logVar(), new long[] {1, 2}, false, new ScalarTypeOptional());
        gradients.getLast().copy_(sum.mul_(new Scalar(2.0)).unsqueeze(1));
      }
    }

    @Override
    public void addEncoderGradient() {
      encoded.addEncoderGradient();
    }
  }
}
