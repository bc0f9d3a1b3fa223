package org.ratescope.estimate.gap;

import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.ratescope.estimate.posterior.Examples;
import org.ratescope.spec.RunRandom;
import org.ratescope.tensor.Tensors;

/**
 * A division of the space of images into cells: the images nearest to each of some centres, found
 * by k-means on training images (Lloyd 1982) from centres drawn as by Arthur and Vassilvitskii
 * (2007). It depends on the training images only, and is the same for all runs of a split.
 */
final class PixelCells {
  private static final int ROUNDS = 25;
  private static final int LARGEST = 4096;

  private final Tensor centres; // [k, D] float64

  private PixelCells(Tensor centres) {
    this.centres = centres;
  }

  /**
   * The cells of a training set, of which at most 4096 images are used. They belong to the
   * innermost open scope.
   *
   * @param count number of cells, at least 1; fewer if fewer images differ
   */
  static PixelCells of(Examples train, int count) {
    int[] rows = new int[train.size()];
    Arrays.setAll(rows, train::row);
    RunRandom.named(0, "cells", 0).shuffle(rows);
    int size = Math.min(LARGEST, rows.length);
    Examples used = Examples.ofRows(train.pool(), train.subset(), Arrays.copyOf(rows, size));
    Tensor images = Tensors.here(used.images(0, size)).to(ScalarType.Double);
    PixelCells cells = new PixelCells(firstCentres(images, count));
    for (int round = 0; round < ROUNDS && cells.improve(images); round++) {}
    return cells;
  }

  /** Each next centre is an image, with a probability in proportion to its squared distance. */
  private static Tensor firstCentres(Tensor images, int count) {
    RunRandom random = RunRandom.named(0, "cells", 1);
    int size = (int) images.size(0);
    long[] chosen = new long[Math.min(count, size)]; // the first is image 0 of a random order
    double[] nearest = new double[size];
    Arrays.fill(nearest, Double.POSITIVE_INFINITY);
    int found = 1;
    for (; found < chosen.length; found++) {
      try (PointerScope scope = new PointerScope()) {
        Tensor centre = images.select(0, chosen[found - 1]);
        double[] squares = Tensors.doubles(images.sub(centre).square_().sum(1L));
        for (int i = 0; i < size; i++) {
          nearest[i] = Math.min(nearest[i], squares[i]);
        }
      }
      double left = random.uniform(found) * Arrays.stream(nearest).sum();
      if (!(left > 0)) {
        break; // all images are centres
      }
      int next = 0;
      while (next < size - 1 && left >= nearest[next]) {
        left -= nearest[next++];
      }
      chosen[found] = next;
    }
    return images.index_select(0, Tensors.indices(Arrays.copyOf(chosen, found)));
  }

  /** One round: centres become means; whether a centre has moved. A cell without images stays. */
  private boolean improve(Tensor images) {
    try (PointerScope scope = new PointerScope()) {
      Tensor cells = nearest(images);
      boolean moved = false;
      for (int c = 0; c < count(); c++) {
        Tensor mine = cells.eq(new Scalar((long) c)).to(ScalarType.Double); // [n]
        double size = mine.sum().item_double();
        if (size > 0) {
          Tensor mean = torch.mv(images.t(), mine).div_(new Scalar(size));
          moved |= mean.sub(centres.select(0, c)).abs_().max().item_double() > 0;
          centres.select(0, c).copy_(mean);
        }
      }
      return moved;
    }
  }

  /** Number of cells. */
  int count() {
    return (int) centres.size(0);
  }

  /** The cell of each image. [n, D] → [n] */
  int[] of(Tensor images) {
    try (PointerScope scope = new PointerScope()) {
      double[] cells = Tensors.doubles(nearest(Tensors.here(images).to(ScalarType.Double)));
      return Arrays.stream(cells).mapToInt(cell -> (int) cell).toArray();
    }
  }

  /** argmin ‖c‖² − 2 x·c, the first of equals. */
  private Tensor nearest(Tensor images) {
    Tensor squares = centres.square().sum(1L);
    Tensor scores = torch.mm(images, centres.t()).mul_(new Scalar(-2.0)).add_(squares);
    return torch.argmin(scores, new LongOptional(1), false);
  }
}
