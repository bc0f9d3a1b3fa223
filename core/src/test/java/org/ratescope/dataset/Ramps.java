package org.ratescope.dataset;

import java.util.List;
import org.ratescope.spec.Split;
import org.ratescope.spec.data.DataSpec;

/**
 * A small source that is fast to build: {@code image[i] = row + i / 64 + shift}.
 *
 * @param shift added to every value, and to the version
 * @param brokenRow a row that fails, or -1
 */
public record Ramps(int shift, int brokenRow) implements RenderedSource {
  public static final int SIZE = 20_000;

  @Override
  public DataSpec spec() {
    return DataSpec.parse("tetrominoes:resolution=4");
  }

  @Override
  public int version() {
    return 1000 + shift;
  }

  @Override
  public int size() {
    return SIZE;
  }

  @Override
  public List<String> factorNames() {
    return List.of("row");
  }

  @Override
  public double[] factors(int row) {
    return new double[] {row};
  }

  @Override
  public Partition partition(Split split) {
    return Partition.of(new int[] {0}, new int[] {1});
  }

  @Override
  public void render(int row, float[] chw) {
    if (row == brokenRow) {
      throw new IllegalStateException("row " + row);
    }
    for (int i = 0; i < chw.length; i++) {
      chw[i] = row + i / 64f + shift;
    }
  }
}
