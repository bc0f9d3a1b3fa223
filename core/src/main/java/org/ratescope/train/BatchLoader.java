package org.ratescope.train;

import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.ratescope.model.Vae;
import org.ratescope.spec.RunRandom;
import org.ratescope.spec.RunSpec;
import org.ratescope.tensor.Device;
import org.ratescope.tensor.ImageTensor;
import org.ratescope.tensor.StagingBuffer;
import org.ratescope.tensor.Tensors;

/**
 * Gives a model its batches and its noise, both functions of each run's seed and the step, whatever
 * the device. On the CPU they are written where the model reads them. Elsewhere row numbers and
 * noise travel in one copy, images are gathered where they are resident, and all cores draw noise,
 * since one could not keep up with a GPU.
 */
final class BatchLoader {
  /** Steps that the host may be ahead of a device. */
  private static final int AHEAD = 16;

  private final ImageTensor pool;
  private final List<RunSpec> specs; // by place
  private final Tensor images; // [K * B, D], the model's image buffer as a matrix
  private final Tensor noiseBuffer; // [K, B, L], the model's
  private final Tensor rows; // [K * B] int64
  private final long[] rowNumbers;
  private final double[] noise;
  private final @Nullable StagingBuffer upload; // none on the CPU

  /**
   * @param apart whether the model is fed as one with memory of its own is
   */
  BatchLoader(ImageTensor pool, Vae vae, List<RunSpec> specs, boolean apart) {
    this.pool = pool;
    this.specs = specs;
    noiseBuffer = vae.noise();
    rowNumbers = new long[Math.toIntExact(noiseBuffer.size(0) * noiseBuffer.size(1))];
    images = vae.images().view(rowNumbers.length, -1);
    noise = new double[Math.toIntExact(noiseBuffer.numel())];
    Device device = Device.of(noiseBuffer);
    upload =
        apart
            ? new StagingBuffer(
                device, AHEAD, rowNumbers.length, noise.length, Tensors.type(noiseBuffer))
            : null;
    rows = upload == null ? Tensors.indices(rowNumbers) : upload.rows();
  }

  /** Gives the model the batch of that number and the noise of that step of a stream. */
  void load(List<BatchSampler> orders, RunRandom.Stream stream, int step) {
    send(orders, stream, step);
    pool.gather(rows, images);
  }

  /** All of it but the images. */
  void send(List<BatchSampler> orders, RunRandom.Stream stream, int step) {
    IntStream places = IntStream.range(0, specs.size());
    if (upload == null) {
      places.forEach(place -> draw(orders, stream, place, step));
      Tensors.write(rowNumbers, rows);
      Tensors.write(noise, noiseBuffer);
    } else {
      places.parallel().forEach(place -> draw(orders, stream, place, step));
      upload.send(rowNumbers, noise);
      noiseBuffer.copy_(upload.values().view_as(noiseBuffer));
    }
  }

  private void draw(List<BatchSampler> orders, RunRandom.Stream stream, int place, int step) {
    int batch = rowNumbers.length / specs.size();
    int values = noise.length / specs.size();
    if (place < orders.size()) {
      orders.get(place).write(step, rowNumbers, place * batch);
    }
    RunRandom.of(specs.get(place).seed(), stream, step).normals(noise, place * values, values);
  }
}
