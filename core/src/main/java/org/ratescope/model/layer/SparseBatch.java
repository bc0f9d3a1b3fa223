package org.ratescope.model.layer;

import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.ratescope.tensor.Tensors;

/**
 * The values of one run's batch that are not zero, by image and by pixel, and products with them
 * alone. Each sum runs over pixels, or over images, in ascending order: a function of the batch.
 */
final class SparseBatch {
  private final int dimensions;
  private final Bags images; // of each image its pixels
  private final Bags places; // of each pixel its images
  private int count;

  /**
   * A sparse matrix, row by row. libtorch's sum over a bag of weighted embeddings is a row of its
   * product with a dense one, and faster than MKL's sparse product (docs/decisions.md).
   */
  private static final class Bags {
    private static final long SUM = 0;

    private final int[] starts;
    private final int[] columns;
    private final float[] values;
    private final Tensor startTensor; // [rows] int32
    private final Tensor columnTensor; // [capacity] int32
    private final Tensor valueTensor; // [capacity]

    Bags(int rows, int capacity) {
      starts = new int[rows];
      columns = new int[capacity];
      values = new float[capacity];
      startTensor = Tensors.zeros(ScalarType.Int, rows);
      columnTensor = Tensors.zeros(ScalarType.Int, capacity);
      valueTensor = Tensors.zeros(ScalarType.Float, capacity);
    }

    void set(int index, int column, float value) {
      columns[index] = column;
      values[index] = value;
    }

    void write(int count) {
      startTensor.data_ptr_int().put(starts, 0, starts.length);
      columnTensor.data_ptr_int().put(columns, 0, count);
      valueTensor.data_ptr_float().put(values, 0, count);
    }

    /** The product with a dense matrix, in fresh memory. [columns, n] → [rows, n] */
    Tensor times(Tensor dense, int count) {
      TensorOptional weights = new TensorOptional(valueTensor.narrow(0, 0, count));
      Tensor used = columnTensor.narrow(0, 0, count);
      return torch
          .embedding_bag(dense, used, startTensor, false, SUM, false, weights, false)
          .get0();
    }
  }

  /**
   * @param capacity how many values there may be
   */
  SparseBatch(int batch, int dimensions, int capacity) {
    this.dimensions = dimensions;
    images = new Bags(batch, capacity);
    places = new Bags(dimensions, capacity);
  }

  /**
   * Takes a batch.
   *
   * @param pixels the batch, row by row [B, D]
   * @return whether its values fit, one at least; otherwise nothing can be asked of it
   */
  boolean read(float[] pixels) {
    if (!readByImage(pixels)) {
      return false;
    }
    orderByPlace();
    images.write(count);
    places.write(count);
    return count > 0;
  }

  private boolean readByImage(float[] pixels) {
    count = 0;
    for (int image = 0, next = 0; image < images.starts.length; image++) {
      images.starts[image] = count;
      for (int pixel = 0; pixel < dimensions; pixel++, next++) {
        float value = pixels[next];
        if (value != 0) { // NaN too
          if (count == images.values.length) {
            return false;
          }
          images.set(count++, pixel, value);
        }
      }
    }
    return true;
  }

  /** Sorts by pixel, by counting; within a pixel images stay in order. */
  private void orderByPlace() {
    int[] next = places.starts;
    Arrays.fill(next, 0);
    for (int i = 0; i < count; i++) {
      next[images.columns[i]]++;
    }
    for (int pixel = 0, sum = 0; pixel < dimensions; pixel++) {
      int here = next[pixel];
      next[pixel] = sum;
      sum += here;
    }
    for (int image = 0, i = 0; image < images.starts.length; image++) {
      int end = image + 1 < images.starts.length ? images.starts[image + 1] : count;
      for (; i < end; i++) {
        places.set(next[images.columns[i]]++, image, images.values[i]);
      }
    }
    System.arraycopy(next, 0, next, 1, dimensions - 1); // ends became starts of the next pixel
    next[0] = 0;
  }

  /** X W, in fresh memory. [D, n] → [B, n] */
  Tensor times(Tensor weight) {
    return images.times(weight, count);
  }

  /** Xᵀ G, in fresh memory. [B, n] → [D, n] */
  Tensor transposedTimes(Tensor gradient) {
    return places.times(gradient, count);
  }
}
