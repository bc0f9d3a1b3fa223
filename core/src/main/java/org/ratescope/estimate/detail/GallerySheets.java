package org.ratescope.estimate.detail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.ratescope.dataset.ImageGrid;
import org.ratescope.dataset.ImageSet;
import org.ratescope.estimate.EvaluationData;
import org.ratescope.estimate.TrainedModel;
import org.ratescope.estimate.gap.PriorSamples;
import org.ratescope.estimate.posterior.Examples;
import org.ratescope.estimate.posterior.Posteriors;
import org.ratescope.results.Gallery;
import org.ratescope.spec.Subset;
import org.ratescope.spec.text.Wording;
import org.ratescope.tensor.Tensors;

/**
 * The pictures that a VAE is usually judged by, all of them the decoder's means E[x|z]:
 *
 * <ul>
 *   <li>{@code samples}: codes drawn from the prior, the same random numbers for every run
 *   <li>{@code images} and {@code reconstructions}: test images, the same for every run of a split,
 *       and what is decoded from the means of their posteriors
 *   <li>{@code traversals}: the mean of the first of these images, in which one latent takes the
 *       values −3 to 3; a row for each of the {@value #LATENTS} latents that use most of the rate
 *       of a standard normal prior, ½ (μ² + σ² − log σ² − 1) on average, the largest first
 *   <li>{@code interpolations}: equal steps along the line between the means of two of these
 *       images, which stand at both ends
 * </ul>
 */
public final class GallerySheets {
  static final int COLUMNS = 8;
  static final int SAMPLES = 2 * COLUMNS;
  static final int LATENTS = 6;
  static final int EDGE = 3;
  private static final int VALUES = 2 * EDGE + 1;
  private static final int STEPS = COLUMNS - 2;

  /** Number of test examples over which the rate of a latent is averaged. */
  private static final int RATED = 512;

  private static final long SEED = 0;

  private final ImageSet images;
  private final TrainedModel model;
  private final List<Gallery.Sheet> sheets = new ArrayList<>();

  private GallerySheets(ImageSet images, TrainedModel model) {
    this.images = images;
    this.model = model;
  }

  /** The gallery of one model; an empty test set gives samples only. */
  public static Gallery of(ImageSet images, TrainedModel model, EvaluationData data) {
    GallerySheets gallery = new GallerySheets(images, model);
    gallery.addSamples();
    Examples shown = data.examples(Subset.TEST, COLUMNS);
    if (shown.size() > 0) {
      Posteriors codes = model.posteriors(shown);
      gallery.addReconstructions(shown, codes);
      gallery.addTraversals(codes, model.posteriors(data.examples(Subset.TEST, RATED)));
      gallery.addInterpolations(shown, codes);
    }
    return new Gallery(gallery.sheets);
  }

  private void addSamples() {
    double[] codes = PriorSamples.of(model, "gallery", SEED, 0, SAMPLES);
    add("samples", COLUMNS, decoded(codes), "codes drawn from the prior");
  }

  private void addReconstructions(Examples shown, Posteriors codes) {
    List<float[]> originals =
        IntStream.range(0, shown.size()).mapToObj(i -> images.image(shown.row(i))).toList();
    add("images", COLUMNS, originals, Wording.number(shown.size()) + " test images");
    add(
        "reconstructions",
        COLUMNS,
        decoded(codes.mean()),
        "decoded from the means of their posteriors");
  }

  private void addTraversals(Posteriors codes, Posteriors rated) {
    int size = model.latentSize();
    double[] rates = rates(rated);
    int[] latents = mostUsed(rates);
    double[] moved = new double[latents.length * VALUES * size];
    for (int row = 0; row < latents.length; row++) {
      for (int value = 0; value < VALUES; value++) {
        int at = (row * VALUES + value) * size;
        System.arraycopy(codes.mean(), 0, moved, at, size);
        moved[at + latents[row]] = value - EDGE;
      }
    }
    String named =
        Arrays.stream(latents)
            .mapToObj(l -> String.format(Locale.ROOT, "%d (%.2f)", l + 1, rates[l]))
            .collect(Collectors.joining(", "));
    add("traversals", VALUES, decoded(moved), "latents (nats of the rate) " + named);
  }

  /** Mean nats of KL(q(z_l|x) ‖ N(0, 1)) of each latent l. */
  static double[] rates(Posteriors posteriors) {
    double[] rates = new double[posteriors.latentSize()];
    for (int i = 0; i < posteriors.mean().length; i++) {
      double mean = posteriors.mean()[i];
      double logVar = posteriors.logVar()[i];
      rates[i % rates.length] +=
          0.5 * (mean * mean + Math.exp(logVar) - logVar - 1) / posteriors.size();
    }
    return rates;
  }

  private static int[] mostUsed(double[] rates) {
    return IntStream.range(0, rates.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer l) -> -rates[l]))
        .limit(LATENTS)
        .mapToInt(l -> l)
        .toArray();
  }

  private void addInterpolations(Examples shown, Posteriors codes) {
    int size = model.latentSize();
    int pairs = shown.size() / 2;
    if (pairs == 0) {
      return;
    }
    double[] line = new double[pairs * STEPS * size];
    for (int pair = 0; pair < pairs; pair++) {
      for (int i = 0; i < STEPS * size; i++) {
        int step = i / size;
        double share = (double) step / (STEPS - 1);
        double from = codes.mean()[2 * pair * size + i % size];
        double to = codes.mean()[(2 * pair + 1) * size + i % size];
        line[pair * STEPS * size + i] = from + share * (to - from);
      }
    }
    List<float[]> between = decoded(line);
    List<float[]> rows = new ArrayList<>();
    for (int pair = 0; pair < pairs; pair++) {
      rows.add(images.image(shown.row(2 * pair)));
      rows.addAll(between.subList(pair * STEPS, (pair + 1) * STEPS));
      rows.add(images.image(shown.row(2 * pair + 1)));
    }
    add(
        "interpolations",
        COLUMNS,
        rows,
        "test images at both ends, decoded codes on the line between theirs");
  }

  /** E[x|z] of each code. [M, L] → M of [D] */
  private List<float[]> decoded(double[] codes) {
    try (PointerScope scope = new PointerScope()) {
      Tensor means = PriorSamples.means(model, codes);
      float[] values = Tensors.floats(means);
      int dimensions = Math.toIntExact(means.size(1));
      return IntStream.range(0, values.length / dimensions)
          .mapToObj(i -> Arrays.copyOfRange(values, i * dimensions, (i + 1) * dimensions))
          .toList();
    }
  }

  private void add(String kind, int columns, List<float[]> pictures, String about) {
    int across = Math.min(columns, pictures.size());
    sheets.add(
        new Gallery.Sheet(
            kind,
            Math.ceilDiv(pictures.size(), across),
            across,
            ImageGrid.of(images.spec(), across, pictures).dataUri(),
            about));
  }
}
