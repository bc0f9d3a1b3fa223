package org.ratescope.evaluate;

import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.ratescope.dataset.ImageSet;
import org.ratescope.dataset.ImageSource;
import org.ratescope.dataset.Partition;
import org.ratescope.dataset.source.ArrayImages;
import org.ratescope.dataset.source.ImageLibrary;
import org.ratescope.dataset.store.BuildListener;
import org.ratescope.estimate.posterior.Examples;
import org.ratescope.model.layer.ImageShape;
import org.ratescope.spec.Subset;
import org.ratescope.tensor.ImageTensor;
import org.ratescope.tensor.Tensors;

/**
 * The images of a training set and a test set that may have different sources, in one pool. Both
 * subsets of one named split are mapped from their file; others are copied: 4 N D bytes.
 *
 * @param pool all images
 * @param partition the rows of the training set and of the test set
 * @param shapes the known shapes of the images, by source
 * @param stored how the user's files store them, by subset
 * @param skipped number and kind of the files of a folder that are not read, by subset
 */
record TrainTestImages(
    ImageTensor pool,
    Partition partition,
    List<SourceShape> shapes,
    Map<Subset, String> stored,
    Map<Subset, String> skipped) {
  TrainTestImages {
    shapes = List.copyOf(shapes);
    stored = Map.copyOf(stored);
    skipped = Map.copyOf(skipped);
  }

  /**
   * The shape of a source's images.
   *
   * @param source its text form
   * @param shape unknown for an array [N, D]
   */
  record SourceShape(String source, Optional<ImageShape> shape) {}

  /** D, number of values of an image. */
  int dimensions() {
    return pool.dimensions();
  }

  /**
   * The one shape of all images.
   *
   * @throws IOException if a source does not define it, or the sources differ
   */
  ImageShape shape() throws IOException {
    for (SourceShape each : shapes) {
      if (each.shape().isEmpty()) {
        throw new IOException(
            ("%s: shape [N, %d]; expected for a convolutional network: [N, H, W], [N, C, H, W] or"
                    + " [N, H, W, C] (numpy.reshape)")
                .formatted(each.source(), dimensions()));
      }
    }
    SourceShape first = shapes.getFirst();
    SourceShape last = shapes.getLast();
    ImageShape shape = first.shape().orElseThrow();
    if (!last.shape().orElseThrow().equals(shape)) {
      throw new IOException(
          "got images of shape %s in %s and %s in %s; expected one shape in the training set and the test set"
              .formatted(
                  shape.text(), first.source(), last.shape().orElseThrow().text(), last.source()));
    }
    return shape;
  }

  /**
   * Opens both subsets.
   *
   * @throws IOException if a source cannot be read, or the subsets do not fit together
   */
  static TrainTestImages open(
      ImagesReference train, ImagesReference test, ImageLibrary library, BuildListener listener)
      throws IOException {
    if (train instanceof ImagesReference.Named named && test.equals(named)) {
      ImageSet images = library.open(named.data(), listener);
      return new TrainTestImages(
          Examples.pool(images),
          images.partition(named.split()),
          List.of(new SourceShape(named.text(), Optional.of(ImageShape.of(named.data())))),
          bySubset(images.source().stored(), images.source().stored()),
          bySubset(skipped(images), skipped(images)));
    }
    Source first = source(train, Subset.TRAIN, library, listener);
    Source second = source(test, Subset.TEST, library, listener);
    if (first.dimensions() != second.dimensions()) {
      throw new IOException(
          "got images of %d values in %s and %d in %s; expected equally many in the training set and the test set"
              .formatted(first.dimensions(), train.text(), second.dimensions(), test.text()));
    }
    int size = Math.addExact(first.size(), second.size());
    Tensor pool = Tensors.empty(ScalarType.Float, size, first.dimensions());
    try (PointerScope scope = new PointerScope()) {
      first.read(pool.narrow(0, 0, first.size()));
      second.read(pool.narrow(0, first.size(), second.size()));
    }
    return new TrainTestImages(
        new ImageTensor(pool),
        Partition.of(
            IntStream.range(0, first.size()).toArray(),
            IntStream.range(first.size(), size).toArray()),
        List.of(
            new SourceShape(train.text(), first.shape()),
            new SourceShape(test.text(), second.shape())),
        bySubset(first.stored(), second.stored()),
        bySubset(first.skipped(), second.skipped()));
  }

  /**
   * All images of a file or a folder; of a split its training set. They are copied: 4 N D bytes.
   */
  static ImageTensor all(ImagesReference reference, ImageLibrary library, BuildListener listener)
      throws IOException {
    Source source = source(reference, Subset.TRAIN, library, listener);
    Tensor pool = Tensors.empty(ScalarType.Float, source.size(), source.dimensions());
    source.read(pool);
    return new ImageTensor(pool);
  }

  private static Map<Subset, String> bySubset(Optional<String> train, Optional<String> test) {
    Map<Subset, String> texts = new EnumMap<>(Subset.class);
    train.ifPresent(text -> texts.put(Subset.TRAIN, text));
    test.ifPresent(text -> texts.put(Subset.TEST, text));
    return texts;
  }

  private static Optional<String> skipped(ImageSet images) {
    return Optional.ofNullable(images.source().notes().get(ImageSource.SKIPPED));
  }

  /** The images of one subset, not yet read. */
  private record Source(
      int size,
      int dimensions,
      Optional<ImageShape> shape,
      Optional<String> stored,
      Optional<String> skipped,
      Reader reader) {
    void read(Tensor into) throws IOException {
      reader.read(into);
    }
  }

  private interface Reader {
    void read(Tensor into) throws IOException;
  }

  private static Source source(
      ImagesReference source, Subset subset, ImageLibrary library, BuildListener listener)
      throws IOException {
    return switch (source) {
      case ImagesReference.Named named -> {
        ImageSet images = library.open(named.data(), listener);
        yield source(images, images.partition(named.split()).rows(subset));
      }
      case ImagesReference.Whole whole -> {
        ImageSet images = library.open(whole.data(), listener);
        yield source(images, IntStream.range(0, images.size()).toArray());
      }
      case ImagesReference.Stored stored -> {
        ArrayImages.Stored images = library.open(stored.images());
        yield new Source(
            images.size(),
            images.dimensions(),
            images.shape().map(s -> new ImageShape(s[0], s[1], s[2])),
            Optional.of(images.images().stored()),
            Optional.empty(),
            into -> images.read((row, image) -> write(image, row, into)));
      }
    };
  }

  private static Source source(ImageSet images, int[] rows) {
    return new Source(
        rows.length,
        images.spec().dimensions(),
        Optional.of(ImageShape.of(images.spec())),
        images.source().stored(),
        skipped(images),
        into -> {
          for (int i = 0; i < rows.length; i++) {
            write(images.image(rows[i]), i, into);
          }
        });
  }

  private static void write(float[] image, int row, Tensor into) {
    try (PointerScope scope = new PointerScope()) {
      Tensors.write(image, into.select(0, row));
    }
  }
}
