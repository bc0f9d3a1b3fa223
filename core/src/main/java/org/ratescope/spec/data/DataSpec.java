package org.ratescope.spec.data;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.ratescope.spec.text.DataSpecText;
import org.ratescope.spec.text.EnumText;
import org.ratescope.spec.text.Wording;

/**
 * Which images a study is about, as a pure value. Equal values mean equal bytes, once the files
 * they are read from are the same: a results folder keeps the images' hash and refuses others.
 */
public sealed interface DataSpec permits DataSpec.Tetrominoes, CatalogueImages, CustomImages {

  /** The short name, as in a study file and on the command line: {@code tetrominoes}. */
  String name();

  /** What people call it, with the images' size: {@code Tetrominoes (32×32)}. */
  default String displayName() {
    return "%s (%s×%s)".formatted(TITLES.getOrDefault(name(), name()), height(), width());
  }

  /** The names of the paper's data sets, and of others of the catalogue, in titles. */
  Map<String, String> TITLES =
      Map.of(
          "tetrominoes", "Tetrominoes",
          "mnist", "MNIST",
          "fashion-mnist", "Fashion-MNIST",
          "smallnorb", "SmallNORB",
          "3dshapes", "3dShapes",
          "hangul", "Hangul");

  /** The canonical text form: name and every setting, in a fixed order; no path. */
  String text();

  /**
   * The paper's β for a β of 1 on these images: the distortion range of the paper's 32×32
   * Tetrominoes divided by that of these images, where they are Tetrominoes of another resolution;
   * 1 for all others. The distortion range is the distortion of the best constant image minus the
   * entropy floor of real-valued pixels, in nats.
   */
  default double betaScale() {
    return 1;
  }

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

  /** The names of the built-in data sets. */
  static List<String> names() {
    return Stream.concat(Stream.of("tetrominoes"), CatalogueImages.published().stream()).toList();
  }

  /** What {@link #parse} accepts, in short, for error messages. */
  static String allowed() {
    return String.join(", ", names())
        + ", a set of your catalogue, or your own images (images:FOLDER, array:FILE, hdf5:FILE,"
        + " each with ,size=PIXELS,colour=grey|rgb); docs/data.md shows all forms";
  }

  /**
   * Reads a name with optional settings, in any order: {@code tetrominoes:shape=J,resolution=16}.
   * Settings left out have the values of docs/data.md. Inverts {@link #text}; images of one's own
   * may also name their file, {@code images:photos/,size=32,colour=grey}.
   *
   * @throws IllegalArgumentException naming what came and what is allowed
   */
  static DataSpec parse(String text) {
    DataSpecText parts = DataSpecText.of(text);
    return switch (parts.name()) {
      case "tetrominoes" -> parts.read(Tetrominoes::of, Tetrominoes.ALLOWED);
      case "images", "array", "hdf5" -> parts.read(CustomImages::of, CustomImages.ALLOWED);
      default -> {
        if (text.equals(parts.name()) && !CatalogueImages.published().contains(text)) {
          throw new IllegalArgumentException(
              Wording.unexpected(text, allowed()) + Wording.didYouMean(text, names()));
        }
        yield parts.read(CatalogueImages::of, CatalogueImages.allowed(parts.name()));
      }
    };
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

    static final String ALLOWED =
        "tetrominoes, or tetrominoes: followed by preset=published|paper-text, shape=J|L|I|T|Z|S|O,"
            + " resolution=32|16|8|4 in any selection, for example tetrominoes:resolution=16";

    public Tetrominoes {
      if (!(resolution == 32 || resolution == 16 || resolution == 8 || resolution == 4)) {
        throw new IllegalArgumentException("resolution must be 32, 16, 8 or 4, got " + resolution);
      }
    }

    static Tetrominoes of(DataSpecText text) {
      return new Tetrominoes(
          text.one("preset", Preset::parse, Preset.PUBLISHED),
          text.one("shape", Shape::parse, Shape.J),
          text.one("resolution", Integer::parseInt, FULL_RESOLUTION));
    }

    /**
     * Σ_p [h(mean of pixel p) − mean of h(pixel p)] over all images of the published J, with h(x) =
     * −x ln x − (1 − x) ln(1 − x).
     */
    static double distortionRange(int resolution) {
      return switch (resolution) {
        case 32 -> 252.6892;
        case 16 -> 57.6934;
        case 8 -> 12.0609;
        default -> 2.2819;
      };
    }

    @Override
    public double betaScale() {
      return distortionRange(FULL_RESOLUTION) / distortionRange(resolution);
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
      return "tetrominoes:preset=%s,shape=%s,resolution=%s"
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
      return EnumText.of(this);
    }

    /** Reads {@link #text}. */
    public static Preset parse(String text) {
      return EnumText.parse(Preset.class, text);
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
              () -> new IllegalArgumentException(Wording.unexpected(text, "J, L, I, T, Z, S, O")));
    }
  }
}
