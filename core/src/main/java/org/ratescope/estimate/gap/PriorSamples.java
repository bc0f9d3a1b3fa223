package org.ratescope.estimate.gap;

import java.util.function.IntFunction;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.ratescope.estimate.TrainedModel;
import org.ratescope.model.Vae;
import org.ratescope.model.likelihood.PixelDistribution;
import org.ratescope.spec.RunRandom;
import org.ratescope.tensor.Tensors;

/** Codes drawn from a model's prior, and what its decoder makes of them. */
public final class PriorSamples {
  private PriorSamples() {}

  /**
   * Codes from the prior; each is a function of the seed, the name and its number. [count, L]
   *
   * @param first the number of the first code
   */
  public static double[] of(TrainedModel model, String name, long seed, int first, int count) {
    int latent = model.latentSize();
    double[] codes = new double[count * latent];
    for (int i = 0; i < count; i++) {
      RunRandom random = RunRandom.named(seed, name + ".prior", first + (long) i);
      random.normals(codes, i * latent, latent);
      model.vae().prior().sample(codes, i * latent, latent, () -> random.uniform(latent));
    }
    return codes;
  }

  /** The decoder's means E[x|z] of these codes, float32 where the model is. [count, D] */
  public static Tensor means(TrainedModel model, double[] codes) {
    Vae vae = model.vae();
    int latent = model.latentSize();
    int count = codes.length / latent;
    Tensor means = Tensors.empty(vae.images(), count, vae.images().size(2));
    double[] batch = new double[TrainedModel.BATCH * latent];
    for (int first = 0; first < count; first += TrainedModel.BATCH) {
      int size = Math.min(TrainedModel.BATCH, count - first);
      try (PointerScope scope = new PointerScope()) {
        System.arraycopy(codes, first * latent, batch, 0, size * latent);
        Tensors.write(batch, vae.codes());
        vae.decode();
        means.narrow(0, first, size).copy_(vae.decoderMean().select(0, 0).narrow(0, 0, size));
      }
    }
    return means;
  }

  /**
   * Draws an image of p(x|z) for each of the codes that differ, and writes it to the batch.
   *
   * @param codes each code {@code copies} times [B, L]
   * @param random the numbers of each image
   */
  static void writeImages(Vae vae, double[] codes, int copies, IntFunction<RunRandom> random) {
    try (PointerScope scope = new PointerScope()) {
      Tensors.write(codes, vae.codes());
      vae.decode();
      PixelDistribution pixels = PixelDistribution.of(vae.likelihood());
      double[] values = Tensors.doubles(vae.logits());
      int dimensions = Math.toIntExact(vae.images().size(2));
      for (int row = 0; row < values.length / dimensions; row++) {
        RunRandom numbers = random.apply(row / copies);
        for (int j = 0; j < dimensions; j++) {
          int i = row * dimensions + j;
          values[i] = pixels.sample(values[i], numbers, j);
        }
      }
      Tensors.write(values, vae.images());
    }
  }
}
