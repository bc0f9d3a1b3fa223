package org.ratescope.model.prior;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleSupplier;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.ratescope.model.layer.ParameterGroup;
import org.ratescope.model.layer.RowAllocator;
import org.ratescope.spec.RunRandom;
import org.ratescope.tensor.Tensors;

/**
 * A Gaussian of full rank: p(z) = N(z; m, A Aᵀ), A lower triangular with a positive diagonal. An
 * affine map of the codes turns it into N(0, I), and encoder and decoder can absorb that map, so it
 * is the control: its curves lie on those of {@code normal} (section 2 of the paper). Parameters:
 * {@code prior.mean} [L], and {@code prior.factor} [L, L], which holds A below its diagonal, the
 * logs of A's diagonal on it, and nothing above. It starts at N(0, I).
 *
 * <p>The rate is in closed form: −E log p(z) = ½ [Σ_l v_l c_l + ‖A⁻¹(mean − m)‖² + L log 2π] + log
 * |A|, with v the variances and c_l the squared norm of column l of A⁻¹.
 */
public record GaussianPrior() implements LatentDistribution {
  @Override
  public String text() {
    return "gaussian";
  }

  @Override
  public String displayName() {
    return "Gaussian of full rank";
  }

  @Override
  public List<ParameterGroup> parameters(RowAllocator row, int latentSize, int dimensions) {
    return List.of(
        MixturePrior.group(row, "prior.mean", (random, number) -> 0, latentSize),
        MixturePrior.group(row, "prior.factor", (random, number) -> 0, latentSize, latentSize));
  }

  @Override
  public PriorDensity bind(PriorBinding binding) {
    List<Tensor> values = binding.values();
    return new Bound(values.getFirst(), values.getLast(), binding.gradients());
  }

  /** At the moments of q(z), of which the fit finds the correlations. */
  @Override
  public void startFit(
      List<Tensor> parameters, double[] mean, double[] variance, RunRandom random) {
    Tensor where = parameters.getFirst(); // [1, L]
    int latentSize = Math.toIntExact(where.size(1));
    CodeMoments moments = CodeMoments.of(mean, variance, latentSize);
    double[] logs = Arrays.stream(moments.deviation()).map(Math::log).toArray();
    where.copy_(Tensors.tensor(where, moments.mean(), 1, latentSize));
    parameters.getLast().diagonal(0, 1, 2).copy_(Tensors.tensor(where, logs, 1, latentSize));
  }

  @Override
  public long transientValues(int latentSize) {
    return 4L * latentSize;
  }

  /** The prior of K runs. */
  private static final class Bound implements PriorDensity {
    private final Tensor mean; // m [K, L]
    private final Tensor factor; // [K, L, L]
    private final List<Tensor> gradients; // of both
    private double @Nullable [] copiedMean;
    private double @Nullable [] copiedFactor;

    Bound(Tensor mean, Tensor factor, List<Tensor> gradients) {
      this.mean = mean;
      this.factor = factor;
      this.gradients = gradients;
    }

    /** A⁻¹ and what follows from it. */
    private final class Inverse {
      private final Tensor logDiagonal = factor.diagonal(0, 1, 2); // [K, L]
      private final Tensor matrix; // A⁻¹ [K, L, L]

      Inverse() {
        Tensor a = factor.tril(-1).add_(logDiagonal.exp().diag_embed());
        Tensor identity = torch.zeros_like(a);
        identity.diagonal(0, 1, 2).fill_(new Scalar(1.0));
        matrix = torch.linalg_solve_triangular(a, identity, false);
      }

      /** A⁻¹ (z − m). [K, B, L] */
      Tensor whitened(Tensor codes) {
        return codes.sub(mean.unsqueeze(1)).matmul(matrix.transpose(1, 2));
      }

      /** log |A| + L/2 log 2π of each run. [K, 1] */
      Tensor logVolume() {
        return sum(logDiagonal, 1)
            .add_(new Scalar(0.5 * mean.size(1) * Normal.LOG_TWO_PI))
            .unsqueeze(1);
      }

      /** c_l, the squared norms of the columns. [K, 1, L] */
      Tensor columns() {
        return sum(matrix.square(), 1).unsqueeze(1);
      }

      /**
       * Writes the parameters' gradients of weight · Σ_i log p(z_i).
       *
       * @param y A⁻¹ (z − m) [K, B, L]
       * @param pull A⁻ᵀ y, weighted [K, B, L]
       * @param moments Σ over examples of the weighted variances of z beside y's [K, L]; null for 0
       */
      void writeGradients(Tensor y, Tensor pull, Tensor weight, @Nullable Tensor moments) {
        gradients.getFirst().copy_(sum(pull, 1));
        Tensor outer = pull.transpose(1, 2).matmul(y); // A⁻ᵀ Σ y yᵀ [K, L, L]
        if (moments != null) {
          Tensor spread = matrix.mul(moments.unsqueeze(1)).matmul(matrix.transpose(1, 2));
          outer.add_(matrix.transpose(1, 2).matmul(spread));
        }
        Tensor count = weight.squeeze(2).mul(new Scalar((double) y.size(1))); // [K, 1]
        Tensor diagonal = outer.diagonal(0, 1, 2).mul(logDiagonal.exp()).sub_(count);
        gradients.getLast().copy_(outer.tril(-1).add_(diagonal.diag_embed()));
      }
    }

    private static Tensor sum(Tensor values, long axis) {
      return torch.sum(values, new long[] {axis}, false, new ScalarTypeOptional());
    }

    @Override
    public Tensor logDensity(Tensor codes) {
      Inverse inverse = new Inverse();
      Tensor squares = sum(inverse.whitened(codes).square_(), 2);
      return squares.mul_(new Scalar(-0.5)).sub_(inverse.logVolume());
    }

    @Override
    public void addGradient(Tensor codes, Tensor weight, Tensor codesGradient) {
      Inverse inverse = new Inverse();
      Tensor y = inverse.whitened(codes);
      Tensor pull = y.matmul(inverse.matrix).mul_(weight);
      codesGradient.sub_(pull);
      if (!gradients.isEmpty()) {
        inverse.writeGradients(y, pull, weight, null);
      }
    }

    /** −E log p(z) of each example, z ~ q(z|x). [K, B] */
    private Tensor crossEntropy(Latents latents) {
      Inverse inverse = new Inverse();
      Tensor spread = latents.logVar().exp().mul_(inverse.columns());
      return sum(inverse.whitened(latents.mean()).square_().add_(spread), 2)
          .mul_(new Scalar(0.5))
          .add_(inverse.logVolume());
    }

    @Override
    public Tensor rate(Latents latents) {
      Tensor entropy = // ½ Σ_l 1 + log 2π + logVar
          sum(latents.logVar().add(new Scalar(1 + Normal.LOG_TWO_PI)), 2).mul_(new Scalar(0.5));
      return crossEntropy(latents).sub_(entropy);
    }

    @Override
    public Tensor marginalKl(Tensor logQ, Latents latents) {
      return logQ.add_(crossEntropy(latents));
    }

    /** In closed form: nothing flows through the codes. */
    @Override
    public void rateGradient(RateWeights weights, Latents latents, Latents gradient) {
      double batch = latents.mean().size(1);
      Inverse inverse = new Inverse();
      Tensor weight = weights.betaKl().mul(new Scalar(-1 / batch)); // of log p
      Tensor y = inverse.whitened(latents.mean());
      Tensor pull = y.matmul(inverse.matrix).mul_(weight);
      gradient.mean().zero_().sub_(pull);
      Tensor spread = latents.logVar().exp().mul_(weight); // [K, B, L]
      Tensor entropy = weights.betaMi().mul(new Scalar(1 / batch));
      gradient.logVar().copy_(spread.mul(inverse.columns()).add_(entropy).mul_(new Scalar(-0.5)));
      if (!gradients.isEmpty()) {
        inverse.writeGradients(y, pull, weight, sum(spread, 1));
      }
    }

    @Override
    public void sample(double[] codes, int offset, int latentSize, DoubleSupplier uniform) {
      if (copiedMean == null || copiedFactor == null) {
        copiedMean = Tensors.doubles(mean);
        copiedFactor = Tensors.doubles(factor);
      }
      for (int i = latentSize - 1; i >= 0; i--) { // row i reads the numbers up to i
        double sum = Math.exp(copiedFactor[i * latentSize + i]) * codes[offset + i];
        for (int j = 0; j < i; j++) {
          sum += copiedFactor[i * latentSize + j] * codes[offset + j];
        }
        codes[offset + i] = copiedMean[i] + sum;
      }
    }
  }
}
