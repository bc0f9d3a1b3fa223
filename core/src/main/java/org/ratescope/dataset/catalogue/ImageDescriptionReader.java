package org.ratescope.dataset.catalogue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.ratescope.dataset.catalogue.ImageDescription.ArrayName;
import org.ratescope.dataset.catalogue.ImageDescription.Form;
import org.ratescope.dataset.catalogue.ImageDescription.Part;
import org.ratescope.spec.data.CustomImages;
import org.ratescope.spec.data.CustomImages.Colour;
import org.ratescope.spec.data.CustomImages.Layout;
import org.ratescope.spec.text.EnumText;
import org.ratescope.yaml.StudyFileException;
import org.ratescope.yaml.ValueParser;
import org.ratescope.yaml.YamlNode;
import org.ratescope.yaml.YamlNode.Group;

/** The YAML form of the key {@code images} of a set in a catalogue. */
final class ImageDescriptionReader {
  private static final List<String> KEYS =
      List.of(
          "form",
          "size",
          "colour",
          "layout",
          "type",
          "white",
          "resolutions",
          "view",
          "views",
          "factors",
          "classes",
          "official",
          "blank",
          "parts");

  private static final ValueParser<Form> FORM = words(Form.class);
  private static final ValueParser<Colour> COLOUR = words(Colour.class);
  private static final ValueParser<Layout> LAYOUT = words(Layout.class);
  private static final ValueParser<String> TYPE =
      ValueParser.words(List.of("uint8", "bool", "float16", "float32", "float64"), type -> type);
  private static final ValueParser<int[]> SIZE =
      ValueParser.parsed(CustomImages.SIZE, CustomImages::size);
  private static final ValueParser<String> FACTOR =
      ValueParser.matching(
          "a name of 1 to 64 letters, digits, '-' and '_'", Pattern.compile("[A-Za-z0-9_-]{1,64}"));
  private static final ValueParser<String> KEY =
      ValueParser.matching(CustomImages.KEY, Pattern.compile("(?s).{1,1024}"));
  private static final ValueParser<Double> SHARE =
      ValueParser.parsed("a number from 0 to 1", ImageDescriptionReader::share);

  private final Form form;
  private final ValueParser<String> files;

  private ImageDescriptionReader(Form form, ValueParser<String> files) {
    this.form = form;
    this.files = files;
  }

  private static <E extends Enum<E>> ValueParser<E> words(Class<E> set) {
    return ValueParser.words(EnumText.all(set), word -> EnumText.parse(set, word));
  }

  private static double share(String text) {
    double share = Double.parseDouble(text);
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException(text);
    }
    return share;
  }

  /**
   * Reads a description.
   *
   * @param files the names of the set's files
   */
  static ImageDescription read(YamlNode node, List<String> files) throws StudyFileException {
    Group group = node.asGroup(KEYS);
    Form form = FORM.one(group.required("form", FORM.sentence()));
    int[] size = SIZE.one(group.required("size", SIZE.sentence()));
    Colour colour = COLOUR.one(group.required("colour", COLOUR.sentence()));
    List<Part> parts =
        new ImageDescriptionReader(form, ValueParser.words(files, file -> file)).parts(group);
    return new ImageDescription(
        form,
        size[0],
        size[1],
        colour,
        group.one("layout", LAYOUT, colour == Colour.GREY ? Layout.NHW : Layout.NHWC),
        group.one("type", TYPE, "uint8"),
        group.whole("white", 1, CustomImages.Contents.FULL, CustomImages.Contents.FULL),
        group.list("resolutions", ValueParser.whole(1, size[0]).map(Math::toIntExact), List.of()),
        group.whole("views", 1, 64, 1),
        group.one("view", FACTOR, "view"),
        group.list("factors", FACTOR, List.of()),
        group.whole("classes", 1, Integer.MAX_VALUE, 0),
        group.whole("official", 1, Integer.MAX_VALUE, 0),
        group.one("blank", SHARE, 0.0),
        parts);
  }

  private List<Part> parts(Group group) throws StudyFileException {
    List<Part> parts = new ArrayList<>();
    for (YamlNode node : group.required("parts", "a mapping of the keys images, labels").asList()) {
      Group part = node.asGroup(List.of("images", "labels"));
      List<ArrayName> labels = new ArrayList<>();
      if (part.entries().containsKey("labels")) {
        for (YamlNode table : part.required("labels", "").asList()) {
          labels.add(array(table));
        }
      }
      parts.add(new Part(array(part.required("images", "the array of the images")), labels));
    }
    return parts;
  }

  private ArrayName array(YamlNode node) throws StudyFileException {
    if (!form.hasKeys()) {
      return new ArrayName(files.one(node), Optional.empty());
    }
    Group group = node.asGroup(List.of("file", "key"));
    return new ArrayName(
        files.one(group.required("file", files.sentence())),
        Optional.of(KEY.one(group.required("key", KEY.sentence()))));
  }
}
