package org.ratescope.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ratescope.spec.Split;
import org.ratescope.spec.Subset;

class LabelledSplitsTest {
  /**
   * All combinations of 4, 3, 1 and 5 values, the last one fastest, scaled so that order matters.
   */
  private static Labels grid() {
    double[] table = new double[60 * 4];
    for (int row = 0; row < 60; row++) {
      int a = row / 15;
      table[4 * row] = 0.5 * a;
      table[4 * row + 1] = -10 + row / 5 % 3;
      table[4 * row + 2] = 7;
      table[4 * row + 3] = 100 * (row % 5);
    }
    return Labels.of(List.of("a", "b", "still", "c"), table);
  }

  private static final LabelledSplits GRID = LabelledSplits.of("grid", grid());

  private static LabelledSplits classes(int rows, int trainRows) {
    double[] labels = IntStream.range(0, rows).mapToDouble(i -> i % 3).toArray();
    return trainRows == 0
        ? pets(labels, "cat", "dog", "eel")
        : LabelledSplits.inParts("digits", Labels.of(List.of(Labels.CLASS), labels), trainRows);
  }

  private static LabelledSplits pets(double[] labels, String... classes) {
    Labels.Column column = new Labels.Column(Labels.CLASS, labels, List.of(classes));
    return LabelledSplits.of("pets", Labels.of(List.of(column)));
  }

  private static Partition split(LabelledSplits splits, String text) {
    return splits.partition(Split.parse(text));
  }

  @Test
  void labelsAreUnchanged() {
    Labels labels = grid();
    assertThat(labels.of(37)).containsExactly(1, -9, 7, 200);
    assertThat(labels.values(0)).containsExactly(0, 0.5, 1, 1.5);
    assertThat(labels.index(37, 3)).isEqualTo(2);
    assertThatThrownBy(() -> Labels.of(List.of("a", "b"), new double[] {1, 2, 3}))
        .hasMessage("labels: got 3 values; expected 2 for each row");
    assertThatThrownBy(() -> Labels.of(List.of("a", "b"), new double[] {1, Double.NaN}))
        .hasMessage("label in row 0 of factor b: got NaN; expected a number");
    assertThat(Labels.of(List.of("a"), new double[] {0.0, -0.0}).values(0)).hasSize(1);
  }

  /**
   * The training set is RATIO·N rows, rounded half up; the test set is the rest. No row is lost.
   */
  @ParameterizedTest
  @CsvSource({"default, 30", "cv:0.5, 30", "cv:0.1, 6", "cv:0.125, 8", "cv:0.99, 59", "cv:0.01, 1"})
  void randomSplits(String text, int train) {
    Partition partition = split(GRID, text);
    assertThat(partition.size(Subset.TRAIN)).isEqualTo(train);
    assertThat(partition.size(Subset.TEST)).isEqualTo(60 - train);
    int[] all =
        IntStream.concat(
                Arrays.stream(partition.rows(Subset.TRAIN)),
                Arrays.stream(partition.rows(Subset.TEST)))
            .sorted()
            .toArray();
    assertThat(all).containsExactly(IntStream.range(0, 60).toArray());
  }

  /** The order is part of a run's identity: these rows must never change. */
  @Test
  void theOrderIsFixedAndSmallerSplitsAreSubsetsOfLargerOnes() {
    assertThat(split(GRID, "cv:0.1").rows(Subset.TRAIN)).containsExactly(ORDER);
    List<Integer> larger = Arrays.stream(split(GRID, "cv:0.3").rows(Subset.TRAIN)).boxed().toList();
    assertThat(larger).contains(Arrays.stream(ORDER).boxed().toArray(Integer[]::new));
    assertThat(split(GRID, "default").rows(Subset.TRAIN))
        .isEqualTo(split(GRID, "cv:0.5").rows(Subset.TRAIN));
  }

  /** Computed in Python from the definitions of SplitMix64 and of the shuffle. */
  private static final int[] ORDER = {16, 17, 23, 31, 37, 45};

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 9})
  void checkerboards(int cells) {
    Partition partition = split(GRID, "checkerboard:" + cells);
    for (Subset subset : Subset.values()) {
      for (int row : partition.rows(subset)) {
        int a = row / 15 * Math.min(cells, 4) / 4;
        int b = row / 5 % 3 * Math.min(cells, 3) / 3;
        int c = row % 5 * Math.min(cells, 5) / 5;
        assertThat((a + b + c) % 2).isEqualTo(subset == Subset.TRAIN ? 0 : 1);
      }
    }
    assertThat(partition.size(Subset.TRAIN) + partition.size(Subset.TEST)).isEqualTo(60);
    assertThat(Split.parse("checkerboard:2")).isEqualTo(Split.parse("checkerboard"));
  }

  /** Of 4, 3 and 5 values the middle 2, 2 and 3 remain: 0.25^(1/3) = 0.63 of each, rounded. */
  @Test
  void constantDensity() {
    Partition whole = split(GRID, "default");
    Partition cropped = split(GRID, "cd:0.25");
    for (Subset subset : Subset.values()) {
      int[] expected =
          Arrays.stream(whole.rows(subset))
              .filter(row -> row / 15 >= 0 && row / 15 <= 2)
              .filter(row -> row / 5 % 3 <= 1)
              .filter(row -> row % 5 >= 1 && row % 5 <= 3)
              .toArray();
      assertThat(cropped.rows(subset)).as(subset.text()).containsExactly(expected);
    }
    assertThat(split(GRID, "cd:1").rows(Subset.TRAIN)).isEqualTo(whole.rows(Subset.TRAIN));
  }

  @Test
  void officialParts() {
    Partition partition = split(classes(10, 7), "official");
    assertThat(partition.rows(Subset.TRAIN)).containsExactly(0, 1, 2, 3, 4, 5, 6);
    assertThat(partition.rows(Subset.TEST)).containsExactly(7, 8, 9);
  }

  @Test
  void heldOutClasses() {
    Partition parts = split(classes(10, 7), "heldout:1");
    assertThat(parts.rows(Subset.TRAIN)).containsExactly(0, 2, 3, 5, 6);
    assertThat(parts.rows(Subset.TEST)).containsExactly(7);
    Partition named = split(classes(10, 0), "heldout:dog");
    assertThat(named.rows(Subset.TRAIN)).containsExactly(0, 2, 3, 5, 6, 8, 9);
    assertThat(named.rows(Subset.TEST)).containsExactly(1, 4, 7);
  }

  /** As in docs/data.md: a name, or a number if no class has that name. */
  @Test
  void classesCanBeNamedByNumber() {
    double[] labels = {0, 1, 2, 0};
    assertThat(split(pets(labels, "big cat", "2", "café"), "heldout:0").rows(Subset.TEST))
        .containsExactly(0, 3);
    assertThat(split(pets(labels, "big cat", "2", "café"), "heldout:2").rows(Subset.TEST))
        .containsExactly(1);
    assertThat(split(pets(labels, "big cat", "2", "cafe\u0301"), "heldout:café").rows(Subset.TEST))
        .as("an accent that is a character of its own")
        .containsExactly(2);
    refused(
        pets(labels, "big cat", "a, b", "c"),
        "heldout:3",
        "split heldout:3 is impossible for pets, which has no class 3; expected default,"
            + " cv:RATIO, heldout:CLASS with CLASS one of \"big cat\" \"a\\u002c b\" c");
  }

  @Test
  void anImpossibleSplitIsRefusedWithThePossibleOnes() {
    refused(
        classes(10, 0),
        "checkerboard",
        "split checkerboard is impossible for pets, which has fewer than two factors that vary;"
            + " expected default, cv:RATIO, heldout:CLASS with CLASS one of cat dog eel");
    refused(
        classes(10, 7),
        "heldout:9",
        "split heldout:9 is impossible for digits, which has no class 9; expected default,"
            + " cv:RATIO, official, heldout:CLASS with CLASS one of 0 1 2");
    refused(
        GRID,
        "official",
        "split official is impossible for grid, which has no published parts; expected default,"
            + " cv:RATIO, checkerboard, checkerboard:CELLS, cd:RATIO");
    refused(
        LabelledSplits.of("bare", Labels.none(4)),
        "heldout:x",
        "split heldout:x is impossible for bare, which has no classes; expected default,"
            + " cv:RATIO");
    refused(GRID, "cv:1", "split cv:1.0 leaves no test rows of 60");
    refused(GRID, "cv:0.001", "split cv:0.001 leaves no train rows of 60");
  }

  private static void refused(LabelledSplits splits, String text, String message) {
    assertThatThrownBy(() -> split(splits, text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
