package org.ratescope.dataset.tetromino;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.analysis.DataDescription;
import org.ratescope.analysis.DataDescription.ImageFacts;
import org.ratescope.dataset.ImageSet;
import org.ratescope.dataset.store.BuildListener;
import org.ratescope.dataset.store.ImageStore;
import org.ratescope.spec.Split;
import org.ratescope.spec.data.DataSpec;

/** All 163,840 published images, 2 GB, compared with the hashes of the authors' generator. */
class FullRenderTest {
  @Test
  void publishedImages(@TempDir Path root) throws IOException {
    ImageSet images =
        ImageStore.at(root)
            .open(Tetrominoes.of(DataSpec.Tetrominoes.published()), BuildListener.SILENT);
    DataDescription description = DataDescription.ofImages(images, new Split.Default());
    ImageFacts train = description.train().images().orElseThrow();
    ImageFacts test = description.test().images().orElseThrow();

    JsonNode expected = Fixtures.manifest().get("full_render_sha256_float32_CHW");
    assertThat(train.sha256()).isEqualTo(expected.get("id_train").asText());
    assertThat(test.sha256()).isEqualTo(expected.get("id_test").asText());

    List<Double> means = List.of(0.021742, 0.029014, 0.026284); // the specification's section 7
    for (int c = 0; c < 3; c++) {
      double mean = (train.channelMeans().get(c) + test.channelMeans().get(c)) / 2;
      assertThat(mean).isCloseTo(means.get(c), within(5e-7));
    }
    assertThat(List.of(train.minimum(), train.maximum())).containsExactly(0.0, 1.0);
    assertThat(atTheEdge(images)).isEqualTo(2789); // likewise
  }

  private static int atTheEdge(ImageSet images) {
    float[] image = new float[images.spec().dimensions()];
    int count = 0;
    for (int row = 0; row < images.size(); row++) {
      images.read(row, image);
      count += touchesTheEdge(image) ? 1 : 0;
    }
    return count;
  }

  private static boolean touchesTheEdge(float[] image) {
    for (int i = 0; i < image.length; i++) {
      int y = i / 32 % 32;
      int x = i % 32;
      if (image[i] != 0 && (y == 0 || y == 31 || x == 0 || x == 31)) {
        return true;
      }
    }
    return false;
  }
}
