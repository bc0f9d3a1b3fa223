package org.ratescope.spec.data;

import java.util.Arrays;
import org.ratescope.spec.text.DataSpecText;
import org.ratescope.spec.text.Wording;

/**
 * SmallNORB (LeCun, Huang and Bottou 2004): 48,600 stereo pairs of grey pictures of toys, 24,300 of
 * them for training. Rows are the training file's pairs in their order, then the test file's; with
 * both cameras each pair is two rows, camera 0 first.
 *
 * @param camera whose pictures are used
 * @param resolution rows and columns: 96 as published, or 64, 32 by exact area reduction
 */
public record SmallNorb(Camera camera, int resolution) implements DataSpec {
  /** Rows and columns of the published pictures. */
  public static final int FULL_RESOLUTION = 96;

  static final String ALLOWED =
      "smallnorb, or smallnorb: followed by camera=0|1|both, resolution=96|64|32 in any selection";

  private static final int DEFAULT_RESOLUTION = 64;

  public SmallNorb {
    if (!(resolution == 96 || resolution == 64 || resolution == 32)) {
      throw new IllegalArgumentException("resolution must be 96, 64 or 32, got " + resolution);
    }
  }

  /** Which pictures of a stereo pair are used. */
  public enum Camera {
    /** The first of each pair. */
    FIRST("0"),
    /** The second of each pair. */
    SECOND("1"),
    /** Both, as images of their own. */
    BOTH("both");

    private final String text;

    Camera(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }

    /** Reads {@link #text}. */
    public static Camera parse(String text) {
      return Arrays.stream(values())
          .filter(camera -> camera.text.equals(text))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException(Wording.unexpected(text, "0, 1, both")));
    }
  }

  /** The first camera at 64 by 64. */
  public static SmallNorb standard() {
    return new SmallNorb(Camera.FIRST, DEFAULT_RESOLUTION);
  }

  static SmallNorb of(DataSpecText text) {
    SmallNorb standard = standard();
    return new SmallNorb(
        text.one("camera", Camera::parse, standard.camera()),
        text.one("resolution", Integer::parseInt, standard.resolution()));
  }

  @Override
  public String name() {
    return "smallnorb";
  }

  @Override
  public String text() {
    return "smallnorb:camera=%s,resolution=%s".formatted(camera.text(), resolution);
  }

  @Override
  public int channels() {
    return 1;
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
