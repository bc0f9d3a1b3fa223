package org.ratescope.dataset.source;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.ratescope.dataset.ImageSource;
import org.ratescope.dataset.LabelledSplits;
import org.ratescope.dataset.Labels;
import org.ratescope.dataset.PixelType;
import org.ratescope.dataset.SourceFingerprint;
import org.ratescope.dataset.catalogue.Catalogue;
import org.ratescope.dataset.catalogue.ImageDescription;
import org.ratescope.dataset.catalogue.ImageDescription.ArrayName;
import org.ratescope.dataset.catalogue.ImageDescription.Part;
import org.ratescope.dataset.catalogue.KnownSet;
import org.ratescope.dataset.download.DatasetFolder;
import org.ratescope.dataset.format.BinaryMatrix;
import org.ratescope.dataset.format.FormatException;
import org.ratescope.dataset.format.Idx;
import org.ratescope.dataset.format.Npy;
import org.ratescope.dataset.format.Npz;
import org.ratescope.dataset.format.StoredArray;
import org.ratescope.dataset.format.Unifont;
import org.ratescope.dataset.hdf5.Hdf5;
import org.ratescope.dataset.source.Conversion.Form;
import org.ratescope.spec.data.CatalogueImages;
import org.ratescope.spec.data.CustomImages.Fit;
import org.ratescope.spec.data.CustomImages.Layout;

/** The files of a data set that a catalogue describes. */
final class CatalogueFiles {
  private final CatalogueImages spec;
  private final ImageDescription description;
  private final DatasetFolder folder;

  private CatalogueFiles(CatalogueImages spec, ImageDescription description, DatasetFolder folder) {
    this.spec = spec;
    this.description = description;
    this.folder = folder;
  }

  /**
   * The source of a data set.
   *
   * @param datasets the folder with a folder of files for each set
   * @throws IOException if the catalogue lacks the set, or the files are missing or damaged
   */
  static ImageSource source(CatalogueImages spec, Catalogue catalogue, Path datasets)
      throws IOException {
    KnownSet set =
        catalogue
            .set(spec.name())
            .orElseThrow(
                () ->
                    new IOException(
                        "no catalogue describes the data set %s; expected an entry in %s or in the file of --catalogue"
                            .formatted(spec.name(), datasets.resolve(Catalogue.OWN))));
    ImageDescription description =
        set.images()
            .orElseThrow(
                () ->
                    new IOException(
                        "the catalogue does not describe the images of the data set %s; expected the key images"
                            .formatted(spec.name())));
    return new CatalogueFiles(spec, description, DatasetFolder.of(datasets, set)).read(datasets);
  }

  private ImageSource read(Path datasets) throws IOException {
    requireShape();
    List<Path> files = new ArrayList<>();
    List<StoredArray> images = new ArrayList<>();
    List<List<StoredArray>> labels = new ArrayList<>();
    int first = 0; // rows of the first part
    int rows = 0;
    for (Part part : description.parts()) {
      StoredArray array = images(files, part.images());
      List<StoredArray> tables = new ArrayList<>();
      for (ArrayName table : part.labels()) {
        tables.add(open(files, table));
      }
      images.add(array);
      labels.add(tables);
      rows = Math.addExact(rows, Math.toIntExact(array.size(0)) * usedViews());
      first = first == 0 ? rows : first;
    }
    Labels known = labels(images, labels, rows);
    int train = description.parts().size() > 1 ? first : description.official() * usedViews();
    PixelType pixels = ArrayImages.pixels(images.getFirst().element()).orElseThrow();
    ArrayStream.Pictures pictures =
        new ArrayStream.Pictures(
            images,
            form(),
            spec.view().isPresent() ? description.views() : 1,
            spec.view().orElse(0),
            description.white(),
            new Conversion(spec.channels(), spec.height(), spec.width(), Fit.SAME, pixels));
    return FileImages.named(
        spec,
        fingerprint(datasets, files),
        pixels,
        known,
        LabelledSplits.inParts(spec.name(), known, train),
        pictures::open);
  }

  /**
   * Users may edit their own descriptions. Those of the built-in sets change with the version of
   * {@link FileImages}.
   */
  private SourceFingerprint fingerprint(Path datasets, List<Path> files) throws IOException {
    SourceFingerprint read = SourceFingerprint.of("", datasets, files.stream().distinct().toList());
    return Catalogue.builtIn().set(spec.name()).isPresent()
        ? read
        : read.withSettings(description.reading());
  }

  /** A study states the shape; it must be one that the files can give. */
  private void requireShape() throws IOException {
    boolean full = spec.height() == description.height() && spec.width() == description.width();
    boolean reduced =
        spec.height() == spec.width() && description.resolutions().contains(spec.height());
    boolean seen = spec.view().isEmpty() || spec.view().get() < description.views();
    if (!((full || reduced) && spec.colour() == description.colour() && seen)) {
      throw new IOException(
          "got %s; expected size=%sx%s%s,colour=%s and a view below %s, as the catalogue describes %s"
              .formatted(
                  spec.text(),
                  description.height(),
                  description.width(),
                  description.resolutions().isEmpty() ? "" : " or " + description.resolutions(),
                  description.colour().name().toLowerCase(Locale.ROOT),
                  description.views(),
                  spec.name()));
    }
  }

  private int usedViews() {
    return spec.view().isPresent() ? 1 : description.views();
  }

  private StoredArray open(List<Path> files, ArrayName name) throws IOException {
    Path file = folder.file(name.file());
    files.add(file);
    FormatException.require(
        name.key().isEmpty()
            || description.form() == ImageDescription.Form.UNIFONT
            || !file.toString().endsWith(".gz"),
        file.toString(),
        "gzip, in which %s files cannot be read; unpack it".formatted(description.form()));
    StoredArray array =
        switch (description.form()) {
          case IDX -> Idx.open(file);
          case MATRIX -> BinaryMatrix.open(file);
          case NPY -> Npy.open(file);
          case NPZ -> Npz.open(file, name.key().orElseThrow());
          case HDF5 -> Hdf5.open(file, name.key().orElseThrow());
          case UNIFONT -> Unifont.open(file, name.key().orElseThrow());
        };
    files.addAll(array.files()); // values may lie in others
    return array;
  }

  private StoredArray images(List<Path> files, ArrayName name) throws IOException {
    StoredArray array = open(files, name);
    List<Long> axes = new ArrayList<>();
    axes.add(array.size(0));
    if (description.views() > 1) {
      axes.add((long) description.views());
    }
    long channels = spec.channels();
    long height = description.height();
    long width = description.width();
    axes.addAll(
        switch (description.layout()) {
          case ND -> List.of(channels * height * width);
          case NHW -> List.of(height, width);
          case NHWC -> List.of(height, width, channels);
          case NCHW -> List.of(channels, height, width);
        });
    FormatException.require(
        array.element().text().equals(description.type()) && array.shape().equals(axes),
        array.where(),
        "%s of shape %s; expected %s of shape %s"
            .formatted(
                array.element().text(),
                array.shape(),
                description.type(),
                axes.toString().replaceFirst("\\d+", "N")));
    return array;
  }

  private Form form() {
    boolean planes = description.layout() == Layout.ND || description.layout() == Layout.NCHW;
    return new Form(spec.channels(), description.height(), description.width(), !planes);
  }

  private Labels labels(List<StoredArray> images, List<List<StoredArray>> tables, int rows)
      throws IOException {
    List<String> factors = new ArrayList<>(description.factors());
    if (factors.isEmpty() && usedViews() == 1) {
      return Labels.none(rows);
    }
    for (int part = 0; part < images.size(); part++) {
      requireColumns(images.get(part), tables.get(part));
    }
    if (tables.size() == 1 && tables.getFirst().size() == 1 && usedViews() == 1) {
      StoredArray table = tables.getFirst().getFirst();
      Labels labels = LabelTable.columns(table, factors);
      requireClasses(
          table,
          0,
          IntStream.range(0, rows).mapToObj(labels::of).flatMapToDouble(Arrays::stream).toArray());
      return labels;
    }
    if (usedViews() > 1) {
      factors.add(description.viewName());
    }
    double[] values = new double[Math.multiplyExact(rows, factors.size())];
    int first = 0;
    for (int part = 0; part < images.size(); part++) {
      int column = 0;
      int things = (int) images.get(part).size(0);
      for (StoredArray table : tables.get(part)) {
        int width = (int) table.size(1);
        double[] from =
            LabelTable.values(table, description.factors().subList(column, column + width));
        requireClasses(table, column, from);
        put(from, width, values, first, column, factors.size());
        column += width;
      }
      first += things * usedViews();
    }
    if (usedViews() > 1) {
      Arrays.setAll(
          values,
          i ->
              i % factors.size() == factors.size() - 1
                  ? i / factors.size() % usedViews()
                  : values[i]);
    }
    return Labels.of(factors, values);
  }

  /** Puts a table's columns beside each other, once for each view. */
  private void put(double[] from, int width, double[] into, int first, int column, int factors) {
    for (int i = 0; i < from.length; i++) {
      for (int view = 0; view < usedViews(); view++) {
        int row = first + i / width * usedViews() + view;
        into[row * factors + column + i % width] = from[i];
      }
    }
  }

  private void requireColumns(StoredArray images, List<StoredArray> tables) throws FormatException {
    int columns = 0;
    for (StoredArray table : tables) {
      FormatException.require(
          table.size(0) == images.size(0) && table.shape().size() <= 2,
          table.where(),
          "labels of shape %s; expected [%s], as many as images%s"
              .formatted(
                  table.shape(),
                  images.size(0),
                  description.factors().size() == 1 ? "" : ", or two axes with columns"));
      columns += (int) table.size(1);
    }
    FormatException.require(
        columns == description.factors().size(),
        images.where(),
        "%s columns of labels; expected %s, a column for each of the factors %s"
            .formatted(
                columns, description.factors().size(), String.join(", ", description.factors())));
  }

  private void requireClasses(StoredArray table, int column, double[] values)
      throws FormatException {
    if (column > 0 || description.classes() == 0) {
      return;
    }
    int width = (int) table.size(1);
    for (int row : IntStream.range(0, values.length / width).toArray()) {
      double label = values[row * width];
      FormatException.require(
          label >= 0 && label < description.classes() && label == Math.rint(label),
          table.where(),
          String.format(
              Locale.ROOT,
              "label %s of image %s; expected 0 to %s",
              Labels.text(label),
              row,
              description.classes() - 1));
    }
  }
}
