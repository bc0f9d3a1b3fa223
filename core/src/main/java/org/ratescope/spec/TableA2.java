package org.ratescope.spec;

import java.util.List;
import java.util.Optional;
import org.ratescope.spec.data.DataSpec;

/**
 * A row of the paper's Table A2: a split of the Tetrominoes and its sizes.
 *
 * @param name as printed
 * @param split the split of the published generator that has these sizes
 * @param train training examples
 * @param test test examples
 */
public record TableA2(String name, Split split, int train, int test) {
  /** All rows, in the table's order. */
  public static final List<TableA2> ROWS =
      List.of(
          cv("8k/157k", 0.05, 8193, 155647),
          cv("16k/147k", 0.1, 16384, 147456),
          cv("25k/139k", 0.15, 24577, 139263),
          cv("33k/131k", 0.2, 32768, 131072),
          cv("41k/123k", 0.25, 40960, 122880),
          cv("49k/115k", 0.3, 49153, 114687),
          cv("57k/106k", 0.35, 57344, 106496),
          new TableA2("Default", new Split.Default(), 81920, 81920),
          cd("8k/8k", 0.1, 8159, 8275),
          cd("16k/16k", 0.2, 16405, 16286),
          cd("25k/25k", 0.3, 24642, 24592),
          cd("33k/33k", 0.4, 32998, 32754),
          cd("41k/41k", 0.5, 41138, 40954),
          cd("49k/49k", 0.6, 49216, 49285),
          cd("57k/57k", 0.7, 57416, 57403),
          new TableA2("Checkerboard", new Split.Checkerboard(), 82021, 81819));

  private static TableA2 cv(String name, double ratio, int train, int test) {
    return new TableA2("CV " + name, new Split.ConstantVolume(ratio), train, test);
  }

  private static TableA2 cd(String name, double ratio, int train, int test) {
    return new TableA2("CD " + name, new Split.ConstantDensity(ratio), train, test);
  }

  /** The row about a split; the paper tells sizes of the Tetrominoes only. */
  public static Optional<TableA2> of(DataSpec data, Split split) {
    return ROWS.stream()
        .filter(row -> data instanceof DataSpec.Tetrominoes && row.split.equals(split))
        .findFirst();
  }
}
