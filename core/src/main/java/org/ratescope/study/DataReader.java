package org.ratescope.study;

import static java.util.stream.Collectors.joining;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ratescope.spec.data.CatalogueImages;
import org.ratescope.spec.data.CustomImages;
import org.ratescope.spec.data.CustomImages.Contents;
import org.ratescope.spec.data.CustomImages.Kind;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.spec.data.DataSpec.Preset;
import org.ratescope.spec.data.DataSpec.Shape;
import org.ratescope.spec.text.EnumText;
import org.ratescope.spec.text.Quoted;
import org.ratescope.yaml.SourceLocation;
import org.ratescope.yaml.StudyFileException;
import org.ratescope.yaml.ValueParser;
import org.ratescope.yaml.YamlNode;
import org.ratescope.yaml.YamlNode.Group;

/**
 * Parses the key {@code data} of a study file: a text, or a mapping that names a set or the user's
 * files.
 */
final class DataReader {
  private static final List<String> SETS = DataSpec.names();

  private static final String WHICH = "a mapping with one of the keys set, images, array, hdf5";

  private static final Map<String, ValueParser<String>> TETROMINOES = new LinkedHashMap<>();

  /** The keys of a folder of images, and those that arrays and HDF5 files have besides. */
  private static final Map<String, ValueParser<String>> IMAGES = new LinkedHashMap<>();

  private static final Map<String, ValueParser<String>> ARRAYS = new LinkedHashMap<>();

  static {
    TETROMINOES.put("preset", words(Preset.class));
    TETROMINOES.put(
        "shape", ValueParser.words(Stream.of(Shape.values()).map(Shape::name).toList(), s -> s));
    TETROMINOES.put(
        "resolution",
        checked("32, 16, 8, 4", pixels -> DataSpec.parse("tetrominoes:resolution=" + pixels)));
    IMAGES.put(
        "name", ValueParser.matching(CustomImages.NAME, Pattern.compile("[A-Za-z0-9_-]{1,64}")));
    IMAGES.put("size", checked(CustomImages.SIZE, CustomImages::size));
    IMAGES.put("colour", words(CustomImages.Colour.class));
    IMAGES.put("fit", words(CustomImages.Fit.class));
    ValueParser<String> entry =
        ValueParser.matching(CustomImages.KEY, Pattern.compile("(?s).{1,1024}")).map(Quoted::text);
    ARRAYS.put("key", entry);
    ARRAYS.put("labels", entry);
    ARRAYS.put("layout", words(CustomImages.Layout.class));
    ARRAYS.put("white", ValueParser.whole(1, Contents.FULL).map(String::valueOf));
  }

  private static final Set<String> REQUIRED = Set.of("size", "colour");

  private DataReader() {}

  static DataSpec read(YamlNode setting) throws StudyFileException {
    if (setting instanceof YamlNode.Scalar scalar) {
      DataSpec spec = parsed(scalar);
      return spec instanceof CustomImages own ? beside(setting.place(), own) : spec;
    }
    if (!(setting instanceof Group group)) {
      throw setting.place().error(setting.came(), DataSpec.allowed());
    }
    List<String> which =
        Stream.of("set", "images", "array", "hdf5").filter(group.entries()::containsKey).toList();
    if (which.size() != 1) {
      throw group
          .place()
          .problem(
              which.isEmpty() ? "no data set" : "got both " + String.join(" and ", which), WHICH);
    }
    return which.getFirst().equals("set")
        ? named(group)
        : own(group, EnumText.parse(Kind.class, which.getFirst()));
  }

  private static DataSpec parsed(YamlNode.Scalar scalar) throws StudyFileException {
    try {
      return DataSpec.parse(scalar.text());
    } catch (IllegalArgumentException e) {
      throw scalar.place().refused(e);
    }
  }

  private static DataSpec named(Group open) throws StudyFileException {
    boolean described = open.entries().containsKey("size");
    ValueParser<String> sets =
        described
            ? ValueParser.parsed("the name of a set of your catalogue", DataReader::catalogueName)
            : ValueParser.name(SETS).hint("; a set of your catalogue needs size and colour");
    String name = sets.one(open.required("set", sets.sentence()));
    Map<String, ValueParser<String>> keys =
        name.equals("tetrominoes") ? TETROMINOES : ofCatalogue(name);
    String settings = settings(open, "set", keys, REQUIRED);
    return DataSpec.parse(settings.isEmpty() ? name : name + ":" + settings);
  }

  private static String catalogueName(String name) {
    if (!SETS.contains(name)) {
      CatalogueImages.requireName(name);
    }
    return name;
  }

  private static CustomImages own(Group open, Kind kind) throws StudyFileException {
    ValueParser<Path> paths =
        ValueParser.parsed("a path, from the study file's folder", DataReader::path);
    Path file = paths.one(open.required(kind.text(), paths.sentence()));
    Map<String, ValueParser<String>> keys = new LinkedHashMap<>(IMAGES);
    keys.putAll(kind == Kind.IMAGES ? Map.of() : ARRAYS);
    String settings =
        settings(
            open,
            kind.text(),
            keys,
            kind == Kind.HDF5 ? Set.of("size", "colour", "key") : REQUIRED);
    String name = open.entries().containsKey("name") ? "" : "name=" + CustomImages.nameOf(file);
    String text = "%s:%s".formatted(kind.text(), joined(List.of(settings, name)));
    return beside(open.place(), ((CustomImages) DataSpec.parse(text)).at(file));
  }

  private static Path path(String text) {
    if (text.isBlank()) {
      throw new InvalidPathException(text, "empty");
    }
    return Path.of(text);
  }

  /**
   * The settings of a mapping in the text form of a data set, which {@link DataSpec} reads; an
   * error names the key that is wrong.
   *
   * @param head the key that is no setting
   * @param keys the allowed values of each key, which give the text of the value
   * @param required those that must be there, if they are keys
   */
  private static String settings(
      Group open, String head, Map<String, ValueParser<String>> keys, Set<String> required)
      throws StudyFileException {
    Group group = open.asGroup(Stream.concat(Stream.of(head), keys.keySet().stream()).toList());
    List<String> given = new ArrayList<>();
    for (Map.Entry<String, ValueParser<String>> entry : keys.entrySet()) {
      String key = entry.getKey();
      ValueParser<String> values = entry.getValue();
      if (group.entries().containsKey(key) || required.contains(key)) {
        given.add(key + "=" + values.one(group.required(key, values.sentence())));
      }
    }
    return joined(given);
  }

  private static String joined(List<String> settings) {
    return settings.stream().filter(setting -> !setting.isEmpty()).collect(joining(","));
  }

  /** Texts that {@code check} accepts. */
  private static ValueParser<String> checked(String sentence, Function<String, ?> check) {
    return ValueParser.parsed(
        sentence,
        text -> {
          Object unused = check.apply(text);
          return text;
        });
  }

  private static ValueParser<String> words(Class<? extends Enum<?>> set) {
    List<String> words = Stream.of(set.getEnumConstants()).map(EnumText::of).toList();
    return ValueParser.words(words, word -> word);
  }

  /** The keys of a set of a catalogue; the text form checks each beside others that are allowed. */
  private static Map<String, ValueParser<String>> ofCatalogue(String name) {
    Map<String, ValueParser<String>> keys = new LinkedHashMap<>();
    for (String key : CatalogueImages.keys(name)) {
      String others =
          switch (CatalogueImages.published().contains(name) ? "" : key) {
            case "size" -> ",colour=grey";
            case "colour" -> ",size=1";
            case "view" -> ",size=1,colour=grey";
            default -> "";
          };
      keys.put(
          key,
          checked(
              allowed(name, key),
              value -> DataSpec.parse("%s:%s=%s%s".formatted(name, key, value, others))));
    }
    return keys;
  }

  private static String allowed(String name, String key) {
    return switch (key) {
      case "size" -> CustomImages.SIZE;
      case "colour" -> String.join(", ", EnumText.all(CustomImages.Colour.class));
      case "view" -> "a whole number of at least 0";
      default -> CatalogueImages.values(name, key);
    };
  }

  /** The same images, with a relative path resolved against the folder of the study file. */
  private static CustomImages beside(SourceLocation place, CustomImages own) {
    return own.file().map(file -> own.at(place.resolve(file))).orElse(own);
  }
}
