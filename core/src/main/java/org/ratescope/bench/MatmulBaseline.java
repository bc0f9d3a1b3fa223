package org.ratescope.bench;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.ratescope.model.architecture.Mlp;
import org.ratescope.tensor.Tensors;

/**
 * The matrix products of one training step of an MLP and a pass of Adam, and nothing else: what the
 * library can do at best for these shapes. Matrices are contiguous and made once.
 */
final class MatmulBaseline implements Runnable {
  private final List<Runnable> work = new ArrayList<>();

  MatmulBaseline(Mlp mlp, int dimensions, int latentSize, int batch, long parameters) {
    int width = mlp.width();
    for (int i = 0; i < mlp.layers(); i++) {
      layer(batch, i == 0 ? dimensions : width, width, i > 0);
      layer(batch, i == 0 ? latentSize : width, width, true);
    }
    layer(batch, width, 2 * latentSize, true);
    layer(batch, width, dimensions, true);
    work.add(MachineLimits.adam(parameters));
  }

  private void layer(int batch, int in, int out, boolean inputGradient) {
    Tensor x = matrix(batch, in);
    Tensor weight = matrix(in, out);
    Tensor y = matrix(batch, out);
    Tensor weightGradient = matrix(in, out);
    Tensor xTransposed = x.t();
    Tensor weightTransposed = weight.t();
    Tensor xGradient = matrix(batch, in);
    work.add(() -> torch.mm_out(y, x, weight));
    work.add(() -> torch.mm_out(weightGradient, xTransposed, y));
    if (inputGradient) {
      work.add(() -> torch.mm_out(xGradient, y, weightTransposed));
    }
  }

  /** Small values that products do not make large. */
  private static Tensor matrix(long rows, long columns) {
    return Tensors.zeros(ScalarType.Float, rows, columns).add_(new Scalar(1.0 / 1024));
  }

  @Override
  public void run() {
    work.forEach(Runnable::run);
  }
}
