package org.ratescope.model.prior;

import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.ratescope.model.layer.LayerGraph;
import org.ratescope.model.layer.ParameterGroup;
import org.ratescope.model.layer.RowAllocator;
import org.ratescope.spec.text.Checks;
import org.ratescope.spec.text.KindText;
import org.ratescope.tensor.Tensors;

/**
 * The variational mixture of posteriors (Tomczak and Welling 2018): log p(z) = logsumexp_c log
 * q(z|u_c) − log C, with C pseudo-inputs u_c that the encoder reads like images. Parameter: {@code
 * prior.inputs} [C, D]. At the start they are C training images of the run, in random order.
 *
 * <p>Pseudo-inputs stay in [0, 1]: a value outside counts as the nearer end, and of the gradient at
 * or beyond an end only the part counts that leads back.
 *
 * @param components C
 */
public record VampPrior(int components) implements LatentDistribution {
  private static final String KIND = "vamp";

  /** The example. */
  public VampPrior() {
    this(128);
  }

  public VampPrior {
    Checks.within("pseudo-inputs", components, 1, MixturePrior.MAX_COMPONENTS);
  }

  @Override
  public String text() {
    return KIND + ":" + components;
  }

  @Override
  public String form() {
    return KIND + ":INPUTS with " + Checks.whole(1, MixturePrior.MAX_COMPONENTS);
  }

  @Override
  public String displayName() {
    return "VampPrior (%d pseudo-inputs)".formatted(components);
  }

  @Override
  public @Nullable VampPrior read(String text) {
    return KindText.whole(KIND, text, VampPrior::new);
  }

  @Override
  public List<ParameterGroup> parameters(RowAllocator row, int latentSize, int dimensions) {
    return List.of(
        MixturePrior.group(row, "prior.inputs", (random, number) -> 0, components, dimensions));
  }

  @Override
  public int startImages() {
    return components;
  }

  @Override
  public int leastImages() {
    return components;
  }

  @Override
  public PriorDensity bind(PriorBinding binding) {
    return new Bound(binding, components);
  }

  @Override
  public long transientValues(int latentSize) {
    return DiagonalMixture.transientValues(components, latentSize);
  }

  @Override
  public long heldValues(LayerGraph encoder) {
    return EncodedImages.heldValues(encoder, components);
  }

  @Override
  public long encoderOperations(LayerGraph encoder) {
    return EncodedImages.operations(encoder, components, true);
  }

  /** The mixture of K runs. */
  private static final class Bound extends MixtureDensity {
    private final Tensor inputs; // [K, C, D], the parameter
    private final List<Tensor> gradients; // of it
    private final EncodedImages encoded;
    private final Tensor logWeights; // −log C [K, 1, C]
    private final boolean trains;

    Bound(PriorBinding binding, int components) {
      inputs = binding.values().getFirst();
      gradients = binding.gradients();
      encoded = new EncodedImages(binding, components);
      trains = binding.trains();
      logWeights =
          Tensors.empty(inputs, inputs.size(0), 1, components)
              .fill_(new Scalar(-Math.log(components)));
    }

    @Override
    public void prepare() {
      if (trains || !encoded.isReady()) {
        torch.hardtanh_out(encoded.images(), inputs, new Scalar(0.0), new Scalar(1.0));
        encoded.forward();
      }
    }

    @Override
    DiagonalMixture mixture() {
      if (!encoded.isReady()) {
        prepare();
      }
      return new DiagonalMixture(logWeights, encoded.mean(), encoded.logVar());
    }

    @Override
    public void addGradient(Tensor codes, Tensor weight, Tensor codesGradient) {
      DiagonalMixture.Gradient found = mixture().addGradient(codes, weight, codesGradient, trains);
      if (found != null) {
        Tensor into = gradients.getFirst();
        encoded.backward(found.mean(), found.logVar(), into);
        Tensor
            outward = // below 0 and falling, or above 1 and rising, once the gradient is descended
            inputs
                    .le(new Scalar(0.0))
                    .logical_and(into.gt(new Scalar(0.0)))
                    .logical_or(inputs.ge(new Scalar(1.0)).logical_and(into.lt(new Scalar(0.0))));
        into.masked_fill_(outward, new Scalar(0.0));
      }
    }

    @Override
    public void addEncoderGradient() {
      encoded.addEncoderGradient();
    }
  }
}
