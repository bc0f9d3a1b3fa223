package org.ratescope.spec.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ratescope.spec.data.CustomImages.Colour;
import org.ratescope.spec.text.Checks;
import org.ratescope.spec.text.DataSpecText;
import org.ratescope.spec.text.EnumText;
import org.ratescope.spec.text.Wording;

/**
 * The images of a data set that a catalogue describes: MNIST, Fashion-MNIST, SmallNORB, 3dShapes,
 * or one of the user's ({@code datasets.yaml}, see docs/extending.md). Its rows are the described
 * files' images in their order. A set of the user's states size and colour, so that the value is
 * known without the catalogue; the four sets of the paper have texts of their own.
 *
 * @param name the set's name in the catalogue
 * @param height rows of an image: those of the files, or fewer by exact area reduction
 * @param width columns of an image
 * @param colour grey or colour
 * @param view which of several pictures of a thing is used, such as a camera; absent for all, each
 *     as an image
 */
public record CatalogueImages(
    String name, int height, int width, Colour colour, Optional<Integer> view) implements DataSpec {
  private static final String BOTH = "both";
  private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

  /** Names of sets that no catalogue can describe. */
  private static final List<String> RESERVED = List.of("tetrominoes", "images", "array", "hdf5");

  /** Which names are allowed, for error messages. */
  public static final String NAMES =
      "a name of up to 64 lower-case letters, digits and '-' other than "
          + String.join(", ", RESERVED);

  private static final Map<String, Published> PUBLISHED = new LinkedHashMap<>();

  static {
    PUBLISHED.put("mnist", new Published(28, Colour.GREY, false, List.of()));
    PUBLISHED.put("fashion-mnist", new Published(28, Colour.GREY, false, List.of()));
    PUBLISHED.put("smallnorb", new Published(64, Colour.GREY, true, List.of(96, 64, 32)));
    PUBLISHED.put("3dshapes", new Published(64, Colour.RGB, false, List.of(64, 32, 16)));
  }

  private static final String ALLOWED_OTHERS =
      "a set of your catalogue: NAME:size=PIXELS|HEIGHTxWIDTH,colour=grey|rgb and, if need be,"
          + " view=NUMBER";

  /**
   * The settings of a set of the paper.
   *
   * @param side rows and columns where no resolution is given
   * @param colour grey or colour
   * @param cameras whether the setting "camera" selects one of two pictures
   * @param resolutions values of the setting "resolution"; empty where it is no setting
   */
  private record Published(int side, Colour colour, boolean cameras, List<Integer> resolutions) {
    List<String> settings() {
      List<String> settings = new ArrayList<>();
      if (cameras) {
        settings.add("camera=0|1|both");
      }
      if (!resolutions.isEmpty()) {
        settings.add(
            "resolution="
                + resolutions.stream().map(String::valueOf).collect(Collectors.joining("|")));
      }
      return settings;
    }

    String allowed(String name) {
      List<String> settings = settings();
      return switch (settings.size()) {
        case 0 -> name;
        case 1 -> "%s, or %s:%s".formatted(name, name, settings.getFirst());
        default ->
            "%s, or %s: followed by %s in any selection"
                .formatted(name, name, String.join(", ", settings));
      };
    }
  }

  public CatalogueImages {
    requireName(name);
    Checks.within("height", height, 1, CustomImages.MAX_SIDE);
    Checks.within("width", width, 1, CustomImages.MAX_SIDE);
    view.ifPresent(number -> Checks.within("view", number, 0, CustomImages.MAX_SIDE));
  }

  /**
   * Checks that a catalogue can describe a set of that name.
   *
   * @throws IllegalArgumentException saying which names are allowed
   */
  public static void requireName(String name) {
    if (!FORM.matcher(name).matches() || RESERVED.contains(name)) {
      throw new IllegalArgumentException(Wording.unexpected(name, NAMES));
    }
  }

  /** What the text form of a set can be, for error messages. */
  static String allowed(String name) {
    Published published = PUBLISHED.get(name);
    return published == null ? ALLOWED_OTHERS : published.allowed(name);
  }

  /** The names of the sets of the paper. */
  public static List<String> published() {
    return List.copyOf(PUBLISHED.keySet());
  }

  /** The settings of a set, as keys of a study file. */
  public static List<String> keys(String name) {
    Published published = PUBLISHED.get(name);
    return published == null
        ? List.of("size", "colour", "view")
        : published.settings().stream().map(s -> s.substring(0, s.indexOf('='))).toList();
  }

  /** The allowed values of a setting of a set of the paper. */
  public static String values(String name, String key) {
    Published published = PUBLISHED.get(name);
    return published == null
        ? ""
        : published.settings().stream()
            .filter(s -> s.startsWith(key + "="))
            .map(s -> s.substring(key.length() + 1).replace("|", ", "))
            .collect(Collectors.joining());
  }

  static CatalogueImages of(DataSpecText text) {
    Published published = PUBLISHED.get(text.name());
    if (published == null) {
      int[] size = text.required("size", CustomImages::size);
      return new CatalogueImages(
          text.name(),
          size[0],
          size[1],
          text.required("colour", Colour::parse),
          text.optional("view").map(Integer::valueOf));
    }
    int side = published.side;
    if (!published.resolutions.isEmpty()) {
      side = text.one("resolution", Integer::parseInt, side);
      if (!published.resolutions.contains(side)) {
        throw new IllegalArgumentException("resolution " + side);
      }
    }
    Optional<Integer> view =
        published.cameras
            ? text.one("camera", CatalogueImages::camera, Optional.of(0))
            : Optional.empty();
    return new CatalogueImages(text.name(), side, side, published.colour, view);
  }

  private static Optional<Integer> camera(String text) {
    return switch (text) {
      case "0" -> Optional.of(0);
      case "1" -> Optional.of(1);
      case BOTH -> Optional.empty();
      default -> throw new IllegalArgumentException("camera " + text);
    };
  }

  @Override
  public String text() {
    Published published = PUBLISHED.get(name);
    Optional<String> camera = view.map(String::valueOf);
    String size = height == width ? "" + height : height + "x" + width;
    List<String> settings =
        published == null
            ? Stream.concat(
                    Stream.of("size=" + size, "colour=" + EnumText.of(colour)),
                    camera.map(c -> "view=" + c).stream())
                .toList()
            : Stream.concat(
                    published.cameras ? Stream.of("camera=" + camera.orElse(BOTH)) : Stream.of(),
                    published.resolutions.isEmpty()
                        ? Stream.of()
                        : Stream.of("resolution=" + height))
                .toList();
    return settings.isEmpty() ? name : name + ":" + String.join(",", settings);
  }

  @Override
  public int channels() {
    return colour.channels();
  }
}
