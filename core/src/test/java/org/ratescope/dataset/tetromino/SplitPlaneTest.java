package org.ratescope.dataset.tetromino;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.ratescope.dataset.Partition;
import org.ratescope.spec.Split;
import org.ratescope.spec.Subset;

/** Figure 2's points: stratified, and split by the rules of section 4.2. */
class SplitPlaneTest {
  private static final SplitPlane PLANE = new SplitPlane();

  @Test
  void eachCellHasOnePoint() {
    Set<Integer> cells = new HashSet<>();
    for (int i = 0; i < SplitPlane.SIZE; i++) {
      assertThat(PLANE.x(i)).isBetween(0.0, 1.0);
      assertThat(PLANE.y(i)).isBetween(0.0, 1.0);
      int column = (int) (PLANE.x(i) * 30);
      int line = (int) (PLANE.y(i) * 20);
      cells.add(column * 20 + line);
    }
    assertThat(cells).hasSize(600);
  }

  @Test
  void sizes() {
    assertSizes(new Split.Default(), 300, 300);
    assertSizes(new Split.ConstantVolume(0.1), 60, 540);
    Partition cropped = PLANE.partition(new Split.ConstantDensity(0.2));
    assertThat(cropped.size(Subset.TRAIN) + cropped.size(Subset.TEST)).isBetween(110, 130);
  }

  private static void assertSizes(Split split, int train, int test) {
    assertThat(PLANE.partition(split).size(Subset.TRAIN)).isEqualTo(train);
    assertThat(PLANE.partition(split).size(Subset.TEST)).isEqualTo(test);
  }

  @Test
  void checkerboardHasTwoCellsAFactor() {
    Partition board = PLANE.partition(new Split.Checkerboard());
    for (int row : board.rows(Subset.TRAIN)) {
      assertThat(PLANE.x(row) < 0.5).isEqualTo(PLANE.y(row) < 0.5);
    }
    for (int row : board.rows(Subset.TEST)) {
      assertThat(PLANE.x(row) < 0.5).isNotEqualTo(PLANE.y(row) < 0.5);
    }
  }

  /** A fifth of a square's area is a square of side √0.2, in the middle. */
  @Test
  void constantDensityCropsBothSubsetsToASquare() {
    Partition random = PLANE.partition(new Split.Default());
    Partition cropped = PLANE.partition(new Split.ConstantDensity(0.2));
    double margin = (1 - Math.sqrt(0.2)) / 2;
    for (Subset subset : Subset.values()) {
      Set<Integer> kept = new HashSet<>();
      for (int row : cropped.rows(subset)) {
        kept.add(row);
      }
      for (int row : random.rows(subset)) {
        boolean inside =
            Math.min(PLANE.x(row), PLANE.y(row)) >= margin
                && Math.max(PLANE.x(row), PLANE.y(row)) < 1 - margin;
        assertThat(kept.contains(row)).isEqualTo(inside);
      }
    }
  }
}
