package org.ratescope.estimate;

import org.ratescope.spec.RunRandom;

/** Noise for importance samples in tests. */
final class Noises {
  private Noises() {}

  static ImportanceSampling.Noise of(long seed, int latent) {
    return (n, s, l) ->
        RunRandom.of(seed, RunRandom.Stream.IMPORTANCE, n).normal((long) s * latent + l);
  }
}
