package org.ratescope.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.ratescope.spec.Subset;

class PartitionTest {
  @Test
  void rowsDoNotChangeWithTheArrays() {
    int[] train = {0, 2};
    Partition partition = Partition.of(train, new int[] {1, 5, 6});
    train[0] = 9;
    partition.rows(Subset.TRAIN)[1] = 9;
    assertThat(partition.rows(Subset.TRAIN)).containsExactly(0, 2);
    assertThat(partition.size(Subset.TEST)).isEqualTo(3);
    assertThat(partition.row(Subset.TEST, 1)).isEqualTo(5);
  }

  @Test
  void refusesRowsOutOfOrder() {
    assertThatThrownBy(() -> Partition.of(new int[] {1, 1}, new int[] {2}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("training rows must increase from at least 0; got 1 after 1");
    assertThatThrownBy(() -> Partition.of(new int[] {1}, new int[] {-1}))
        .hasMessageContaining("test rows must increase from at least 0; got -1");
  }

  @Test
  void refusesARowInBothSubsets() {
    assertThatThrownBy(() -> Partition.of(new int[] {1, 4}, new int[] {2, 4}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("row 4 is in the training set and in the test set");
  }
}
