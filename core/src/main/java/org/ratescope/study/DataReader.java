package org.ratescope.study;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ratescope.study.DataSpec.Preset;
import org.ratescope.study.DataSpec.Shape;
import org.ratescope.study.DataSpec.Tetrominoes;
import org.ratescope.study.OwnImages.Contents;
import org.ratescope.study.OwnImages.Kind;
import org.ratescope.study.Setting.Group;

/**
 * The key {@code data} of a study file: a text, or a group that names a set or the user's files.
 */
final class DataReader {
  private static final List<String> SETS =
      List.of("tetrominoes", "mnist", "fashion-mnist", "smallnorb", "3dshapes");

  private static final String WHICH = "a group with one of the keys set, images, array, hdf5";

  private DataReader() {}

  static DataSpec read(Setting setting) throws StudyFileException {
    if (setting instanceof Setting.Scalar) {
      DataSpec spec = Allowed.parsed(DataSpec.ALLOWED, DataSpec::parse).one(setting);
      return spec instanceof OwnImages own ? beside(setting.place(), own) : spec;
    }
    if (!(setting instanceof Group group)) {
      throw setting.place().error(setting.came(), DataSpec.ALLOWED);
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
        : own(group, Words.parse(Kind.class, which.getFirst()));
  }

  private static DataSpec named(Group group) throws StudyFileException {
    Allowed<String> set = Allowed.name(SETS);
    String name = set.one(group.required("set", set.sentence()));
    return switch (name) {
      case "tetrominoes" ->
          tetrominoes(group.asGroup(keys("set", "preset", "shape", "resolution")));
      case "smallnorb" -> smallNorb(group.asGroup(keys("set", "camera", "resolution")));
      case "3dshapes" -> shapes3d(group.asGroup(keys("set", "resolution")));
      default -> {
        group.asGroup(keys("set"));
        yield DataSpec.parse(name);
      }
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
            Allowed.words(Stream.of(Preset.values()).map(Preset::text).toList(), Preset::parse),
            published.preset()),
        group.one(
            "shape",
            Allowed.words(Stream.of(Shape.values()).map(Shape::name).toList(), Shape::parse),
            published.shape()),
        group.one(
            "resolution",
            resolution(
                "32, 16, 8, 4",
                r -> new Tetrominoes(published.preset(), published.shape(), r).resolution()),
            published.resolution()));
  }

  private static SmallNorb smallNorb(Group group) throws StudyFileException {
    SmallNorb standard = SmallNorb.standard();
    return new SmallNorb(
        group.one(
            "camera", Allowed.parsed("0, 1, both", SmallNorb.Camera::parse), standard.camera()),
        group.one(
            "resolution",
            resolution("96, 64, 32", r -> new SmallNorb(standard.camera(), r).resolution()),
            standard.resolution()));
  }

  private static Shapes3d shapes3d(Group group) throws StudyFileException {
    return new Shapes3d(
        group.one(
            "resolution",
            resolution("64, 32, 16", r -> new Shapes3d(r).resolution()),
            Shapes3d.FULL_RESOLUTION));
  }

  private static Allowed<Integer> resolution(String sentence, Function<Integer, Integer> check) {
    return Allowed.parsed(sentence, text -> check.apply(Integer.parseInt(text)));
  }

  private static OwnImages own(Group open, Kind kind) throws StudyFileException {
    List<String> keys = new ArrayList<>(keys(kind.text(), "name", "size", "colour", "fit"));
    keys.addAll(kind == Kind.IMAGES ? List.of() : keys("key", "labels", "layout", "white"));
    Group group = open.asGroup(keys);
    Allowed<Path> paths = Allowed.parsed("a path, from the study file's folder", DataReader::path);
    Path file = paths.one(group.required(kind.text(), paths.sentence()));
    Allowed<int[]> sizes = Allowed.parsed(OwnImages.SIZE, OwnImages::size);
    int[] size = sizes.one(group.required("size", sizes.sentence()));
    Allowed<OwnImages.Colour> colours =
        Allowed.words(Words.all(OwnImages.Colour.class), OwnImages.Colour::parse);
    OwnImages own =
        new OwnImages(
            kind,
            group.one(
                "name",
                Allowed.matching(OwnImages.NAME, Pattern.compile("[A-Za-z0-9_-]{1,64}")),
                OwnImages.nameOf(file)),
            size[0],
            size[1],
            colours.one(group.required("colour", colours.sentence())),
            group.one(
                "fit",
                Allowed.words(Words.all(OwnImages.Fit.class), OwnImages.Fit::parse),
                OwnImages.Fit.SAME),
            contents(group, kind),
            Optional.of(file));
    return beside(group.place(), own);
  }

  private static Contents contents(Group group, Kind kind) throws StudyFileException {
    Allowed<String> entry = Allowed.matching(OwnImages.KEY, Pattern.compile("(?s).{1,1024}"));
    if (kind == Kind.HDF5) {
      entry.one(group.required("key", entry.sentence()));
    }
    Allowed<OwnImages.Layout> layouts =
        Allowed.words(Words.all(OwnImages.Layout.class), OwnImages.Layout::parse);
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

  /** The same images, with a relative path taken from the study file's folder. */
  private static OwnImages beside(Place place, OwnImages own) {
    return new OwnImages(
        own.kind(),
        own.name(),
        own.height(),
        own.width(),
        own.colour(),
        own.fit(),
        own.contents(),
        own.file().map(file -> Path.of(place.file()).resolveSibling(file)));
  }
}
