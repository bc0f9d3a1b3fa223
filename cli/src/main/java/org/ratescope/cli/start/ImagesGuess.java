package org.ratescope.cli.start;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ratescope.cli.process.Json;
import org.ratescope.cli.process.UsageException;
import org.ratescope.dataset.catalogue.ImageDescription;
import org.ratescope.dataset.catalogue.KnownSet;
import org.ratescope.dataset.picture.ImageFolder;
import org.ratescope.dataset.picture.PictureFile;
import org.ratescope.dataset.picture.Pixels;
import org.ratescope.dataset.source.ArrayImages;
import org.ratescope.dataset.source.ImageLibrary;
import org.ratescope.spec.data.CatalogueImages;
import org.ratescope.spec.data.CustomImages;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.spec.data.StoredImages;
import org.ratescope.spec.text.EnumText;
import org.ratescope.spec.text.Wording;
import org.ratescope.study.StudyFile;

/**
 * The images that a user names with one word: a folder of pictures, an array file, or the name of a
 * data set. Size and colour are read from the files.
 *
 * @param name a name for the study
 * @param about one line about the images
 * @param settings the keys of the mapping {@code data} of a study file; a path has the key {@code
 *     images}, {@code array} or {@code hdf5}
 */
record ImagesGuess(String name, String about, Map<String, String> settings) {
  /** Larger pictures are scaled to this size, for a first study of minutes. */
  private static final int SIDE = 32;

  /** Pictures up to this size keep it. */
  private static final int LARGEST_KEPT = 40;

  private static final int LOOKED_AT = 24;

  ImagesGuess {
    settings = new LinkedHashMap<>(settings);
  }

  /**
   * Finds out what a text names.
   *
   * @throws UsageException if it names nothing, with a suggestion
   * @throws IOException if the files cannot be read, naming them
   */
  static ImagesGuess of(String data, ImageLibrary library) throws IOException {
    Path path = Path.of(data);
    if (Files.isDirectory(path)) {
      return ofFolder(path);
    }
    if (data.equals("tetrominoes")) {
      return new ImagesGuess(
          data,
          "Tetrominoes: coloured pieces that vary in five factors, rendered at 16x16 pixels",
          Map.of("set", "tetrominoes", "resolution", "16"));
    }
    if (CatalogueImages.published().contains(data)) {
      return new ImagesGuess(
          data,
          DataSpec.parse(data).displayName(),
          data.equals("3dshapes") ? small(data) : set(data));
    }
    Optional<ImageDescription> described = library.catalogue().set(data).flatMap(KnownSet::images);
    if (described.isPresent()) {
      return ofCatalogue(data, described.get());
    }
    if (data.startsWith("array:") || data.startsWith("hdf5:") || data.endsWith(".npy")) {
      return ofArray(data, library);
    }
    if (Files.exists(path)) {
      throw new UsageException(
          "got \"%s\"; expected a folder of pictures, a .npy file, array:FILE.npz,key=NAME, hdf5:FILE,key=NAME, or a data set"
              .formatted(data));
    }
    List<String> names = new ArrayList<>(List.of("tetrominoes"));
    library.catalogue().sets().forEach(known -> names.add(known.name()));
    List<String> near = new ArrayList<>(names);
    near.addAll(folders(path));
    throw new UsageException(
        "%s is neither a folder or file nor a data set; expected a path, or %s%s"
            .formatted(
                Wording.quoted(data),
                String.join(", ", names),
                Wording.didYouMean(data.replaceAll("/+$", ""), near)));
  }

  /** The folders beside a path that does not exist. */
  private static List<String> folders(Path path) {
    Path parent = path.getParent();
    try (Stream<Path> entries = Files.list(parent == null ? Path.of(".") : parent)) {
      return entries
          .filter(Files::isDirectory)
          .map(entry -> parent == null ? entry.getFileName().toString() : entry.toString())
          .sorted()
          .toList();
    } catch (IOException | UncheckedIOException e) {
      return List.of();
    }
  }

  private static Map<String, String> set(String name) {
    return Map.of("set", name);
  }

  private static Map<String, String> small(String name) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("set", name);
    settings.put("resolution", "16");
    return settings;
  }

  private static ImagesGuess ofCatalogue(String name, ImageDescription images) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("set", name);
    settings.put("size", size(images.height(), images.width()));
    settings.put("colour", EnumText.of(images.colour()));
    String pixels = "images of %sx%s pixels".formatted(images.height(), images.width());
    return new ImagesGuess(name, pixels, settings);
  }

  private static ImagesGuess ofFolder(Path folder) throws IOException {
    ImageFolder pictures = ImageFolder.list(folder);
    List<Path> files = pictures.files();
    List<int[]> sizes = new ArrayList<>();
    boolean grey = true;
    int step = Math.max(1, files.size() / LOOKED_AT);
    for (int i = 0; i < files.size(); i += step) {
      sizes.add(PictureFile.size(files.get(i)));
      grey &= isGrey(PictureFile.decode(files.get(i)));
    }
    int[] first = sizes.getFirst();
    boolean equal = sizes.stream().allMatch(size -> Arrays.equals(size, first));
    boolean kept = equal && Math.max(first[0], first[1]) <= LARGEST_KEPT;
    boolean square = sizes.stream().allMatch(size -> size[0] == size[1]);
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("images", folder.toString());
    settings.put("size", kept ? size(first[0], first[1]) : "" + SIDE);
    settings.put("colour", grey ? "grey" : "rgb");
    if (!kept && !(equal && square)) {
      settings.put("fit", EnumText.of(CustomImages.Fit.CROP));
    }
    return new ImagesGuess(
        CustomImages.nameOf(folder),
        String.format(
            Locale.ROOT,
            "%,d pictures%s %s%s",
            files.size(),
            pictures.classes().isEmpty()
                ? ""
                : " in %d classes".formatted(pictures.classes().size()),
            kept
                ? "of %dx%d pixels".formatted(first[0], first[1])
                : "scaled to %1$dx%1$d pixels".formatted(SIDE),
            grey ? ", grey" : ", in colour"),
        settings);
  }

  private static String size(int height, int width) {
    return height == width ? "" + height : height + "x" + width;
  }

  /** Whether the three planes of a picture are equal. */
  private static boolean isGrey(Pixels pixels) {
    byte[] samples = pixels.samples();
    int channels = pixels.channels();
    if (channels == 1) {
      return true;
    }
    for (int i = 0; i + channels <= samples.length; i += channels) {
      if (samples[i] != samples[i + 1] || samples[i] != samples[i + 2]) {
        return false;
      }
    }
    return true;
  }

  private static ImagesGuess ofArray(String data, ImageLibrary library) throws IOException {
    StoredImages stored;
    try {
      stored = StoredImages.parse(data);
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
    ArrayImages.Stored images = library.open(stored);
    int[] shape = images.shape().orElseGet(() -> shape(images.dimensions()));
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put(stored.kind().text(), stored.file().toString());
    stored.contents().key().ifPresent(key -> settings.put("key", key));
    stored.contents().layout().ifPresent(axes -> settings.put("layout", EnumText.of(axes)));
    if (stored.contents().white() != CustomImages.Contents.FULL) {
      settings.put("white", "" + stored.contents().white());
    }
    settings.put("size", size(shape[1], shape[2]));
    settings.put("colour", shape[0] == 1 ? "grey" : "rgb");
    return new ImagesGuess(
        CustomImages.nameOf(stored.file()),
        String.format(
            Locale.ROOT, "%,d images of %s pixels", images.size(), size(shape[1], shape[2])),
        settings);
  }

  /** Channels, height and width of square images of which only the number of values is known. */
  private static int[] shape(int dimensions) {
    for (int channels : new int[] {1, 3}) {
      int side = (int) Math.round(Math.sqrt((double) dimensions / channels));
      if (side * side * channels == dimensions) {
        return new int[] {channels, side, side};
      }
    }
    throw new UsageException(
        "images of %s values, which are no square; write a study file with their size (docs/data.md)"
            .formatted(dimensions));
  }

  /** The path among the settings, if there is one. */
  private Optional<String> pathKey() {
    return List.of("images", "array", "hdf5").stream().filter(settings::containsKey).findFirst();
  }

  /** The value of the key {@code data} for a study file in a folder. */
  String yaml(Path folder) {
    Map<String, String> shown = new LinkedHashMap<>(settings);
    pathKey()
        .ifPresent(
            key -> {
              Path given = Path.of(String.valueOf(settings.get(key)));
              Path whole = given.toAbsolutePath().normalize();
              Path from = folder.toAbsolutePath().normalize();
              boolean keeps = given.isAbsolute() && !whole.startsWith(from);
              Path path = keeps ? given : from.relativize(whole);
              shown.put(key, path.toString());
            });
    return shown.entrySet().stream()
        .map(e -> e.getKey() + ": " + scalar(e.getValue()))
        .collect(Collectors.joining(", ", "{", "}"));
  }

  /** The data set of a study file in a folder. */
  DataSpec spec(Path folder) throws IOException {
    return StudyFile.parse(
            folder.resolve("study.yaml"),
            "{name: a, data: %s, splits: default, architectures: mlp:1x1, objective: {beta: 1}}"
                .formatted(yaml(folder)))
        .data();
  }

  private static String scalar(String text) {
    return text.matches("[A-Za-z0-9_][A-Za-z0-9_./-]*") ? text : Json.text(text);
  }
}
