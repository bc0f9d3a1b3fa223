package org.ratescope.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BatchSamplerTest {
  private static final int[] ROWS = {3, 1, 4, 15, 9, 2, 6};

  @Test
  void everyExampleIsUsedOnceAnEpoch() {
    BatchSampler order = BatchSampler.shuffled(5, ROWS, 3);
    long[] batches = new long[7 * 3];
    for (int step = 0; step < 7; step++) {
      order.write(step, batches, step * 3);
    }
    for (int epoch = 0; epoch < 3; epoch++) {
      long[] rows = Arrays.copyOfRange(batches, epoch * 7, epoch * 7 + 7);
      assertThat(rows).containsExactlyInAnyOrder(3, 1, 4, 15, 9, 2, 6);
    }
    assertThat(Arrays.copyOfRange(batches, 0, 7)).isNotEqualTo(Arrays.copyOfRange(batches, 7, 14));
  }

  @Test
  void aStepsBatchDoesNotDependOnWhatWasAskedBefore() {
    BatchSampler inOrder = BatchSampler.shuffled(5, ROWS, 3);
    Map<Integer, long[]> expected = new HashMap<>();
    for (int step = 0; step < 20; step++) {
      long[] batch = new long[3];
      inOrder.write(step, batch, 0);
      expected.put(step, batch);
    }
    for (int step : new int[] {13, 2, 19, 0, 14}) {
      long[] batch = new long[3];
      BatchSampler.shuffled(5, ROWS, 3).write(step, batch, 0);
      assertThat(batch).isEqualTo(expected.get(step));
    }
  }

  @Test
  void aBatchMayBeLargerThanTheTrainingHalf() {
    long[] batch = new long[14];
    BatchSampler.shuffled(5, ROWS, 14).write(0, batch, 0);
    assertThat(batch).containsExactlyInAnyOrder(3, 1, 4, 15, 9, 2, 6, 3, 1, 4, 15, 9, 2, 6);
  }
}
