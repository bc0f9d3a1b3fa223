package org.ratescope.dataset.tetromino;

/**
 * The MT19937 generator with the conversions of NumPy's legacy random stream (Matsumoto and
 * Nishimura 1998). The published Tetrominoes are a function of this stream, so every number here
 * matches NumPy's bit for bit.
 */
final class MersenneTwister {
  private static final int WORDS = 624;
  private static final int OFFSET = 397;
  private static final int TWIST = 0x9908B0DF;
  private static final int UPPER = 0x80000000;
  private static final int LOWER = 0x7FFFFFFF;

  private final int[] state = new int[WORDS];
  private int position = WORDS;

  /** Seeds with one 32-bit word, like {@code numpy.random.seed(seed)} for a small integer. */
  MersenneTwister(int seed) {
    state[0] = seed;
    for (int i = 1; i < WORDS; i++) {
      state[i] = 1812433253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
    }
  }

  /** The next 32 bits. */
  int nextWord() {
    if (position == WORDS) {
      regenerate();
      position = 0;
    }
    int y = state[position++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9D2C5680;
    y ^= (y << 15) & 0xEFC60000;
    return y ^ (y >>> 18);
  }

  private void regenerate() {
    for (int i = 0; i < WORDS; i++) {
      int y = (state[i] & UPPER) | (state[(i + 1) % WORDS] & LOWER);
      state[i] = state[(i + OFFSET) % WORDS] ^ (y >>> 1) ^ ((y & 1) == 0 ? 0 : TWIST);
    }
  }

  /** The next double, uniform on [0, 1) with 53 bits; two words. */
  double nextDouble() {
    int high = nextWord() >>> 5;
    int low = nextWord() >>> 6;
    return (high * 67108864.0 + low) / 9007199254740992.0;
  }

  /** The next integer, uniform on 0..{@code max} inclusive, by rejection under a bit mask. */
  int interval(int max) {
    if (max == 0) {
      return 0;
    }
    int mask = -1 >>> Integer.numberOfLeadingZeros(max);
    int value = nextWord() & mask;
    while (value > max) {
      value = nextWord() & mask;
    }
    return value;
  }

  /** A uniform permutation of 0..{@code n}-1 by Fisher-Yates from the end. */
  int[] permutation(int n) {
    int[] values = new int[n];
    for (int i = 0; i < n; i++) {
      values[i] = i;
    }
    for (int i = n - 1; i > 0; i--) {
      int j = interval(i);
      int swapped = values[i];
      values[i] = values[j];
      values[j] = swapped;
    }
    return values;
  }
}
