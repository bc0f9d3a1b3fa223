package org.ratescope.model.prior;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleSupplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.ratescope.tensor.Tensors;

/**
 * Mixtures of K runs with C Gaussian components each: log p(z) = logsumexp_c [log w_c + log N(z;
 * m_c, diag exp(logVar_c))]. The differences z − m_c are formed, not a product of z and m_c, which
 * would lose the digits of narrow components. Examples are worked through in slices, so that memory
 * stays bounded.
 *
 * @param logWeights log w_c, the same for all examples [K, 1, C] or one for each [K, B, C]
 * @param mean m_c [K, C, L]
 * @param logVar log variances [K, C, L]
 */
record DiagonalMixture(Tensor logWeights, Tensor mean, Tensor logVar) {
  /** Values [K, b, L, C] of a slice, for a core's cache. */
  private static final long SLICE_VALUES = 1 << 18;

  /** The same for a device with memory of its own, which wants few large calls. */
  private static final long DEVICE_SLICE_VALUES = 1 << 26;

  /** Tensors of a slice's size that live at the same time. */
  private static final int TENSORS = 4;

  /**
   * What {@link #addGradient} found of the components.
   *
   * @param responsibilities Σ over examples of weight · p(c|z) [K, C]
   * @param mean d / d m_c [K, C, L]
   * @param logVar d / d logVar_c [K, C, L]
   */
  record Gradient(Tensor responsibilities, Tensor mean, Tensor logVar) {
    private static Gradient zeros(Tensor mean) {
      return new Gradient(
          torch.zeros_like(mean.select(2, 0)), torch.zeros_like(mean), torch.zeros_like(mean));
    }
  }

  /** Values for each example that live during a call. */
  static long transientValues(int components, int latentSize) {
    return Math.min((long) TENSORS * components * latentSize, SLICE_VALUES);
  }

  /** log p(z) of each code. [K, B, L] → [K, B] */
  Tensor logDensity(Tensor codes) {
    Tensor density = Tensors.empty(codes, codes.size(0), codes.size(1));
    Components components = new Components();
    long step = slice(codes);
    for (long first = 0; first < codes.size(1); first += step) {
      try (PointerScope scope = new PointerScope()) {
        long count = Math.min(step, codes.size(1) - first);
        Terms terms = components.terms(codes, first, count);
        density.narrow(1, first, count).copy_(torch.logsumexp(terms.logTerms, 2L));
      }
    }
    return density;
  }

  /**
   * Adds weight · d Σ_i log p(z_i) / d z to {@code codesGradient}.
   *
   * @param weight for each run [K, 1, 1]
   * @param wanted whether the gradients of the components are computed
   * @return these gradients; null if they are not wanted
   */
  @Nullable Gradient addGradient(
      Tensor codes, Tensor weight, Tensor codesGradient, boolean wanted) {
    Gradient found = wanted ? Gradient.zeros(mean) : null;
    Components components = new Components();
    long step = slice(codes);
    for (long first = 0; first < codes.size(1); first += step) {
      try (PointerScope scope = new PointerScope()) {
        long count = Math.min(step, codes.size(1) - first);
        Terms terms = components.terms(codes, first, count);
        Tensor share = torch.softmax(terms.logTerms, 2).mul_(weight); // [K, b, C]
        Tensor pull = terms.scaled.mul_(share.unsqueeze(2)); // [K, b, L, C]
        codesGradient.narrow(1, first, count).sub_(sum(pull, 3));
        if (found != null) {
          Tensor all = sum(share, 1); // [K, C]
          found.responsibilities.add_(all);
          found.mean.add_(sum(pull, 1).transpose(1, 2));
          Tensor spread = sum(pull.mul_(terms.difference), 1).transpose(1, 2); // [K, C, L]
          found.logVar.add_(spread.sub(all.unsqueeze(2)).mul_(new Scalar(0.5)));
        }
      }
    }
    return found;
  }

  private long slice(Tensor codes) {
    long values = codes.is_cpu() ? SLICE_VALUES : DEVICE_SLICE_VALUES;
    long each = codes.size(0) * codes.size(2) * mean.size(1);
    return Math.clamp(values / each, 1, codes.size(1));
  }

  private static Tensor sum(Tensor values, long axis) {
    return torch.sum(values, new long[] {axis}, false, new ScalarTypeOptional());
  }

  /** The components with c as the last axis, over which most operators run. */
  private final class Components {
    private final Tensor meanByLatent = mean.transpose(1, 2).contiguous().unsqueeze(1);
    private final Tensor precision = // [K, 1, L, C]
        logVar.neg().exp_().transpose(1, 2).contiguous().unsqueeze(1);
    private final Tensor logScale = // log w_c − ½ Σ_l (log 2π + logVar_cl) [K, 1 or B, C]
        logWeights.sub(
            sum(logVar.add(new Scalar(Normal.LOG_TWO_PI)), 2).mul_(new Scalar(0.5)).unsqueeze(1));

    private Terms terms(Tensor codes, long first, long count) {
      Tensor difference = codes.narrow(1, first, count).unsqueeze(3).sub(meanByLatent);
      Tensor scaled = difference.mul(precision);
      Tensor constant = logScale.size(1) == 1 ? logScale : logScale.narrow(1, first, count);
      Tensor logTerms =
          sum(difference.mul(scaled), 2).mul_(new Scalar(-0.5)).add_(constant); // [K, b, C]
      return new Terms(difference, scaled, logTerms);
    }
  }

  /**
   * The terms of a slice.
   *
   * @param difference z − m_c [K, b, L, C]
   * @param scaled the same divided by the variance of c
   * @param logTerms log w_c + log N(z; m_c, …) [K, b, C]
   */
  private record Terms(Tensor difference, Tensor scaled, Tensor logTerms) {}

  /** Draws from the mixture of one run, K = 1, as it is now. */
  Sampler sampler() {
    try (PointerScope scope = new PointerScope()) {
      return new Sampler(
          Tensors.doubles(logWeights.select(1, 0)), Tensors.doubles(mean), Tensors.doubles(logVar));
    }
  }

  /** Draws from a mixture whose values are copied. */
  static final class Sampler {
    private final List<Double> cumulative = new ArrayList<>(); // of the weights
    private final double[] mean; // [C, L]
    private final double[] deviation; // [C, L]

    private Sampler(double[] logWeights, double[] mean, double[] logVar) {
      double sum = 0;
      for (double logWeight : logWeights) {
        sum += Math.exp(logWeight);
        cumulative.add(sum);
      }
      this.mean = mean;
      deviation = Arrays.stream(logVar).map(v -> Math.exp(0.5 * v)).toArray();
    }

    /** Turns standard normal numbers in place into a code. */
    void sample(double[] codes, int offset, int latentSize, DoubleSupplier uniform) {
      int c = 0;
      if (cumulative.size() > 1) {
        double wanted = uniform.getAsDouble() * cumulative.getLast();
        while (c < cumulative.size() - 1 && wanted > cumulative.get(c)) {
          c++;
        }
      }
      for (int l = 0; l < latentSize; l++) {
        int i = c * latentSize + l;
        codes[offset + l] = mean[i] + deviation[i] * codes[offset + l];
      }
    }
  }
}
