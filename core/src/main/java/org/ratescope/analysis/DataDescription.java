package org.ratescope.analysis;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.ratescope.dataset.ImageSet;
import org.ratescope.dataset.ImageSource;
import org.ratescope.dataset.Partition;
import org.ratescope.spec.Split;
import org.ratescope.spec.Subset;
import org.ratescope.spec.data.DataSpec;

/**
 * Facts about a data set under a split, with which users can check that two machines have the same
 * data.
 *
 * @param data the images
 * @param notes notes about their files, a sentence under each name
 * @param split the split
 * @param stored how the file stores the images, if the user chose it
 * @param factors names of the columns of a label
 * @param train the training set
 * @param test the test set
 */
public record DataDescription(
    DataSpec data,
    Map<String, String> notes,
    Split split,
    Optional<String> stored,
    List<String> factors,
    SubsetDescription train,
    SubsetDescription test) {
  public DataDescription {
    notes = Collections.unmodifiableMap(new LinkedHashMap<>(notes));
    factors = List.copyOf(factors);
  }

  /**
   * One subset.
   *
   * @param count number of rows
   * @param labelsSha256 SHA-256 of the labels, a stream of little-endian float64 in row order
   * @param factors facts about each factor
   * @param images facts about the images, if requested
   */
  public record SubsetDescription(
      int count, String labelsSha256, List<FactorSummary> factors, Optional<ImageFacts> images) {
    public SubsetDescription {
      factors = List.copyOf(factors);
    }
  }

  /**
   * The images of one subset.
   *
   * @param sha256 SHA-256 of the images as they are stored (uint8 or little-endian float32), in row
   *     order
   * @param minimum smallest value
   * @param maximum largest value
   * @param channelMeans mean value of each plane
   */
  public record ImageFacts(
      String sha256, double minimum, double maximum, List<Double> channelMeans) {
    public ImageFacts {
      channelMeans = List.copyOf(channelMeans);
    }
  }

  /** Describes the labels only; builds no image. */
  public static DataDescription ofLabels(ImageSource source, Split split) {
    return of(source, split, rows -> Optional.empty());
  }

  /** Describes labels and images, of both subsets at the same time. */
  public static DataDescription ofImages(ImageSet images, Split split) {
    return of(images.source(), split, rows -> Optional.of(facts(images, rows)));
  }

  private static DataDescription of(
      ImageSource source, Split split, Function<int[], Optional<ImageFacts>> facts) {
    Partition partition = source.partition(split);
    Function<Subset, SubsetDescription> describe =
        subset -> {
          int[] rows = partition.rows(subset);
          return new SubsetDescription(
              rows.length,
              source.labelsSha256(rows),
              FactorSummary.of(source, rows),
              facts.apply(rows));
        };
    CompletableFuture<SubsetDescription> train =
        CompletableFuture.supplyAsync(() -> describe.apply(Subset.TRAIN));
    SubsetDescription test = describe.apply(Subset.TEST);
    return new DataDescription(
        source.spec(),
        source.notes(),
        split,
        source.stored(),
        source.factorNames(),
        train.join(),
        test);
  }

  private static ImageFacts facts(ImageSet images, int[] rows) {
    int channels = images.spec().channels();
    int plane = images.spec().dimensions() / channels;
    float[] image = new float[images.spec().dimensions()];
    PlaneFacts[] planes = new PlaneFacts[channels];
    Arrays.setAll(planes, c -> new PlaneFacts());
    for (int row : rows) {
      images.read(row, image);
      for (int c = 0; c < channels; c++) {
        planes[c].add(image, c * plane, (c + 1) * plane);
      }
    }
    return new ImageFacts(
        images.sha256(rows),
        Arrays.stream(planes).mapToDouble(p -> p.minimum).min().orElseThrow(),
        Arrays.stream(planes).mapToDouble(p -> p.maximum).max().orElseThrow(),
        Arrays.stream(planes).map(p -> p.sum / ((double) rows.length * plane)).toList());
  }

  /** Accumulated facts about one plane of many images. */
  private static final class PlaneFacts {
    private float minimum = Float.POSITIVE_INFINITY;
    private float maximum = Float.NEGATIVE_INFINITY;
    private double sum;

    void add(float[] image, int from, int to) {
      for (int i = from; i < to; i++) {
        minimum = Math.min(minimum, image[i]);
        maximum = Math.max(maximum, image[i]);
        sum += image[i];
      }
    }
  }

  /** The facts under the names that the command line prints, in a fixed order. */
  public Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("data", data.text());
    fields.putAll(notes);
    fields.put("split", split.text());
    fields.put("channels", data.channels());
    fields.put("height", data.height());
    fields.put("width", data.width());
    stored.ifPresent(text -> fields.put("stored", text));
    fields.put("factors", factors);
    fields.put("train", train.count());
    fields.put("test", test.count());
    fields.put("trainLabelsSha256", train.labelsSha256());
    fields.put("testLabelsSha256", test.labelsSha256());
    fields.put("trainFactors", train.factors().stream().map(FactorSummary::fields).toList());
    fields.put("testFactors", test.factors().stream().map(FactorSummary::fields).toList());
    train.images().ifPresent(images -> putImages(fields, Subset.TRAIN, images));
    test.images().ifPresent(images -> putImages(fields, Subset.TEST, images));
    return fields;
  }

  private static void putImages(Map<String, Object> fields, Subset subset, ImageFacts images) {
    fields.put(subset.text() + "ImagesSha256", images.sha256());
    fields.put(subset.text() + "Minimum", images.minimum());
    fields.put(subset.text() + "Maximum", images.maximum());
    fields.put(subset.text() + "ChannelMeans", images.channelMeans());
  }
}
