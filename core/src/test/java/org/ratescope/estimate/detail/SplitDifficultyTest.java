package org.ratescope.estimate.detail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.dataset.ImageSet;
import org.ratescope.dataset.Partition;
import org.ratescope.dataset.store.BuildListener;
import org.ratescope.dataset.store.ImageStore;
import org.ratescope.dataset.tetromino.Tetrominoes;
import org.ratescope.estimate.detail.SplitDifficulty.Neighbour;
import org.ratescope.estimate.posterior.MeanEstimate;
import org.ratescope.spec.Split;
import org.ratescope.spec.Subset;
import org.ratescope.spec.data.DataSpec;

class SplitDifficultyTest {
  private static final Split SPLIT = new Split.ConstantDensity(0.01);

  private static final DataSpec.Tetrominoes SMALL =
      new DataSpec.Tetrominoes(DataSpec.Preset.PUBLISHED, DataSpec.Shape.J, 4);

  @TempDir static Path root;

  private static double distance(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.pow((double) a[i] - b[i], 2);
    }
    return Math.sqrt(sum);
  }

  /** More test images than are searched at once, compared with a loop over all pairs. */
  @Test
  void agreesWithALoopOverAllPairs() throws IOException {
    ImageSet images = ImageStore.at(root).open(Tetrominoes.of(SMALL), BuildListener.SILENT);
    Partition partition = images.partition(SPLIT);
    List<String> progress = new ArrayList<>();
    SplitDifficulty found =
        SplitDifficulty.of(
            images, SPLIT, 600, (what, done, total) -> progress.add(done + "/" + total));

    assertThat(progress).containsExactly("512/600", "600/600");
    assertThat(found.trainImages()).isEqualTo(partition.size(Subset.TRAIN));
    assertThat(found.testImages()).isEqualTo(partition.size(Subset.TEST)).isGreaterThan(600);
    assertThat(found.neighbours()).hasSize(600).extracting(Neighbour::row).doesNotHaveDuplicates();
    double sum = 0;
    double before = 0;
    for (Neighbour neighbour : found.neighbours()) {
      assertThat(Arrays.binarySearch(partition.rows(Subset.TEST), neighbour.row())).isNotNegative();
      float[] image = images.image(neighbour.row());
      double smallest = Double.POSITIVE_INFINITY;
      for (int row : partition.rows(Subset.TRAIN)) {
        smallest = Math.min(smallest, distance(image, images.image(row)));
      }
      assertThat(neighbour.distance()).isCloseTo(smallest, within(1e-12));
      assertThat(distance(image, images.image(neighbour.nearest())))
          .isCloseTo(smallest, within(1e-12));
      assertThat(neighbour.distance()).isGreaterThanOrEqualTo(before);
      before = neighbour.distance();
      sum += smallest;
    }
    assertThat(found.nearest().value()).isCloseTo(sum / 600, within(1e-12));

    // random pairs: within five standard errors of the mean over all pairs of 200 test images
    double all = 0;
    int pairs = 0;
    for (int i = 0; i < 200; i++) {
      float[] image = images.image(found.neighbours().get(3 * i).row());
      for (int row : partition.rows(Subset.TRAIN)) {
        all += distance(image, images.image(row));
        pairs++;
      }
    }
    assertThat(found.random().value())
        .isCloseTo(all / pairs, within(5 * found.random().standardError()));
    assertThat(found.nearest().value()).isLessThan(found.random().value());
    assertThat(SplitDifficulty.of(images, SPLIT, 600, BuildListener.SILENT)).isEqualTo(found);
  }

  @Test
  void facts() {
    List<Neighbour> neighbours = new ArrayList<>();
    for (int i = 0; i <= 10; i++) {
      neighbours.add(new Neighbour(100 + i, i, Math.max(0, i - 1)));
    }
    SplitDifficulty difficulty =
        new SplitDifficulty(
            50, 40, new MeanEstimate(4.1, 0.9, 11), new MeanEstimate(20, 1, 11), neighbours);
    assertThat(difficulty.fields())
        .containsEntry("testImages", 11)
        .containsEntry("ofTestImages", 50)
        .containsEntry("amongTrainingImages", 40)
        .containsEntry("nearestMean", 4.1)
        .containsEntry("nearestStandardError", 0.9)
        .containsEntry("nearest10", 0.0)
        .containsEntry("nearest50", 4.0)
        .containsEntry("nearest90", 8.0)
        .containsEntry("duplicates", 2)
        .containsEntry("duplicateShare", 2 / 11.0)
        .containsEntry("randomMean", 20.0)
        .containsEntry("randomStandardError", 1.0);
  }

  @Test
  void emptySubsetsAreRefused() throws IOException {
    ImageSet images = ImageStore.at(root).open(Tetrominoes.of(SMALL), BuildListener.SILENT);
    assertThatThrownBy(() -> SplitDifficulty.of(images, SPLIT, 0, BuildListener.SILENT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("got ")
        .hasMessageEndingWith("test images, with a limit of 0; expected at least one of each");
  }
}
