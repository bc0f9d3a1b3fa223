package org.ratescope.model.prior;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.ratescope.model.layer.AutogradSpec;
import org.ratescope.model.layer.ParameterGroup;
import org.ratescope.model.layer.RowAllocator;
import org.ratescope.spec.text.Checks;
import org.ratescope.spec.text.KindText;
import org.ratescope.tensor.Tensors;

/**
 * A flow of affine couplings (Dinh et al. 2017): log p(z) = log N(f(z); 0, I) + log |det ∂f/∂z|.
 * Coupling i keeps the values l with l ≡ i (mod 2), and maps each of the others to z_l exp(s_l) +
 * t_l, with s and t from a network of 64 ReLU units that reads the values that are kept. s = 2
 * tanh(raw / 2) lies within ±2, so that no coupling overflows. Parameters of coupling i: {@code
 * prior.i.hidden.weight} [64, L] and {@code .bias} [64], {@code prior.i.output.weight} [2 L, 64]
 * and {@code .bias} [2 L], the rows of s first.
 *
 * <p>The output layers start at 0, so f is the identity and the prior is N(0, I). libtorch's
 * autograd computes the gradients.
 *
 * @param couplings L of the text form {@code flow:L}
 */
public record FlowPrior(int couplings) implements LatentDistribution {
  private static final String KIND = "flow";
  private static final int MAX_COUPLINGS = 64;
  private static final int HIDDEN = 64;

  /** The example. */
  public FlowPrior() {
    this(6);
  }

  public FlowPrior {
    Checks.within("couplings", couplings, 1, MAX_COUPLINGS);
  }

  @Override
  public String text() {
    return KIND + ":" + couplings;
  }

  @Override
  public String form() {
    return KIND + ":COUPLINGS with " + Checks.whole(1, MAX_COUPLINGS);
  }

  @Override
  public String displayName() {
    return "Flow of %d couplings".formatted(couplings);
  }

  @Override
  public @Nullable FlowPrior read(String text) {
    return KindText.whole(KIND, text, FlowPrior::new);
  }

  @Override
  public List<ParameterGroup> parameters(RowAllocator row, int latentSize, int dimensions) {
    List<ParameterGroup> groups = new ArrayList<>();
    for (int i = 0; i < couplings; i++) {
      groups.add(ParameterGroup.affine(row, "prior.%d.hidden".formatted(i), latentSize, HIDDEN));
      ParameterGroup output =
          ParameterGroup.affine(row, "prior.%d.output".formatted(i), HIDDEN, 2 * latentSize);
      groups.add(new ParameterGroup(output.views(), (random, number) -> 0));
    }
    return groups;
  }

  @Override
  public PriorDensity bind(PriorBinding binding) {
    return new Bound(binding, couplings);
  }

  /** What autograd keeps of each coupling, and the gradients of one. */
  @Override
  public long transientValues(int latentSize) {
    return (couplings + 1L) * (2L * HIDDEN + 10L * latentSize);
  }

  /** The flows of K runs. */
  private static final class Bound implements PriorDensity {
    private final List<Tensor> parameters; // four of each coupling
    private final List<Tensor> gradients;
    private final List<Tensor> masks = new ArrayList<>(); // 1 where a value is kept [L], by parity
    private final int couplings;
    private final int latentSize;
    private double @Nullable [][] copies;

    Bound(PriorBinding binding, int couplings) {
      parameters = binding.values();
      gradients = binding.gradients();
      this.couplings = couplings;
      latentSize = Math.toIntExact(parameters.getFirst().size(2));
      for (int parity = 0; parity < 2; parity++) {
        double[] mask = new double[latentSize];
        for (int l = parity; l < latentSize; l += 2) {
          mask[l] = 1;
        }
        masks.add(Tensors.tensor(binding.rows(), mask, latentSize));
      }
    }

    @Override
    public Tensor logDensity(Tensor codes) {
      return logDensity(codes, parameters);
    }

    /** It writes over nothing, as autograd needs it. */
    private Tensor logDensity(Tensor codes, List<Tensor> p) {
      Tensor z = codes;
      Tensor logDeterminant = null; // [K, B, L]
      for (int i = 0; i < couplings; i++) {
        Tensor kept = masks.get(i % 2);
        Tensor changed = masks.get(1 - i % 2);
        Tensor hidden =
            torch.relu(AutogradSpec.affine(z.mul(kept), p.get(4 * i), p.get(4 * i + 1)));
        Tensor raw = AutogradSpec.affine(hidden, p.get(4 * i + 2), p.get(4 * i + 3));
        Tensor half = raw.narrow(2, 0, latentSize).mul(new Scalar(0.5));
        Tensor s = half.tanh().mul(new Scalar(2.0)).mul(changed);
        z = z.mul(s.exp()).add(raw.narrow(2, latentSize, latentSize).mul(changed));
        logDeterminant = logDeterminant == null ? s : logDeterminant.add(s);
      }
      Tensor terms = z.square().mul(new Scalar(-0.5));
      if (logDeterminant != null) {
        terms = terms.add(logDeterminant);
      }
      return terms.sum(2L).sub(new Scalar(0.5 * latentSize * Normal.LOG_TWO_PI));
    }

    @Override
    public void addGradient(Tensor codes, Tensor weight, Tensor codesGradient) {
      TensorVector wanted = new TensorVector();
      Tensor z = AutogradSpec.leaf(codes, wanted);
      List<Tensor> leaves =
          gradients.isEmpty() ? parameters : AutogradSpec.leaves(parameters, wanted);
      Tensor logDensity = logDensity(z, leaves);
      TensorVector found =
          AutogradSpec.gradients(logDensity, wanted, weight.squeeze(2).expand_as(logDensity));
      codesGradient.add_(found.get(0));
      for (int i = 0; i < gradients.size(); i++) {
        gradients.get(i).copy_(found.get(i + 1L));
      }
    }

    /** f⁻¹ of the numbers, in float64: the couplings from the last to the first. */
    @Override
    public void sample(double[] codes, int offset, int latentSize, DoubleSupplier uniform) {
      double[][] p = copies();
      for (int i = couplings - 1; i >= 0; i--) {
        double[] hidden = p[4 * i + 1].clone();
        for (int h = 0; h < HIDDEN; h++) {
          for (int l = i % 2; l < latentSize; l += 2) {
            hidden[h] += p[4 * i][h * latentSize + l] * codes[offset + l];
          }
          hidden[h] = Math.max(0, hidden[h]);
        }
        for (int l = 1 - i % 2; l < latentSize; l += 2) {
          double s = 2 * Math.tanh(0.5 * output(p, i, l, hidden));
          double t = output(p, i, latentSize + l, hidden);
          codes[offset + l] = (codes[offset + l] - t) * Math.exp(-s);
        }
      }
    }

    private static double output(double[][] p, int coupling, int row, double[] hidden) {
      double sum = p[4 * coupling + 3][row];
      for (int h = 0; h < HIDDEN; h++) {
        sum += p[4 * coupling + 2][row * HIDDEN + h] * hidden[h];
      }
      return sum;
    }

    private double[][] copies() {
      if (copies == null) {
        copies = parameters.stream().map(Tensors::doubles).toArray(double[][]::new);
      }
      return copies;
    }
  }
}
