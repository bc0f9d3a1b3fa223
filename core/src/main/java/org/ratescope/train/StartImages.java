package org.ratescope.train;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.ratescope.model.Parameters;
import org.ratescope.model.layer.ParameterView;
import org.ratescope.spec.RunRandom;
import org.ratescope.spec.RunSpec;
import org.ratescope.tensor.ImageTensor;
import org.ratescope.tensor.Tensors;

/**
 * The training images that the parameters of a prior start from: without repetition where there are
 * enough, and a function of a run's seed and training rows alone.
 */
public final class StartImages {
  private StartImages() {}

  /**
   * Writes them into the rows of runs that have made no update; nothing where the prior asks for
   * none.
   *
   * @param trainRows the rows of the pool that train each run
   * @param pool all images of the data set
   */
  public static void write(
      Parameters parameters, List<RunSpec> runs, List<int[]> trainRows, ImageTensor pool) {
    int count = parameters.layout().prior().startImages();
    if (count == 0) {
      return;
    }
    ParameterView images = parameters.layout().startImages();
    for (int k = 0; k < runs.size(); k++) {
      try (PointerScope scope = new PointerScope()) {
        int[] rows = trainRows.get(k).clone();
        RunRandom.of(runs.get(k).seed(), RunRandom.Stream.PRIOR, 0).shuffle(rows);
        long[] wanted = new long[count];
        for (int i = 0; i < count; i++) {
          wanted[i] = rows[i % rows.length];
        }
        Tensor index = Tensors.beside(Tensors.indices(wanted), parameters.rows());
        pool.gather(index, images.of(parameters.row(k)));
      }
    }
  }
}
