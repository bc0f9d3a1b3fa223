package org.ratescope.model.layer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.ratescope.tensor.Tensors;

/**
 * The values of K runs' batches that are not zero, by image and by pixel, and products with them
 * alone. Each sum runs over pixels, or over images, in ascending order: a function of the batch.
 */
final class SparseBatch {
  /**
   * Share of non-zero values up to which leaving out the others is faster, rounded down
   * (docs/decisions.md).
   */
  private static final int ONE_IN = 4;

  private final int batch;
  private final int dimensions;
  private final int limit; // values of a run's batch
  private final List<ByteBuffer> pixels = new ArrayList<>(); // of each run its batch, float32
  private final List<Bags> images = new ArrayList<>(); // of each run, of each image its pixels
  private final Bags places; // of each run and pixel its images, numbered over all runs

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
    private final IntPointer startMemory; // where the tensors' values are
    private final IntPointer columnMemory;
    private final FloatPointer valueMemory;
    private int count;

    Bags(int rows, int capacity) {
      starts = new int[rows];
      columns = new int[capacity];
      values = new float[capacity];
      startTensor = Tensors.zeros(ScalarType.Int, rows);
      columnTensor = Tensors.zeros(ScalarType.Int, capacity);
      valueTensor = Tensors.zeros(ScalarType.Float, capacity);
      startMemory = startTensor.data_ptr_int();
      columnMemory = columnTensor.data_ptr_int();
      valueMemory = valueTensor.data_ptr_float();
    }

    void set(int index, int column, float value) {
      columns[index] = column;
      values[index] = value;
    }

    /** The end of a row. */
    int end(int row) {
      return row + 1 < starts.length ? starts[row + 1] : count;
    }

    void write() {
      startMemory.put(starts, 0, starts.length);
      columnMemory.put(columns, 0, count);
      valueMemory.put(values, 0, count);
    }

    /** The product with a dense matrix, in fresh memory. [columns, n] → [rows, n] */
    Tensor times(Tensor dense) {
      TensorOptional weights = new TensorOptional(valueTensor.narrow(0, 0, count));
      Tensor used = columnTensor.narrow(0, 0, count);
      return torch
          .embedding_bag(dense, used, startTensor, false, SUM, false, weights, false)
          .get0();
    }
  }

  /**
   * @param input the buffer that batches are written to, contiguous float32 [K, B, D]
   */
  SparseBatch(Tensor input) {
    int runs = Math.toIntExact(input.size(0));
    batch = Math.toIntExact(input.size(1));
    dimensions = Math.toIntExact(input.size(2));
    int size = Math.multiplyExact(batch, dimensions);
    limit = size / ONE_IN;
    for (int k = 0; k < runs; k++) {
      FloatPointer values = input.select(0, k).data_ptr_float().capacity(size);
      pixels.add(values.asByteBuffer().order(ByteOrder.nativeOrder()));
      images.add(new Bags(batch, limit + dimensions)); // the limit is checked after each image
    }
    places = new Bags(Math.multiplyExact(runs, dimensions), Math.multiplyExact(runs, limit));
  }

  /**
   * Reads the batches that the buffer holds now.
   *
   * @return whether the values of each run's batch fit, one at least; otherwise nothing can be
   *     asked of it
   */
  boolean read() {
    places.count = 0;
    for (int k = 0; k < images.size(); k++) {
      Bags run = images.get(k);
      if (!readByImage(pixels.get(k), run) || run.count == 0) {
        return false;
      }
      places.count += run.count;
    }
    orderByPlace();
    images.forEach(Bags::write);
    places.write();
    return true;
  }

  /** Looks at two values at once, most of which are zeros. */
  private boolean readByImage(ByteBuffer values, Bags run) {
    run.count = 0;
    for (int image = 0, next = 0; image < batch; image++) {
      run.starts[image] = run.count;
      int pixel = 0;
      for (; pixel + 1 < dimensions; pixel += 2, next += 2 * Float.BYTES) {
        if (values.getLong(next) != 0) {
          add(run, pixel, values.getFloat(next));
          add(run, pixel + 1, values.getFloat(next + Float.BYTES));
        }
      }
      if (pixel < dimensions) {
        add(run, pixel, values.getFloat(next));
        next += Float.BYTES;
      }
      if (run.count > limit) {
        return false;
      }
    }
    return true;
  }

  private static void add(Bags run, int pixel, float value) {
    if (value != 0) { // NaN too
      run.set(run.count++, pixel, value);
    }
  }

  /** Sorts by run and pixel, by counting; within a pixel images stay in order. */
  private void orderByPlace() {
    int[] next = places.starts;
    Arrays.fill(next, 0);
    for (int k = 0; k < images.size(); k++) {
      Bags run = images.get(k);
      for (int i = 0; i < run.count; i++) {
        next[k * dimensions + run.columns[i]]++;
      }
    }
    for (int place = 0, sum = 0; place < next.length; place++) {
      int here = next[place];
      next[place] = sum;
      sum += here;
    }
    for (int k = 0; k < images.size(); k++) {
      Bags run = images.get(k);
      for (int image = 0, i = 0; image < batch; image++) {
        for (int end = run.end(image); i < end; i++) {
          places.set(next[k * dimensions + run.columns[i]]++, k * batch + image, run.values[i]);
        }
      }
    }
    System.arraycopy(next, 0, next, 1, next.length - 1); // ends became starts of the next pixel
    next[0] = 0;
  }

  /** X W of one run, in fresh memory. [D, n] → [B, n] */
  Tensor times(int run, Tensor weight) {
    return images.get(run).times(weight);
  }

  /** Xᵀ G of each run, in fresh memory. [K * B, n] → [K * D, n] */
  Tensor transposedTimes(Tensor gradient) {
    return places.times(gradient);
  }
}
