package org.ratescope.dataset.tetromino;

import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.ratescope.dataset.Partition;
import org.ratescope.spec.Split;
import org.ratescope.spec.Subset;

/**
 * The splits of section 4.2 as in the authors' generator, including its rounding: on the
 * Tetrominoes they have exactly the sizes of Table A2. Both subsets keep the order of the points.
 */
final class TetrominoSplits {
  private final FactorPoints points;
  private final int size;

  TetrominoSplits(FactorPoints points) {
    this.points = points;
    this.size = points.size();
  }

  /**
   * The rows of a split.
   *
   * @throws IllegalArgumentException if the generator refuses the ratio or it leaves a subset empty
   */
  Partition partition(Split split) {
    Partition partition =
        switch (split) {
          case Split.Default d -> random(0.5);
          case Split.Checkerboard c -> checkerboard(c.cells());
          case Split.ConstantVolume cv -> random(cv.ratio());
          case Split.ConstantDensity cd -> cropped(random(0.5), cd.ratio());
          case Split.Official o -> throw refused(split);
          case Split.HeldOut h -> throw refused(split);
          case Split.WithoutFold without -> partition(without.of()).without(without);
        };
    for (Subset subset : Subset.values()) {
      if (partition.size(subset) == 0) {
        throw new IllegalArgumentException(
            "split %s leaves no %s rows of %d".formatted(split.text(), subset.text(), size));
      }
    }
    return partition;
  }

  /**
   * The training set is the rows whose rank is below the cut; the test set is all others. The cut
   * is not rounded.
   */
  private Partition random(double ratio) {
    if (!drawable(ratio)) {
      throw new IllegalArgumentException(refusal(ratio));
    }
    double quotient = 1 - (double) testRows(ratio) / size;
    double cut = size * quotient;
    return where(row -> points.rank(row) < cut);
  }

  private static IllegalArgumentException refused(Split split) {
    return new IllegalArgumentException(
        "split %s is impossible for tetrominoes, which have neither published parts nor classes;"
                .formatted(split.text())
            + " expected default, checkerboard, checkerboard:CELLS, cv:RATIO, cd:RATIO");
  }

  /**
   * The training set is the rows whose cell numbers have an even sum; the test set is all others.
   */
  Partition checkerboard(int cells) {
    return where(
        row ->
            IntStream.range(0, points.factors())
                        .map(f -> points.axis(f).cell(points.coordinate(row, f), cells))
                        .sum()
                    % 2
                == 0);
  }

  /** The rows of {@code base} inside a centred box with that share of the factors' volume. */
  Partition cropped(Partition base, double ratio) {
    double side = StrictMath.pow(ratio, 1.0 / points.factors());
    IntPredicate inside =
        row ->
            IntStream.range(0, points.factors())
                .allMatch(f -> points.axis(f).contains(points.coordinate(row, f), side));
    return Partition.of(
        IntStream.of(base.rows(Subset.TRAIN)).filter(inside).toArray(),
        IntStream.of(base.rows(Subset.TEST)).filter(inside).toArray());
  }

  private Partition where(IntPredicate trains) {
    return Partition.of(
        IntStream.range(0, size).filter(trains).toArray(),
        IntStream.range(0, size).filter(trains.negate()).toArray());
  }

  private int trainRows(double ratio) {
    return (int) (ratio * size);
  }

  private int testRows(double ratio) {
    return (int) ((1 - ratio) * size);
  }

  /** Whether the generator accepts the ratio: both truncated sizes must add up to all rows. */
  private boolean drawable(double ratio) {
    return trainRows(ratio) + testRows(ratio) == size;
  }

  private String refusal(double ratio) {
    return ("cv ratio: got %s; expected one that divides %d rows into whole numbers: the published"
            + " generator truncates to %d training and %d test rows, which leaves %d rows over,"
            + " and refuses; similar ratios that work: %s")
        .formatted(
            ratio,
            size,
            trainRows(ratio),
            testRows(ratio),
            size - trainRows(ratio) - testRows(ratio),
            near(ratio).stream().map(String::valueOf).collect(Collectors.joining(", ")));
  }

  /** The nearest possible multiples of 0.025 on both sides and the nearest one of 1/1024. */
  private Set<Double> near(double ratio) {
    TreeSet<Double> found = new TreeSet<>();
    IntStream.rangeClosed(1, 39)
        .map(i -> 40 - i)
        .mapToDouble(i -> i / 40.0)
        .filter(r -> r < ratio && drawable(r))
        .limit(1)
        .forEach(found::add);
    IntStream.rangeClosed(1, 39)
        .mapToDouble(i -> i / 40.0)
        .filter(r -> r > ratio && drawable(r))
        .limit(1)
        .forEach(found::add);
    double closest = Math.clamp(Math.rint(ratio * 1024), 1, 1023) / 1024;
    found.add(closest);
    return found;
  }
}
