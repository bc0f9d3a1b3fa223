package org.ratescope.spec;

import org.ratescope.io.Sha256;

/**
 * The randomness of a run: every number is a function of the run's seed, a stream and a step, so
 * there is no generator state to save and a run's numbers do not depend on the runs trained beside
 * it.
 *
 * <p>The uniform words are SplitMix64 (Steele, Lea and Flood 2014) started at a hash of (seed,
 * stream, step); word i is computed from i alone. Normals are the inverse of the normal
 * distribution function at a uniform (Wichura 1988, algorithm AS 241, relative accuracy about
 * 1e-16), evaluated with {@link StrictMath}, so they have the same bits on every machine.
 */
public final class RunRandom {
  /** What a random number is for. The numbers are part of a seed's meaning. */
  public enum Stream {
    /** Initial weights; the step is the layer. */
    INITIALIZATION(0),
    /** Order of the training examples; the step is the epoch. */
    ORDER(1),
    /** Latent noise of a training step. */
    NOISE(2),
    /** Latent noise of an evaluation; the step is the first example of the batch. */
    EVALUATION(3),
    /** Which examples an evaluation uses. */
    SUBSET(4),
    /** Codes drawn from posteriors to estimate the inference marginal; the step is the row. */
    CODES(5),
    /** Importance samples; the step is the row. */
    IMPORTANCE(6),
    /** Annealed importance sampling; the step counts temperatures. */
    ANNEALING(7),
    /** Latent noise of a validation loss; the step is the batch. */
    VALIDATION(8),
    /** Training images from which a prior starts, or of which it consists. */
    PRIOR(9),
    /** Latent noise of a learning curve; the step is the batch. */
    CURVE(10),
    /** The order of a data set's rows that random splits cut; seed and step are 0. */
    SPLIT(16);

    private final int number;

    Stream(int number) {
      this.number = number;
    }
  }

  private static final long GAMMA = 0x9E3779B97F4A7C15L;
  private final long start;

  private RunRandom(long start) {
    this.start = start;
  }

  /**
   * The numbers of a step of a stream that the user's estimator names, for that seed: other numbers
   * than those of each {@link Stream} and of each other name.
   */
  public static RunRandom named(long seed, String name, long step) {
    long number = Long.parseUnsignedLong(Sha256.ofText(name).substring(0, 16), 16);
    return of(seed, number, step);
  }

  /** The numbers of that stream and step for that seed. */
  public static RunRandom of(long seed, Stream stream, long step) {
    return of(seed, stream.number, step);
  }

  private static RunRandom of(long seed, long stream, long step) {
    return new RunRandom(mix(mix(mix(seed + GAMMA) + stream + GAMMA) + step + GAMMA));
  }

  /** The 64 random bits with that index. */
  public long word(long index) {
    return mix(start + (index + 1) * GAMMA);
  }

  /** The uniform number in (0, 1) with that index: the middle of one of 2^52 equal intervals. */
  public double uniform(long index) {
    return ((word(index) >>> 12) + 0.5) * 0x1p-52;
  }

  /** The standard normal number with that index. */
  public double normal(long index) {
    return NormalQuantile.of(uniform(index));
  }

  /** Writes the standard normal numbers 0, 1, … {@code count - 1}. */
  public void normals(double[] into, int offset, int count) {
    for (int i = 0; i < count; i++) {
      into[offset + i] = normal(i);
    }
  }

  /**
   * Shuffles in place, each permutation equally likely up to the words' quality (Fisher and Yates).
   */
  public void shuffle(int[] values) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = (int) Math.unsignedMultiplyHigh(word(i), i + 1L);
      int swapped = values[i];
      values[i] = values[j];
      values[j] = swapped;
    }
  }

  private static long mix(long z) {
    long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
    return b ^ (b >>> 31);
  }
}
