package org.ratescope.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ratescope.data.BuildListener;
import org.ratescope.data.ImageSet;
import org.ratescope.data.ImageStore;
import org.ratescope.data.Partition;
import org.ratescope.estimate.Examples;
import org.ratescope.record.DataPicture;
import org.ratescope.record.Finding;
import org.ratescope.run.SharedCache;
import org.ratescope.study.Analysis;
import org.ratescope.study.DataSpec;
import org.ratescope.study.Half;
import org.ratescope.study.RunRandom;
import org.ratescope.study.Split;
import org.ratescope.study.TableA2;
import org.ratescope.tetromino.FeatureSensitivity;
import org.ratescope.tetromino.Tetrominoes;
import org.ratescope.torch.Engine;
import org.ratescope.torch.Pool;

/** Answers about real Tetrominoes of 4 by 4 pixels, against plain loops. */
class DataAnalystTest {
  private static final DataSpec.Tetrominoes DATA =
      new DataSpec.Tetrominoes(DataSpec.Preset.PUBLISHED, DataSpec.Shape.J, 4);

  /** 1,024 training images. */
  private static final Split SPARSE = new Split.ConstantVolume(0.00625);

  private static final Path CACHE = SharedCache.folder();
  private static ImageSet images;
  private static DataAnalyst analyst;

  @BeforeAll
  static void open() throws IOException {
    Engine.useOneThread();
    images = ImageStore.at(CACHE).open(Tetrominoes.of(DATA), BuildListener.SILENT);
    Pool pool = Examples.pool(images);
    analyst = DataAnalyst.of(images, pool);
  }

  private static <T extends Finding> T answer(Analysis analysis, Class<T> type) {
    return type.cast(analyst.answer(analysis));
  }

  private static double distance(float[] a, float[] b) {
    return Math.sqrt(
        IntStream.range(0, a.length).mapToDouble(i -> (double) a[i] - b[i]).map(d -> d * d).sum());
  }

  /** The test images that are looked at: the subset that all estimators use. */
  private static int[] sampled(Partition partition, int count) {
    int[] rows = partition.rows(Half.TEST);
    RunRandom.of(0, RunRandom.Stream.SUBSET, 1).shuffle(rows);
    return IntStream.of(rows).limit(count).sorted().toArray();
  }

  @Test
  void neighbourDistancesAreThoseOfAllPairs() {
    Partition partition = images.partition(SPARSE);
    double[] nearest =
        IntStream.of(sampled(partition, 100))
            .mapToDouble(
                test ->
                    IntStream.of(partition.rows(Half.TRAIN))
                        .mapToDouble(train -> distance(images.image(test), images.image(train)))
                        .min()
                        .orElseThrow())
            .sorted()
            .toArray();
    double mean = IntStream.range(0, 100).mapToDouble(i -> nearest[i]).average().orElseThrow();
    double variance =
        IntStream.range(0, 100).mapToDouble(i -> Math.pow(nearest[i] - mean, 2)).sum() / 99;

    Finding.Distances found =
        answer(new Analysis.Neighbours(DATA, SPARSE, 100), Finding.Distances.class);

    assertThat(found.train()).isEqualTo(1024);
    assertThat(found.test()).isEqualTo(163_840 - 1024);
    assertThat(found.examples()).isEqualTo(100);
    assertThat(found.mean()).isCloseTo(mean, within(1e-12));
    assertThat(found.standardError()).isCloseTo(Math.sqrt(variance / 100), within(1e-12));
    assertThat(found.p10()).isCloseTo(nearest[10], within(1e-12));
    assertThat(found.p50()).isCloseTo(nearest[50], within(1e-12));
    assertThat(found.p90()).isCloseTo(nearest[89], within(1e-12));
    assertThat(found.normaliser()).isEqualTo(Math.sqrt(48));
    assertThat(found.histogram().total()).isEqualTo(100);
    assertThat(found.histogram().width()).isEqualTo(Math.sqrt(48) / 256);
    assertThat(found.histogram().low(0)).isLessThanOrEqualTo(nearest[0]);
    assertThat(found.histogram().low(found.histogram().counts().size())).isGreaterThan(nearest[99]);
    assertThat(found.pictures())
        .extracting(DataPicture::name)
        .containsExactly("minimum", "minimum", "median", "median", "maximum", "maximum");
    assertThat(found.pictures().get(1).distance()).isCloseTo(nearest[0], within(1e-12));
    assertThat(found.pictures().get(5).distance()).isCloseTo(nearest[99], within(1e-12));
  }

  @Test
  void sensitivityIsThatOfTheSameRows() {
    Finding.Sensitivities found =
        answer(new Analysis.Sensitivity(DATA, 400), Finding.Sensitivities.class);

    assertThat(found.factors())
        .extracting(Finding.FactorSensitivity::factor)
        .containsExactly("angle", "color", "scale", "x", "y");
    int[] rows = Rows.drawn(images.size(), 400, 4);
    for (int factor = 0; factor < 5; factor++) {
      Finding.FactorSensitivity one = found.factors().get(factor);
      FeatureSensitivity plain = FeatureSensitivity.of(Tetrominoes.of(DATA), factor, rows);
      assertThat(one.mean()).isCloseTo(plain.mean(), within(1e-12));
      assertThat(one.examples()).isEqualTo(400);
      assertThat(one.histogram().total()).isEqualTo(400);
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
      assertThat(answer(new Analysis.Sizes(DATA, row.split()), Finding.Sizes.class))
          .as(row.name())
          .isEqualTo(new Finding.Sizes(row.train(), row.test()));
    }
  }

  @Test
  void samplesAreImagesOfTheDataSetAndOfEveryPiece() throws IOException {
    List<DataPicture> pictures =
        answer(new Analysis.Samples(DATA), Finding.Samples.class).pictures();

    assertThat(pictures).hasSize(SampleImages.SAMPLES + 7 * SampleImages.OF_EACH_PIECE);
    assertThat(pictures.stream().map(DataPicture::name).distinct())
        .containsExactly("sample", "J", "L", "I", "T", "Z", "S", "O");
    assertThat(pictures.stream().map(DataPicture::image).distinct().count()).isGreaterThan(100);
    String png = pictures.getFirst().image().substring("data:image/png;base64,".length());
    var image = ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(png)));
    float[] expected = images.image(Rows.drawn(images.size(), 1, 2)[0]);
    for (int pixel = 0; pixel < 16; pixel++) {
      int red = image.getRaster().getSample(pixel % 4, pixel / 4, 0);
      assertThat(red).isEqualTo(Math.round(expected[pixel] * 255));
    }
  }

  @Test
  void thePlaneHasItsFourSplits() {
    List<Finding.Point> points = answer(new Analysis.Plane(DATA), Finding.Plane.class).points();

    assertThat(points.stream().map(Finding.Point::split).distinct())
        .containsExactly("default", "checkerboard", "cd:0.2", "cv:0.1");
    assertThat(points.stream().filter(p -> !p.split().equals("cd:0.2"))).hasSize(3 * 600);
  }

  @Test
  void questionsAboutOtherImagesAreRefused() {
    assertThatThrownBy(() -> analyst.answer(new Analysis.Samples(DataSpec.Tetrominoes.published())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("resolution=4, came a question about");
  }
}
