package org.ratescope.dataset.tetromino;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Values of NumPy 1.24.2's legacy stream with seed 1. */
class MersenneTwisterTest {
  private static final int DOUBLES = 163_840 * 5;

  @Test
  void firstWords() {
    MersenneTwister random = new MersenneTwister(1);
    assertThat(IntStream.range(0, 6).mapToObj(i -> Integer.toUnsignedLong(random.nextWord())))
        .containsExactly(1791095845L, 4282876139L, 3093770124L, 4005303368L, 491263L, 550290313L);
  }

  @Test
  void firstAndLastDoublesOfThePool() {
    MersenneTwister random = new MersenneTwister(1);
    double[] values = IntStream.range(0, DOUBLES).mapToDouble(i -> random.nextDouble()).toArray();
    assertThat(Arrays.copyOf(values, 5))
        .containsExactly(
            0.417022004702574,
            0.7203244934421581,
            0.00011437481734488664,
            0.30233257263183977,
            0.14675589081711304);
    assertThat(Arrays.copyOfRange(values, DOUBLES - 5, DOUBLES))
        .containsExactly(
            0.433449329902315,
            0.6242913756261158,
            0.511584939548529,
            0.3657801802201156,
            0.40352380608459415);
  }

  @Test
  void permutationAfterThePool() {
    MersenneTwister random = afterWords(2 * DOUBLES);
    int[] permutation = random.permutation(163_840);
    assertThat(Arrays.copyOf(permutation, 10))
        .containsExactly(99382, 35455, 8151, 39783, 145414, 53385, 142866, 85838, 153333, 85873);
    assertThat(Arrays.copyOfRange(permutation, 163_835, 163_840))
        .containsExactly(145733, 95539, 105011, 146332, 49806);
    assertThat(Integer.toUnsignedLong(random.nextWord())).isEqualTo(1859305760L);
    assertThat(Arrays.stream(permutation).sorted()).containsExactlyElementsOf(range());
  }

  @Test
  void permutationTakes240162Words() {
    MersenneTwister random = afterWords(2 * DOUBLES + 240_162);
    assertThat(Integer.toUnsignedLong(random.nextWord())).isEqualTo(1859305760L);
  }

  @Test
  void intervalOfZeroDrawsNothing() {
    MersenneTwister random = new MersenneTwister(1);
    assertThat(random.interval(0)).isZero();
    assertThat(Integer.toUnsignedLong(random.nextWord())).isEqualTo(1791095845L);
  }

  private static MersenneTwister afterWords(int words) {
    MersenneTwister random = new MersenneTwister(1);
    for (int i = 0; i < words; i++) {
      int unused = random.nextWord();
    }
    return random;
  }

  private static Iterable<Integer> range() {
    return IntStream.range(0, 163_840).boxed().toList();
  }
}
