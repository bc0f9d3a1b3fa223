package org.ratescope.torch;

import java.nio.file.Path;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * All images of a data set as one tensor, float32 [N, D]: what training and estimation take their
 * rows from. Safe to read from many threads.
 *
 * @param images the tensor
 */
public record Pool(Tensor images) {

  /**
   * The images in a raw little-endian float32 file, mapped into memory: nothing is read before it
   * is used.
   */
  public static Pool mapped(Path file, int rows, int dimensions) {
    return new Pool(Host.mapped(file, rows, dimensions));
  }

  /** Black images, for measuring how long work takes. */
  public static Pool black(int rows, int dimensions) {
    return new Pool(Host.zeros(ScalarType.Float, rows, dimensions));
  }
}
