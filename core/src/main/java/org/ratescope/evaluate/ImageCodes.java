package org.ratescope.evaluate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.ratescope.dataset.ImageSet;
import org.ratescope.dataset.Partition;
import org.ratescope.dataset.source.ImageLibrary;
import org.ratescope.dataset.store.BuildListener;
import org.ratescope.estimate.TrainedModel;
import org.ratescope.estimate.posterior.Examples;
import org.ratescope.estimate.posterior.Posteriors;
import org.ratescope.spec.RunRandom;
import org.ratescope.spec.Subset;
import org.ratescope.tensor.Device;
import org.ratescope.tensor.ImageTensor;
import org.ratescope.tensor.Libtorch;

/**
 * The posteriors q(z|x) of images under a trained model.
 *
 * @param latentSize L, number of values of a code
 * @param parts the images in groups; of a split its training set, then its test set
 */
public record ImageCodes(int latentSize, List<Part> parts) {
  /** Images between two reports of progress. */
  private static final int STEP = 8 * TrainedModel.BATCH;

  public ImageCodes {
    parts = List.copyOf(parts);
  }

  /**
   * The posteriors of some images.
   *
   * @param subset of a split that they are; empty if they are all images of a file or folder
   * @param row their row in the data set
   * @param mean posterior means [N, L]
   * @param logVar log variances [N, L]
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Part(Optional<Subset> subset, int[] row, double[] mean, double[] logVar) {
    /** One value of sample {@code s} from q(z|x), a function of seed, row and s alone. */
    public double sample(long seed, int image, int s, int value, int latentSize) {
      int i = image * latentSize + value;
      RunRandom random = RunRandom.of(seed, RunRandom.Stream.CODES, row[image]);
      return mean[i] + Math.exp(0.5 * logVar[i]) * random.normal((long) s * latentSize + value);
    }
  }

  /** Number of images. */
  public int size() {
    return parts.stream().mapToInt(part -> part.row().length).sum();
  }

  /**
   * Encodes images.
   *
   * @param listener receives progress while the data set is built, and while images are encoded
   * @throws IOException if a file is missing or damaged, or the images are not of the model's size
   * @throws IllegalArgumentException if the split is impossible, or the shapes in a weight file are
   *     those of no architecture
   */
  public static ImageCodes of(
      CodesModel source,
      ImagesReference images,
      ImageLibrary library,
      Device device,
      BuildListener listener)
      throws IOException {
    Libtorch.useOneThread();
    Device there = device.require();
    try (PointerScope scope = new PointerScope()) {
      TrainedModel model = source.open(images, library, there);
      List<Part> parts = new ArrayList<>();
      if (images instanceof ImagesReference.Named named) {
        ImageSet set = library.open(named.data(), listener);
        Partition partition = set.partition(named.split());
        ImageTensor pool = checked(Examples.pool(set), model, images).on(there);
        for (Subset subset : Subset.values()) {
          parts.add(encode(model, pool, partition.rows(subset), Optional.of(subset), listener));
        }
      } else {
        ImageTensor pool =
            checked(TrainTestImages.all(images, library, listener), model, images).on(there);
        int[] rows = IntStream.range(0, pool.rows()).toArray();
        parts.add(encode(model, pool, rows, Optional.empty(), listener));
      }
      return new ImageCodes(model.latentSize(), parts);
    }
  }

  private static ImageTensor checked(ImageTensor pool, TrainedModel model, ImagesReference images)
      throws IOException {
    int expected = model.parameters().layout().dimensions();
    if (pool.dimensions() != expected) {
      throw new IOException(
          "%s: its images have %s values; expected %s, as the model reads"
              .formatted(images.text(), pool.dimensions(), expected));
    }
    return pool;
  }

  private static Part encode(
      TrainedModel model,
      ImageTensor pool,
      int[] rows,
      Optional<Subset> subset,
      BuildListener listener) {
    int latent = model.latentSize();
    String what = "encoding images" + subset.map(s -> " of the " + s.text() + " set").orElse("");
    double[] mean = new double[Math.multiplyExact(rows.length, latent)];
    double[] logVar = new double[mean.length];
    for (int first = 0; first < rows.length; first += STEP) {
      listener.built(what, first, rows.length);
      int[] some = Arrays.copyOfRange(rows, first, Math.min(rows.length, first + STEP));
      Posteriors found = model.posteriors(Examples.ofRows(pool, subset.orElse(Subset.TRAIN), some));
      System.arraycopy(found.mean(), 0, mean, first * latent, found.mean().length);
      System.arraycopy(found.logVar(), 0, logVar, first * latent, found.mean().length);
    }
    return new Part(subset, rows, mean, logVar);
  }
}
