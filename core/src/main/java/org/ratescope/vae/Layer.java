package org.ratescope.vae;

import java.util.List;

/**
 * One affine layer y = x W + b and its place in a run's row of parameters.
 *
 * @param names PyTorch's names; more than one where several layers of equal width share a product,
 *     side by side
 * @param in width of x
 * @param out width of y, over all names
 * @param weightOffset first value of W [in, out] in the row
 * @param biasOffset first value of b [out] in the row
 */
public record Layer(List<String> names, int in, int out, long weightOffset, long biasOffset) {
  public Layer {
    names = List.copyOf(names);
  }

  /** Width of the part of y that belongs to one name. */
  public int outPerName() {
    return out / names.size();
  }
}
