package org.ratescope.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.ratescope.dataset.ImageSet;
import org.ratescope.dataset.ImageSource;
import org.ratescope.dataset.source.ImageLibrary;
import org.ratescope.dataset.store.BuildListener;
import org.ratescope.dataset.tetromino.Tetrominoes;
import org.ratescope.spec.Split;
import org.ratescope.spec.Subset;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.sweep.SharedCache;

class DataDescriptionTest {
  @Test
  void labels() {
    ImageSource source = Tetrominoes.of(DataSpec.Tetrominoes.published());
    DataDescription description = DataDescription.ofLabels(source, new Split.ConstantVolume(0.1));
    Map<String, Object> fields = description.fields();
    assertThat(fields)
        .containsEntry("data", "tetrominoes:preset=published,shape=J,resolution=32")
        .containsEntry("split", "cv:0.1")
        .containsEntry("train", 16384)
        .containsEntry("test", 147456)
        .containsEntry(
            "trainLabelsSha256", "93843875ba3d13240fd37cb83b3ad968d650df11350ac259cfaffdba9a130efa")
        .containsEntry(
            "testLabelsSha256", "bbd388350f8ddc00d5c331441961b27103c627b7b3b771905eacff3ed113b1ad")
        .containsEntry("factors", List.of("angle", "color", "scale", "x", "y", "shape"))
        .doesNotContainKeys("trainImagesSha256", "testImagesSha256");
    assertThat(List.of("channels", "height", "width").stream().map(fields::get))
        .containsExactly(3, 32, 32);
  }

  /** Values are counted for factors with few values; other factors have their range. */
  @Test
  void factors() {
    ImageSource source = Tetrominoes.of(DataSpec.Tetrominoes.published());
    Split split = new Split.ConstantVolume(0.1);
    int[] rows = source.partition(split).rows(Subset.TRAIN);
    double smallest = Double.POSITIVE_INFINITY;
    double largest = Double.NEGATIVE_INFINITY;
    for (int row : rows) {
      smallest = Math.min(smallest, source.factors(row)[0]);
      largest = Math.max(largest, source.factors(row)[0]);
    }
    List<FactorSummary> facts = DataDescription.ofLabels(source, split).train().factors();
    assertThat(facts).extracting(FactorSummary::name).isEqualTo(source.factorNames());
    FactorSummary angle = facts.getFirst();
    assertThat(angle.minimum()).isEqualTo(smallest);
    assertThat(angle.maximum()).isEqualTo(largest);
    assertThat(angle.distinct()).isEqualTo(rows.length);
    assertThat(angle.counts()).isEmpty();
    assertThat(angle.fields()).doesNotContainKey("counts");
    FactorSummary shape = facts.getLast();
    assertThat(shape.counts()).containsExactly(Map.entry(0.0, rows.length));
    assertThat(shape.fields())
        .containsEntry("distinct", 1)
        .containsEntry("counts", Map.of("0", rows.length));
  }

  @Test
  void images() throws IOException {
    ImageSet images =
        ImageLibrary.at(SharedCache.folder())
            .open(DataSpec.parse("tetrominoes:resolution=4"), BuildListener.SILENT);
    Split split = new Split.ConstantDensity(0.01);
    int[] test = images.partition(split).rows(Subset.TEST);
    double green = 0;
    float maximum = 0;
    for (int row : test) {
      float[] image = images.image(row);
      for (int i = 16; i < 32; i++) {
        green += image[i] / (16.0 * test.length);
        maximum = Math.max(maximum, image[i]);
      }
    }
    DataDescription description = DataDescription.ofImages(images, split);
    Map<String, Object> fields = description.fields();
    assertThat(fields)
        .containsEntry("test", test.length)
        .containsEntry("testImagesSha256", images.sha256(test))
        .containsEntry("testMinimum", 0.0)
        .containsKeys("trainImagesSha256", "trainMinimum", "trainMaximum", "trainChannelMeans");
    assertThat((Double) fields.get("testMaximum")).isBetween((double) maximum, 1.0);
    List<Double> means = description.test().images().orElseThrow().channelMeans();
    assertThat(means).hasSize(3).isEqualTo(fields.get("testChannelMeans"));
    assertThat(means.get(1)).isCloseTo(green, within(1e-12));
    assertThat(fields.get("trainImagesSha256")).isNotEqualTo(fields.get("testImagesSha256"));
  }
}
