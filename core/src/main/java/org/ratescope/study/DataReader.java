package org.ratescope.study;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
import org.ratescope.spec.data.DataSpec.Tetrominoes;
import org.ratescope.spec.text.EnumText;
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

  private static DataSpec named(Group group) throws StudyFileException {
    boolean described = group.entries().containsKey("size");
    ValueParser<String> sets =
        described
            ? ValueParser.parsed("the name of a set of your catalogue", DataReader::catalogueName)
            : ValueParser.name(SETS).hint("; a set of your catalogue needs size and colour");
    String name = sets.one(group.required("set", sets.sentence()));
    return name.equals("tetrominoes")
        ? tetrominoes(group.asGroup(keys("set", "preset", "shape", "resolution")))
        : ofCatalogue(group, name);
  }

  private static String catalogueName(String name) {
    if (!SETS.contains(name)) {
      CatalogueImages.requireName(name);
    }
    return name;
  }

  /** The settings of a set, which the text form reads; an error names the key that is wrong. */
  private static DataSpec ofCatalogue(Group open, String name) throws StudyFileException {
    List<String> settings = CatalogueImages.keys(name);
    Group group = open.asGroup(Stream.concat(Stream.of("set"), settings.stream()).toList());
    List<String> given = new ArrayList<>();
    for (String key : settings) {
      ValueParser<String> values =
          ValueParser.parsed(allowed(name, key), value -> setting(name, key, value));
      if (group.entries().containsKey(key) || key.equals("colour")) {
        given.add(values.one(group.required(key, values.sentence())));
      }
    }
    return DataSpec.parse(given.isEmpty() ? name : name + ":" + String.join(",", given));
  }

  /** A setting of the text form, which is checked beside other settings that are allowed. */
  private static String setting(String name, String key, String value) {
    String others =
        switch (CatalogueImages.published().contains(name) ? "" : key) {
          case "size" -> ",colour=grey";
          case "colour" -> ",size=1";
          case "view" -> ",size=1,colour=grey";
          default -> "";
        };
    String setting = key + "=" + value;
    DataSpec unused = DataSpec.parse(name + ":" + setting + others);
    return setting;
  }

  private static String allowed(String name, String key) {
    return switch (key) {
      case "size" -> CustomImages.SIZE;
      case "colour" -> String.join(", ", EnumText.all(CustomImages.Colour.class));
      case "view" -> "a whole number of at least 0";
      default -> CatalogueImages.values(name, key);
    };
  }

  private static List<String> keys(String... keys) {
    return List.of(keys);
  }

  private static Tetrominoes tetrominoes(Group group) throws StudyFileException {
    Tetrominoes published = Tetrominoes.published();
    return new Tetrominoes(
        group.one(
            "preset",
            ValueParser.words(Stream.of(Preset.values()).map(Preset::text).toList(), Preset::parse),
            published.preset()),
        group.one(
            "shape",
            ValueParser.words(Stream.of(Shape.values()).map(Shape::name).toList(), Shape::parse),
            published.shape()),
        group.one(
            "resolution",
            resolution(
                "32, 16, 8, 4",
                r -> new Tetrominoes(published.preset(), published.shape(), r).resolution()),
            published.resolution()));
  }

  private static ValueParser<Integer> resolution(
      String sentence, Function<Integer, Integer> check) {
    return ValueParser.parsed(sentence, text -> check.apply(Integer.parseInt(text)));
  }

  private static CustomImages own(Group open, Kind kind) throws StudyFileException {
    List<String> keys = new ArrayList<>(keys(kind.text(), "name", "size", "colour", "fit"));
    keys.addAll(kind == Kind.IMAGES ? List.of() : keys("key", "labels", "layout", "white"));
    Group group = open.asGroup(keys);
    ValueParser<Path> paths =
        ValueParser.parsed("a path, from the study file's folder", DataReader::path);
    Path file = paths.one(group.required(kind.text(), paths.sentence()));
    ValueParser<int[]> sizes = ValueParser.parsed(CustomImages.SIZE, CustomImages::size);
    int[] size = sizes.one(group.required("size", sizes.sentence()));
    ValueParser<CustomImages.Colour> colours =
        ValueParser.words(EnumText.all(CustomImages.Colour.class), CustomImages.Colour::parse);
    CustomImages own =
        new CustomImages(
            kind,
            group.one(
                "name",
                ValueParser.matching(CustomImages.NAME, Pattern.compile("[A-Za-z0-9_-]{1,64}")),
                CustomImages.nameOf(file)),
            size[0],
            size[1],
            colours.one(group.required("colour", colours.sentence())),
            group.one(
                "fit",
                ValueParser.words(EnumText.all(CustomImages.Fit.class), CustomImages.Fit::parse),
                CustomImages.Fit.SAME),
            contents(group, kind),
            Optional.of(file));
    return beside(group.place(), own);
  }

  private static Contents contents(Group group, Kind kind) throws StudyFileException {
    ValueParser<String> entry =
        ValueParser.matching(CustomImages.KEY, Pattern.compile("(?s).{1,1024}"));
    if (kind == Kind.HDF5) {
      entry.one(group.required("key", entry.sentence()));
    }
    ValueParser<CustomImages.Layout> layouts =
        ValueParser.words(EnumText.all(CustomImages.Layout.class), CustomImages.Layout::parse);
    return new Contents(
        group.one("key", entry.map(Optional::of), Optional.empty()),
        group.one("labels", entry.map(Optional::of), Optional.empty()),
        group.one("layout", layouts.map(Optional::of), Optional.empty()),
        group.whole("white", 1, Contents.FULL, Contents.FULL));
  }

  private static Path path(String text) {
    if (text.isBlank()) {
      throw new InvalidPathException(text, "empty");
    }
    return Path.of(text);
  }

  /** The same images, with a relative path resolved against the folder of the study file. */
  private static CustomImages beside(SourceLocation place, CustomImages own) {
    return new CustomImages(
        own.kind(),
        own.name(),
        own.height(),
        own.width(),
        own.colour(),
        own.fit(),
        own.contents(),
        own.file().map(place::resolve));
  }
}
