package org.ratescope.dataset.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.ratescope.dataset.ImageSet;
import org.ratescope.dataset.ImageSource;
import org.ratescope.dataset.catalogue.Catalogue;
import org.ratescope.dataset.store.BuildListener;
import org.ratescope.dataset.store.ImageStore;
import org.ratescope.dataset.tetromino.Tetrominoes;
import org.ratescope.spec.data.CatalogueImages;
import org.ratescope.spec.data.CustomImages;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.spec.data.StoredImages;
import org.ratescope.yaml.StudyFileException;

/**
 * All images of this machine, by their {@link DataSpec}: the only access to data sets for training,
 * estimation, figures and commands.
 */
public final class ImageLibrary {
  private final Path cache;
  private final Path datasets;
  private final Optional<Path> catalogue;

  private ImageLibrary(Path cache, Path datasets, Optional<Path> catalogue) {
    this.cache = cache;
    this.datasets = datasets;
    this.catalogue = catalogue;
  }

  /**
   * The library that stores images in that folder; raw files of named data sets are in {@code
   * datasets/} in it.
   */
  public static ImageLibrary at(Path cache) {
    return new ImageLibrary(cache, cache.resolve("datasets"), Optional.empty());
  }

  /**
   * The same with the raw files of named data sets in another folder, each set in one of its own.
   */
  public ImageLibrary datasets(Path root) {
    return new ImageLibrary(cache, root, catalogue);
  }

  /** The same with the data sets of another file, if there is one. */
  public ImageLibrary catalogue(Optional<Path> file) {
    return new ImageLibrary(cache, datasets, file);
  }

  /** Whether data sets of another file than the data folder's are known. */
  public boolean hasOtherCatalogue() {
    return catalogue.isPresent();
  }

  /**
   * The data sets that can be opened by name: the built-in ones, those of {@code datasets.yaml} in
   * the data folder, and those of the user's file.
   *
   * @throws StudyFileException if one of these files cannot be read
   */
  public Catalogue catalogue() throws StudyFileException {
    Path own = datasets.resolve(Catalogue.OWN);
    Catalogue known = Files.exists(own) ? Catalogue.builtIn().with(own) : Catalogue.builtIn();
    return catalogue.isEmpty() ? known : known.with(catalogue.get());
  }

  /** The folder that keeps images. */
  public Path cache() {
    return cache;
  }

  /** The folder of the raw files of named data sets. */
  public Path datasets() {
    return datasets;
  }

  /**
   * The source of a data set: its labels and splits, but no images yet.
   *
   * @throws IOException if its files are missing or damaged, naming them and what to do
   */
  public ImageSource source(DataSpec spec) throws IOException {
    return switch (spec) {
      case DataSpec.Tetrominoes tetrominoes -> Tetrominoes.of(tetrominoes);
      case CatalogueImages set -> CatalogueFiles.source(set, catalogue(), datasets);
      case CustomImages own -> CustomFiles.source(own);
    };
  }

  /**
   * The images of a data set, verified; made first if they are not kept or damaged.
   *
   * @throws IOException as {@link #source}, and if the images cannot be kept
   */
  public ImageSet open(DataSpec spec, BuildListener listener) throws IOException {
    return store().open(source(spec), listener);
  }

  /**
   * SHA-256 of a source's images where they are kept and its files have not changed since; reads no
   * image.
   */
  public Optional<String> sha256(ImageSource source) {
    return store().sha256(source);
  }

  /**
   * All images of an array, in the shape in which its file has them; nothing is kept.
   *
   * @throws IOException as {@link #source}
   */
  public ArrayImages.Stored open(StoredImages images) throws IOException {
    return ArrayImages.open(images.kind(), images.file(), images.contents()).asStored();
  }

  /** The folder that holds, or will hold, a source's images. */
  public Path folder(ImageSource source) {
    return store().folder(source);
  }

  private ImageStore store() {
    return ImageStore.at(cache);
  }
}
