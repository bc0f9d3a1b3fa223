package org.ratescope.study;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Which images a study is about, as a pure value. Equal values mean equal bytes. */
public sealed interface DataSpec {

  /** The short name, as in a study file and on the command line: {@code tetrominoes}. */
  String name();

  /** The canonical text form: name and every setting, in a fixed order. */
  String text();

  /** Colour planes of an image. */
  int channels();

  /** Rows of an image. */
  int height();

  /** Columns of an image. */
  int width();

  /** Values of one image, {@code channels * height * width}. */
  default int dimensions() {
    return channels() * height() * width();
  }

  /** What {@link #parse} accepts, for error messages. */
  String ALLOWED =
      "tetrominoes, or tetrominoes: followed by preset=published|paper-text, shape=J|L|I|T|Z|S|O, resolution=32|16|8|4 in any"
          + " selection, for example tetrominoes:resolution=16";

  /**
   * Reads a name with optional settings, in any order: {@code tetrominoes:shape=J,resolution=16}.
   * Settings left out have the published values. Inverts {@link #text}.
   *
   * @throws IllegalArgumentException naming what came and what is allowed
   */
  static DataSpec parse(String text) {
    int colon = text.indexOf(':');
    String name = colon < 0 ? text : text.substring(0, colon);
    if (!name.equals("tetrominoes")) {
      throw new IllegalArgumentException("came '%s', allowed: %s".formatted(text, ALLOWED));
    }
    Tetrominoes spec = Tetrominoes.published();
    Preset preset = spec.preset();
    Shape shape = spec.shape();
    int resolution = spec.resolution();
    try {
      for (String setting :
          colon < 0 ? List.<String>of() : List.of(text.substring(colon + 1).split(",", -1))) {
        int equals = setting.indexOf('=');
        String value = setting.substring(equals + 1);
        switch (equals < 0 ? "" : setting.substring(0, equals)) {
          case "preset" -> preset = Preset.parse(value);
          case "shape" -> shape = Shape.parse(value);
          case "resolution" -> resolution = Integer.parseInt(value);
          default -> throw new IllegalArgumentException("unknown setting '" + setting + "'");
        }
      }
      return new Tetrominoes(preset, shape, resolution);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("came '%s', allowed: %s".formatted(text, ALLOWED), e);
    }
  }

  /**
   * The Tetrominoes of section 4.1: one coloured piece that varies in angle, hue, scale and
   * position.
   *
   * @param preset which description of the factors is followed
   * @param shape the piece
   * @param resolution rows and columns: 32 as published, or 16, 8, 4 by exact area reduction
   */
  record Tetrominoes(Preset preset, Shape shape, int resolution) implements DataSpec {
    public static final int FULL_RESOLUTION = 32;

    public Tetrominoes {
      if (!(resolution == 32 || resolution == 16 || resolution == 8 || resolution == 4)) {
        throw new IllegalArgumentException("resolution must be 32, 16, 8 or 4, came " + resolution);
      }
    }

    /** The paper's data set: published preset, J, 32 by 32. */
    public static Tetrominoes published() {
      return new Tetrominoes(Preset.PUBLISHED, Shape.J, FULL_RESOLUTION);
    }

    @Override
    public String name() {
      return "tetrominoes";
    }

    @Override
    public String text() {
      return "tetrominoes:preset=%s,shape=%s,resolution=%d"
          .formatted(preset.text(), shape, resolution);
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

  /** Where the paper's text and the authors' generator differ, which of them is followed. */
  enum Preset {
    /**
     * The authors' generator: angles up to 337.5 degrees, positions from a fixed range. Reproduces
     * Table A2.
     */
    PUBLISHED,
    /**
     * The paper's section 4.1: angles up to 360 degrees, positions from a range that keeps the
     * piece inside.
     */
    PAPER_TEXT;

    public String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Reads {@link #text}. */
    public static Preset parse(String text) {
      return Arrays.stream(values())
          .filter(p -> p.text().equals(text))
          .findFirst()
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "came '%s', allowed: %s"
                          .formatted(
                              text,
                              Arrays.stream(values())
                                  .map(Preset::text)
                                  .collect(Collectors.joining(", ")))));
    }
  }

  /** The seven pieces, in the generator's order: the ordinal is the label's shape column. */
  enum Shape {
    J,
    L,
    I,
    T,
    Z,
    S,
    O;

    /** Reads the one-letter name. */
    public static Shape parse(String text) {
      return Arrays.stream(values())
          .filter(s -> s.name().equals(text))
          .findFirst()
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "came '%s', allowed: J, L, I, T, Z, S, O".formatted(text)));
    }
  }
}
