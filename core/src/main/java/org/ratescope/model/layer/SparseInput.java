package org.ratescope.model.layer;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Images of which most values are zero, as the encoder's first layer reads them in training: one
 * run after the other, by the non-zero values alone. 95 % of a Tetrominoes image and 80 % of an
 * MNIST digit are zeros. The results are those of the plain product within rounding.
 */
public final class SparseInput {
  /**
   * Share of non-zero values up to which leaving out the others is faster, rounded down
   * (docs/decisions.md).
   */
  private static final int ONE_IN = 4;

  private final List<Tensor> inputs = new ArrayList<>(); // [B, D] each
  private final List<SparseBatch> runs = new ArrayList<>();
  private final float[] pixels; // of one run's batch

  /**
   * @param input the buffer that batches are written to, contiguous float32 [K, B, D]
   */
  public SparseInput(Tensor input) {
    int batch = Math.toIntExact(input.size(1));
    int dimensions = Math.toIntExact(input.size(2));
    pixels = new float[Math.multiplyExact(batch, dimensions)];
    for (int k = 0; k < input.size(0); k++) {
      inputs.add(input.select(0, k));
      runs.add(new SparseBatch(batch, dimensions, pixels.length / ONE_IN));
    }
  }

  /**
   * Reads the batches that the buffer holds now.
   *
   * @return whether all of them are sparse; otherwise nothing can be asked of it
   */
  boolean read() {
    for (int k = 0; k < runs.size(); k++) {
      inputs.get(k).data_ptr_float().get(pixels);
      if (!runs.get(k).read(pixels)) {
        return false;
      }
    }
    return true;
  }

  /** Writes x W + b. weight [K, D, out], bias [K, 1, out] → [K, B, out] */
  void forward(Tensor weight, Tensor bias, Tensor output) {
    for (int k = 0; k < runs.size(); k++) {
      try (PointerScope scope = new PointerScope()) {
        Tensor product = runs.get(k).times(weight.select(0, k));
        torch.add_out(output.select(0, k), product, bias.select(0, k));
      }
    }
  }

  /** Writes d loss / d W. outputGradient [K, B, out] → [K, D, out] */
  void weightGradient(Tensor outputGradient, Tensor into) {
    for (int k = 0; k < runs.size(); k++) {
      try (PointerScope scope = new PointerScope()) {
        into.select(0, k).copy_(runs.get(k).transposedTimes(outputGradient.select(0, k)));
      }
    }
  }
}
