package org.ratescope.dataset.source;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.ratescope.dataset.ImageSet;
import org.ratescope.dataset.ImageSource;
import org.ratescope.dataset.store.BuildListener;
import org.ratescope.dataset.store.ImageStore;
import org.ratescope.dataset.tetromino.Tetrominoes;
import org.ratescope.spec.data.CustomImages;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.spec.data.Mnist;
import org.ratescope.spec.data.Shapes3d;
import org.ratescope.spec.data.SmallNorb;
import org.ratescope.spec.data.StoredImages;

/**
 * All images of this machine, by their {@link DataSpec}: the one door through which training,
 * estimation, figures and commands come to any data set.
 */
public final class ImageLibrary {
  private final Path cache;
  private final Path datasets;

  private ImageLibrary(Path cache, Path datasets) {
    this.cache = cache;
    this.datasets = datasets;
  }

  /**
   * The library that keeps images in that folder; raw files of named data sets are in {@code
   * datasets/} in it.
   */
  public static ImageLibrary at(Path cache) {
    return new ImageLibrary(cache, cache.resolve("datasets"));
  }

  /**
   * The same with the raw files of named data sets in another folder, each set in one of its own.
   */
  public ImageLibrary datasets(Path root) {
    return new ImageLibrary(cache, root);
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
      case Mnist mnist -> MnistFiles.source(mnist, datasets);
      case SmallNorb smallNorb -> SmallNorbFiles.source(smallNorb, datasets);
      case Shapes3d shapes3d -> Shapes3dFiles.source(shapes3d, datasets);
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

  /**
   * Checks that opened images are still those of the files that they are mapped from.
   *
   * @throws IOException if they are not; the message says what is wrong
   */
  public void requireUnchanged(ImageSet images) throws IOException {
    store().requireUnchanged(images);
  }

  /** The folder that holds, or will hold, a source's images. */
  public Path folder(ImageSource source) {
    return store().folder(source);
  }

  private ImageStore store() {
    return ImageStore.at(cache);
  }
}
