package org.ratescope.spec.data;

import org.ratescope.spec.text.DataSpecText;

/**
 * 3dShapes (Burgess and Kim 2018): 480,000 colour pictures of a shape in a room, one for each
 * combination of six factors.
 *
 * @param resolution rows and columns: 64 as published, or 32, 16 by exact area reduction
 */
public record Shapes3d(int resolution) implements DataSpec {
  /** Rows and columns of the published pictures. */
  public static final int FULL_RESOLUTION = 64;

  static final String ALLOWED = "3dshapes, or 3dshapes:resolution=64|32|16";

  public Shapes3d {
    if (!(resolution == 64 || resolution == 32 || resolution == 16)) {
      throw new IllegalArgumentException("resolution must be 64, 32 or 16, got " + resolution);
    }
  }

  static Shapes3d of(DataSpecText text) {
    return new Shapes3d(text.one("resolution", Integer::parseInt, FULL_RESOLUTION));
  }

  @Override
  public String name() {
    return "3dshapes";
  }

  @Override
  public String text() {
    return "3dshapes:resolution=" + resolution;
  }

  @Override
  public int channels() {
    return 3;
  }

  @Override
  public int height() {
    return resolution;
  }

  @Override
  public int width() {
    return resolution;
  }
}
