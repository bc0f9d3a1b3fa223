package org.ratescope.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.ratescope.data.ImageSource;
import org.ratescope.data.LabelledSplits;
import org.ratescope.data.Labels;
import org.ratescope.data.Origin;
import org.ratescope.data.PixelType;
import org.ratescope.format.FormatException;
import org.ratescope.format.Npy;
import org.ratescope.format.Npz;
import org.ratescope.format.StoredArray;
import org.ratescope.format.picture.ImageFolder;
import org.ratescope.hdf5.Hdf5;
import org.ratescope.source.Conversion.Form;
import org.ratescope.study.OwnImages;
import org.ratescope.study.OwnImages.Kind;

/** The user's own images: a folder of pictures, an array file, an HDF5 file. */
final class OwnFiles {
  private OwnFiles() {}

  static ImageSource source(OwnImages spec) throws IOException {
    Path given =
        spec.file()
            .orElseThrow(
                () ->
                    new IOException(
                        ("%s: where these images are is not known; a study file names them under data"
                                + " (%s: PATH), the command line as %s:PATH,size=...,colour=...")
                            .formatted(spec.text(), spec.kind().text(), spec.kind().text())));
    if (!Files.exists(given)) {
      throw new NoSuchFileException(given.toString());
    }
    Path file = given.toRealPath();
    return switch (spec.kind()) {
      case IMAGES -> folder(spec, file, given);
      case ARRAY, HDF5 -> array(spec, file, given);
    };
  }

  private static ImageSource folder(OwnImages spec, Path file, Path given) throws IOException {
    ImageFolder folder = ImageFolder.list(given);
    Labels labels =
        folder.classes().isEmpty()
            ? Labels.none(folder.files().size())
            : Labels.of(
                List.of(Labels.CLASS),
                folder.labels().stream().mapToDouble(Integer::doubleValue).toArray());
    Conversion conversion = conversion(spec, PixelType.UINT8);
    return new FileImages(
        spec,
        Origin.of(file.toString(), given, folder.files()),
        PixelType.UINT8,
        labels,
        LabelledSplits.of(spec.name(), labels, folder.classes()),
        notes(folder),
        () -> FolderStream.open(folder, conversion));
  }

  private static Map<String, String> notes(ImageFolder folder) {
    Map<String, String> notes = new LinkedHashMap<>();
    notes.put("orientation", "turned as each picture's Exif orientation says");
    if (folder.skipped().total() > 0) {
      notes.put(ImageSource.SKIPPED, folder.skipped().text());
    }
    return notes;
  }

  private static Conversion conversion(OwnImages spec, PixelType pixels) {
    return new Conversion(spec.channels(), spec.height(), spec.width(), spec.fit(), pixels);
  }

  private static ImageSource array(OwnImages spec, Path file, Path given) throws IOException {
    StoredArray images = entry(spec, given, spec.contents().key().orElse(""));
    PixelType pixels = pixels(images);
    Form form = form(spec, images);
    int rows = rows(images);
    List<Path> files = new ArrayList<>(List.of(given));
    Labels labels = Labels.none(rows);
    if (spec.contents().labels().isPresent()) {
      String key = spec.contents().labels().get();
      StoredArray table =
          isNpy(given) ? Npy.open(given.resolveSibling(key)) : entry(spec, given, key);
      if (isNpy(given)) {
        files.add(given.resolveSibling(key));
      }
      FormatException.require(
          table.shape().size() <= 2 && table.size(0) == rows,
          table.where(),
          "labels of shape %s, required: [%d] or [%d, FACTORS]"
              .formatted(table.shape(), rows, rows));
      labels = labels(table);
    }
    ArrayStream.Pictures pictures =
        new ArrayStream.Pictures(
            List.of(images), rows, form, 1, 0, spec.contents().white(), conversion(spec, pixels));
    return new FileImages(
        spec,
        Origin.of(file.toString(), given.resolveSibling(""), files),
        pixels,
        labels,
        LabelledSplits.of(spec.name(), labels, List.of()),
        pictures::open);
  }

  private static boolean isNpy(Path file) {
    return file.toString().endsWith(".npy");
  }

  private static StoredArray entry(OwnImages spec, Path file, String key) throws IOException {
    if (spec.kind() == Kind.HDF5) {
      return Hdf5.open(file, key);
    }
    FormatException.require(
        isNpy(file) || file.toString().endsWith(".npz"),
        file.toString(),
        "an array file must end in .npy or .npz");
    FormatException.require(
        isNpy(file) || !key.isEmpty(), file.toString(), "an .npz file needs key=NAME");
    return isNpy(file) ? Npy.open(file) : Npz.open(file, key);
  }

  private static int rows(StoredArray images) throws FormatException {
    FormatException.require(
        images.size(0) <= Integer.MAX_VALUE,
        images.where(),
        "%d images, allowed: at most %d".formatted(images.size(0), Integer.MAX_VALUE));
    return (int) images.size(0);
  }

  /** 8-bit images stay 8-bit; floats stay floats. */
  private static PixelType pixels(StoredArray images) throws FormatException {
    return switch (images.element()) {
      case UINT8, BOOL -> PixelType.UINT8;
      case FLOAT32, FLOAT64 -> PixelType.FLOAT32;
      case INT8, UINT16, INT16, UINT32, INT32, INT64 ->
          throw new FormatException(
              images.where(),
              "images of %s, allowed: uint8, bool, and float32, float64 from 0 to 1"
                  .formatted(images.element().text()));
    };
  }

  private static Form form(OwnImages spec, StoredArray images) throws FormatException {
    List<Long> shape = images.shape();
    OwnImages.Layout layout = layout(spec, images);
    int axes =
        switch (layout) {
          case ND -> 2;
          case NHW -> 3;
          case NHWC, NCHW -> 4;
        };
    FormatException.require(
        shape.size() == axes,
        images.where(),
        "shape %s does not have the axes of layout %s"
            .formatted(shape, layout.name().toLowerCase(Locale.ROOT)));
    long most = 1 << 14;
    for (long size : layout == OwnImages.Layout.ND ? List.<Long>of() : shape.subList(1, axes)) {
      FormatException.require(
          size <= most,
          images.where(),
          "shape %s, allowed: at most %d a side".formatted(shape, most));
    }
    Form form =
        switch (layout) {
          case ND -> new Form(spec.channels(), spec.height(), spec.width(), false);
          case NHW -> new Form(1, (int) images.size(1), (int) images.size(2), false);
          case NHWC ->
              new Form((int) images.size(3), (int) images.size(1), (int) images.size(2), true);
          case NCHW ->
              new Form((int) images.size(1), (int) images.size(2), (int) images.size(3), false);
        };
    FormatException.require(
        images.count(1) <= 1 << 25, images.where(), "shape %s: images that large".formatted(shape));
    FormatException.require(
        (form.channels() == 1 || form.channels() == 3) && form.samples() == images.count(1),
        images.where(),
        "images of %d values in %d channels, required: 1 or 3 channels, and for layout nd %d values"
            .formatted(images.count(1), form.channels(), spec.dimensions()));
    return form;
  }

  /** What the number of axes tells, and where the channels can only be in one place. */
  private static OwnImages.Layout layout(OwnImages spec, StoredArray images)
      throws FormatException {
    if (spec.contents().layout().isPresent()) {
      return spec.contents().layout().get();
    }
    boolean first = images.size(1) == 1 || images.size(1) == 3;
    boolean last = images.size(3) == 1 || images.size(3) == 3;
    return switch (images.shape().size()) {
      case 2 -> OwnImages.Layout.ND;
      case 3 -> OwnImages.Layout.NHW;
      default -> {
        FormatException.require(
            images.shape().size() == 4 && first != last,
            images.where(),
            "shape %s, required: [N, D], [N, H, W], or layout=nhwc or layout=nchw"
                .formatted(images.shape()));
        yield last ? OwnImages.Layout.NHWC : OwnImages.Layout.NCHW;
      }
    };
  }

  /** One column of whole numbers is the class; other columns are factors. */
  private static Labels labels(StoredArray table) throws IOException {
    double[] values = values(table);
    int factors = (int) table.size(1);
    boolean whole = Arrays.stream(values).allMatch(v -> v == Math.rint(v));
    return Labels.of(
        factors == 1 && whole
            ? List.of(Labels.CLASS)
            : IntStream.range(0, factors).mapToObj(f -> "factor" + f).toList(),
        values);
  }

  /** The labels in an array with a column for each of those factors. */
  static Labels labels(StoredArray table, List<String> names) throws IOException {
    return Labels.of(names, values(table));
  }

  private static double[] values(StoredArray table) throws IOException {
    double[] values = table.values();
    FormatException.require(
        Arrays.stream(values).noneMatch(Double::isNaN), table.where(), "a label that is no number");
    return values;
  }
}
