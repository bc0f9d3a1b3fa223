package org.ratescope.estimate;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch;
import org.ratescope.torch.Host;
import org.ratescope.vae.Parameters;
import org.ratescope.vae.Vae;

/**
 * One run's model with buffers for evaluating {@link #BATCH} examples at a time. It belongs to the
 * scope that was open when it was made.
 */
public final class TrainedModel {
  /** Examples evaluated together. */
  public static final int BATCH = 512;

  private final Vae vae;

  private TrainedModel(Vae vae) {
    this.vae = vae;
  }

  /** The model of run {@code k}; the weights are shared, not copied. */
  public static TrainedModel of(Parameters parameters, int k) {
    return new TrainedModel(Vae.forEvaluation(parameters.range(k, 1), BATCH));
  }

  /** The model's equations and buffers, with K = 1 and B = {@link #BATCH}. */
  public Vae vae() {
    return vae;
  }

  /** The decoder's mean at the posterior's mean for one image, in [0, 1]. [D] */
  public float[] reconstruct(Examples examples, int example) {
    try (PointerScope scope = new PointerScope()) {
      examples.load(example, vae.images());
      vae.encode();
      vae.codes().copy_(vae.mean());
      vae.decode();
      return Host.floats(torch.sigmoid(vae.logits().select(0, 0).select(0, 0)));
    }
  }
}
