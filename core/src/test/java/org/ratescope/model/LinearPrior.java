package org.ratescope.model;

import java.util.List;
import java.util.function.DoubleSupplier;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.ratescope.model.layer.ParameterGroup;
import org.ratescope.model.layer.RowAllocator;
import org.ratescope.model.prior.LatentDistribution;
import org.ratescope.model.prior.PriorBinding;
import org.ratescope.model.prior.PriorDensity;
import org.ratescope.tensor.Tensors;

/**
 * N(m, diag exp(2 s)) with parameters m and s, by the three methods alone that a prior needs: where
 * both are 0 it is the standard normal prior, whose equations are in closed form.
 *
 * @param start the initial value of all parameters
 */
public record LinearPrior(double start) implements LatentDistribution {
  @Override
  public String text() {
    return "linear";
  }

  @Override
  public String displayName() {
    return "Linear";
  }

  @Override
  public List<ParameterGroup> parameters(RowAllocator row, int latentSize, int dimensions) {
    ParameterGroup.Initialization initialization = (random, number) -> start;
    return List.of(
        new ParameterGroup(
            List.of(ParameterGroup.view(row, "prior.mean", latentSize)), initialization),
        new ParameterGroup(
            List.of(ParameterGroup.view(row, "prior.logScale", latentSize)), initialization));
  }

  @Override
  public PriorDensity bind(PriorBinding binding) {
    List<Tensor> values = binding.values();
    return new Bound(values.getFirst(), values.getLast(), binding.gradients());
  }

  private record Bound(Tensor mean, Tensor logScale, List<Tensor> gradients)
      implements PriorDensity {

    /** (z − m) / exp(s). [K, B, L] */
    private Tensor scaled(Tensor codes) {
      return codes.sub(mean.unsqueeze(1)).mul_(logScale.neg().exp_().unsqueeze(1));
    }

    @Override
    public Tensor logDensity(Tensor codes) {
      Tensor constant = logScale.add(new Scalar(0.5 * Math.log(2 * Math.PI))); // [K, L]
      return scaled(codes).square_().mul_(new Scalar(-0.5)).sub_(constant.unsqueeze(1)).sum(2L);
    }

    @Override
    public void addGradient(Tensor codes, Tensor weight, Tensor codesGradient) {
      Tensor scaled = scaled(codes);
      Tensor pull = scaled.mul(logScale.neg().exp_().unsqueeze(1)).mul_(weight);
      codesGradient.sub_(pull);
      if (!gradients.isEmpty()) {
        gradients.getFirst().copy_(sum(pull));
        gradients.getLast().copy_(sum(scaled.square_().sub_(new Scalar(1.0)).mul_(weight)));
      }
    }

    private static Tensor sum(Tensor values) {
      return torch.sum(values, new long[] {1}, false, new ScalarTypeOptional());
    }

    @Override
    public void sample(double[] codes, int offset, int latentSize, DoubleSupplier uniform) {
      double[] m = Tensors.doubles(mean);
      double[] s = Tensors.doubles(logScale);
      for (int l = 0; l < latentSize; l++) {
        codes[offset + l] = m[l] + Math.exp(s[l]) * codes[offset + l];
      }
    }
  }
}
