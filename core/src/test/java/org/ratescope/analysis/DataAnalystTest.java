package org.ratescope.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ratescope.dataset.ImageSet;
import org.ratescope.dataset.Partition;
import org.ratescope.dataset.store.BuildListener;
import org.ratescope.dataset.store.ImageStore;
import org.ratescope.dataset.tetromino.FeatureSensitivity;
import org.ratescope.dataset.tetromino.Tetrominoes;
import org.ratescope.estimate.posterior.Examples;
import org.ratescope.results.DataAnalysis;
import org.ratescope.results.DataPicture;
import org.ratescope.spec.RunRandom;
import org.ratescope.spec.Split;
import org.ratescope.spec.Subset;
import org.ratescope.spec.TableA2;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.study.Analysis;
import org.ratescope.study.Evaluation;
import org.ratescope.sweep.SharedCache;
import org.ratescope.tensor.ImageTensor;
import org.ratescope.tensor.Libtorch;

/** Analyses of real Tetrominoes of 4 by 4 pixels, compared with plain loops. */
class DataAnalystTest {
  private static final DataSpec.Tetrominoes DATA =
      new DataSpec.Tetrominoes(DataSpec.Preset.PUBLISHED, DataSpec.Shape.J, 4);

  /** 160 test images, so that a loop over all pairs takes a second. */
  private static final Split DENSE = new Split.ConstantVolume(0.9990234375);

  /** 1,024 training images. */
  private static final Split SPARSE = new Split.ConstantVolume(0.00625);

  private static final Path CACHE = SharedCache.folder();
  private static ImageSet images;
  private static DataAnalyst analyst;

  @BeforeAll
  static void open() throws IOException {
    Libtorch.useOneThread();
    images = ImageStore.at(CACHE).open(Tetrominoes.of(DATA), BuildListener.SILENT);
    ImageTensor pool = Examples.pool(images);
    analyst = DataAnalyst.of(images, pool);
  }

  private static <T extends DataAnalysis> T answer(Analysis analysis, Class<T> type) {
    return type.cast(analyst.answer(analysis));
  }

  private static double nearest(float[] image, float[][] train) {
    double least = Double.POSITIVE_INFINITY;
    for (float[] other : train) {
      double sum = 0;
      for (int i = 0; i < image.length && sum < least; i++) {
        sum += ((double) image[i] - other[i]) * ((double) image[i] - other[i]);
      }
      least = Math.min(least, sum);
    }
    return Math.sqrt(least);
  }

  /** The test images used: the same subset as for all estimators. */
  private static int[] sampled(Partition partition, int count) {
    int[] rows = partition.rows(Subset.TEST);
    RunRandom.of(0, RunRandom.Stream.SUBSET, 1).shuffle(rows);
    return IntStream.of(rows).limit(count).sorted().toArray();
  }

  @Test
  void neighbourDistancesOfASampleAreThoseOfAllPairs() {
    Partition partition = images.partition(SPARSE);
    DataAnalysis.Distances found =
        answer(new Analysis.Neighbours(DATA, SPARSE, 100), DataAnalysis.Distances.class);

    assertThat(found.train()).isEqualTo(1024);
    assertThat(found.test()).isEqualTo(163_840 - 1024);
    checkDistances(found, partition, sampled(partition, 100));
  }

  /** Minimum, median and maximum are those of the whole test set (Figure A2). */
  @Test
  void neighbourDistancesOfAllTestImagesAreThoseOfAllPairs() {
    Partition partition = images.partition(DENSE);
    List<Integer> progress = new ArrayList<>();
    DataAnalysis.Distances found =
        (DataAnalysis.Distances)
            analyst.answer(new Analysis.Neighbours(DATA, DENSE, Evaluation.ALL), progress::add);

    int[] tests = partition.rows(Subset.TEST);
    assertThat(tests).hasSizeBetween(100, 200);
    assertThat(progress).containsExactly(tests.length);
    checkDistances(found, partition, tests);
  }

  private static void checkDistances(
      DataAnalysis.Distances found, Partition partition, int[] tests) {
    int n = tests.length;
    float[][] train =
        IntStream.of(partition.rows(Subset.TRAIN)).mapToObj(images::image).toArray(float[][]::new);
    double[] unsorted =
        IntStream.of(tests).mapToDouble(test -> nearest(images.image(test), train)).toArray();
    double[] nearest = Arrays.stream(unsorted).sorted().toArray();
    double mean = Arrays.stream(nearest).average().orElseThrow();
    double variance = Arrays.stream(nearest).map(d -> Math.pow(d - mean, 2)).sum() / (n - 1);

    assertThat(found.examples()).isEqualTo(n);
    assertThat(found.mean()).isCloseTo(mean, within(1e-12));
    assertThat(found.standardError()).isCloseTo(Math.sqrt(variance / n), within(1e-12));
    assertThat(found.p10()).isCloseTo(nearest[(int) Math.round(0.1 * (n - 1))], within(1e-12));
    assertThat(found.p50()).isCloseTo(nearest[(int) Math.round(0.5 * (n - 1))], within(1e-12));
    assertThat(found.p90()).isCloseTo(nearest[(int) Math.round(0.9 * (n - 1))], within(1e-12));
    assertThat(found.normaliser()).isEqualTo(Math.sqrt(48));
    assertThat(found.histogram().counts().stream().mapToInt(Integer::intValue).sum()).isEqualTo(n);
    assertThat(found.histogram().width()).isEqualTo(Math.sqrt(48) / 256);
    assertThat(found.histogram().low(0)).isLessThanOrEqualTo(nearest[0]);
    assertThat(found.histogram().low(found.histogram().counts().size()))
        .isGreaterThan(nearest[n - 1]);
    assertThat(found.pictures())
        .extracting(DataPicture::name)
        .containsExactly("minimum", "minimum", "median", "median", "maximum", "maximum");
    assertThat(found.pictures().get(1).distance()).isCloseTo(nearest[0], within(1e-12));
    assertThat(found.pictures().get(3).distance()).isEqualTo(found.p50());
    assertThat(found.pictures().get(5).distance()).isCloseTo(nearest[n - 1], within(1e-12));
    int farthest =
        IntStream.range(0, n)
            .boxed()
            .max(Comparator.comparingDouble(i -> unsorted[i]))
            .orElseThrow();
    assertThat(found.pictures().get(4).image())
        .isEqualTo(images.source().dataUri(images.image(tests[farthest])));
  }

  @Test
  void sensitivityIsThatOfTheSameRows() {
    DataAnalysis.Sensitivities found =
        answer(new Analysis.Sensitivity(DATA, 400), DataAnalysis.Sensitivities.class);

    assertThat(found.factors())
        .extracting(DataAnalysis.FactorSensitivity::factor)
        .containsExactly("angle", "color", "scale", "x", "y");
    int[] rows = RandomRows.drawn(images.size(), 400, 4);
    for (int factor = 0; factor < 5; factor++) {
      DataAnalysis.FactorSensitivity one = found.factors().get(factor);
      FeatureSensitivity plain = FeatureSensitivity.of(Tetrominoes.of(DATA), factor, rows);
      assertThat(one.mean())
          .isCloseTo(Arrays.stream(plain.distances()).average().orElseThrow(), within(1e-12));
      assertThat(one.examples()).isEqualTo(400);
      assertThat(one.histogram().counts().stream().mapToInt(Integer::intValue).sum())
          .isEqualTo(400);
      assertThat(one.standardError()).isPositive();
      assertThat(one.pictures()).hasSize(6);
      assertThat(one.pictures())
          .extracting(DataPicture::distance)
          .element(1)
          .isIn(IntStream.range(0, 400).mapToObj(i -> plain.distances()[i]).toList());
    }
  }

  @Test
  void theSizesOfTableA2() {
    for (TableA2 row : TableA2.ROWS) {
      assertThat(answer(new Analysis.Sizes(DATA, row.split()), DataAnalysis.Sizes.class))
          .as(row.name())
          .isEqualTo(new DataAnalysis.Sizes(row.train(), row.test()));
    }
  }

  @Test
  void samplesAreImagesOfTheDataSetAndOfEveryPiece() throws IOException {
    List<DataPicture> pictures =
        answer(new Analysis.Samples(DATA), DataAnalysis.Samples.class).pictures();

    assertThat(pictures).hasSize(SampleImages.SAMPLES + 7 * SampleImages.OF_EACH_PIECE);
    assertThat(pictures.stream().map(DataPicture::name).distinct())
        .containsExactly("sample", "J", "L", "I", "T", "Z", "S", "O");
    assertThat(pictures.stream().map(DataPicture::image).distinct().count()).isGreaterThan(100);
    String png = pictures.getFirst().image().substring("data:image/png;base64,".length());
    var image = ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(png)));
    float[] expected = images.image(RandomRows.drawn(images.size(), 1, 2)[0]);
    for (int pixel = 0; pixel < 16; pixel++) {
      int red = image.getRaster().getSample(pixel % 4, pixel / 4, 0);
      assertThat(red).isEqualTo(Math.round(expected[pixel] * 255));
    }
  }

  @Test
  void thePlaneHasItsFourSplits() {
    List<DataAnalysis.Point> points =
        answer(new Analysis.Plane(DATA), DataAnalysis.Plane.class).points();

    assertThat(points.stream().map(DataAnalysis.Point::split).distinct())
        .containsExactly("default", "checkerboard", "cd:0.2", "cv:0.1");
    assertThat(points.stream().filter(p -> !p.split().equals("cd:0.2"))).hasSize(3 * 600);
  }

  @Test
  void analysesOfOtherImagesAreRefused() {
    assertThatThrownBy(() -> analyst.answer(new Analysis.Samples(DataSpec.Tetrominoes.published())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("resolution=4, whose images these are");
  }
}
