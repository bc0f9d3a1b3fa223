package org.ratescope.estimate;

import java.io.IOException;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.ratescope.data.BuildListener;
import org.ratescope.data.ImageSet;
import org.ratescope.data.Partition;
import org.ratescope.source.ImageLibrary;
import org.ratescope.study.Half;
import org.ratescope.torch.Host;
import org.ratescope.torch.Pool;

/**
 * The images of a training and a test half that may come from different sources, in one pool. The
 * halves of one named split are mapped from their file; others are copied: 4 N D bytes.
 *
 * @param pool all images
 * @param partition which of its rows train and which test
 */
record TwoHalves(Pool pool, Partition partition) {

  /**
   * Opens both halves.
   *
   * @throws IOException if a source cannot be read, or the halves do not fit together
   */
  static TwoHalves open(
      HalfSource train, HalfSource test, ImageLibrary library, BuildListener listener)
      throws IOException {
    if (train instanceof HalfSource.Named named && test.equals(named)) {
      ImageSet images = library.open(named.data(), listener);
      return new TwoHalves(pool(images), images.partition(named.split()));
    }
    Source first = source(train, Half.TRAIN, library, listener);
    Source second = source(test, Half.TEST, library, listener);
    if (first.dimensions() != second.dimensions()) {
      throw new IOException(
          "images of both halves must have as many values, came %d in %s and %d in %s"
              .formatted(first.dimensions(), train.text(), second.dimensions(), test.text()));
    }
    int size = Math.addExact(first.size(), second.size());
    Tensor pool = Host.empty(ScalarType.Float, size, first.dimensions());
    try (PointerScope scope = new PointerScope()) {
      first.read(pool.narrow(0, 0, first.size()));
      second.read(pool.narrow(0, first.size(), second.size()));
    }
    return new TwoHalves(
        new Pool(pool),
        Partition.of(
            IntStream.range(0, first.size()).toArray(),
            IntStream.range(first.size(), size).toArray()));
  }

  private static Pool pool(ImageSet images) {
    return Pool.mapped(
        images.file(), images.pixels().bytes(), images.size(), images.spec().dimensions());
  }

  /** The images of one half, not yet read. */
  private record Source(int size, int dimensions, Reader reader) {
    void read(Tensor into) throws IOException {
      reader.read(into);
    }
  }

  private interface Reader {
    void read(Tensor into) throws IOException;
  }

  private static Source source(
      HalfSource source, Half half, ImageLibrary library, BuildListener listener)
      throws IOException {
    return switch (source) {
      case HalfSource.Named named -> {
        ImageSet images = library.open(named.data(), listener);
        int[] rows = images.partition(named.split()).rows(half);
        yield new Source(rows.length, images.spec().dimensions(), into -> copy(images, rows, into));
      }
      case HalfSource.ArrayFile array -> {
        NpyImages images = NpyImages.open(array.file());
        yield new Source(images.size(), images.dimensions(), images::read);
      }
    };
  }

  private static void copy(ImageSet images, int[] rows, Tensor into) {
    for (int i = 0; i < rows.length; i++) {
      try (PointerScope scope = new PointerScope()) {
        Host.write(images.image(rows[i]), into.select(0, i));
      }
    }
  }
}
