package org.ratescope.estimate.detail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ratescope.dataset.ImageSet;
import org.ratescope.dataset.format.PngWriter;
import org.ratescope.dataset.store.BuildListener;
import org.ratescope.dataset.store.ImageStore;
import org.ratescope.dataset.tetromino.Tetrominoes;
import org.ratescope.estimate.EvaluationData;
import org.ratescope.estimate.TrainedModel;
import org.ratescope.estimate.posterior.Examples;
import org.ratescope.estimate.posterior.Posteriors;
import org.ratescope.model.ParameterLayout;
import org.ratescope.model.Parameters;
import org.ratescope.results.Gallery;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.RunRandom;
import org.ratescope.spec.Split;
import org.ratescope.spec.Subset;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.sweep.SharedCache;
import org.ratescope.tensor.Libtorch;
import org.ratescope.tensor.Tensors;

/** Every picture of a gallery, compared with the image that its code gives when decoded alone. */
class GallerySheetsTest {
  private static final DataSpec.Tetrominoes DATA =
      new DataSpec.Tetrominoes(DataSpec.Preset.PUBLISHED, DataSpec.Shape.J, 4);
  private static final int LATENT = 3;

  private static PointerScope scope;
  private static ImageSet images;
  private static EvaluationData data;
  private static TrainedModel model;
  private static Gallery gallery;

  @BeforeAll
  static void make() throws IOException {
    Libtorch.useOneThread();
    images = ImageStore.at(SharedCache.folder()).open(Tetrominoes.of(DATA), BuildListener.SILENT);
    data =
        EvaluationData.of(
            Examples.pool(images), images.partition(new Split.ConstantVolume(1.0 / 1024)), 60);
    scope = new PointerScope();
    Parameters parameters =
        Parameters.zeros(
            ParameterLayout.of(Architecture.parse("mlp:1x8"), DATA.dimensions(), LATENT),
            ScalarType.Double,
            1);
    parameters.initialize(0, 3);
    model = TrainedModel.of(parameters, 0, Likelihood.parse("bernoulli"));
    gallery = GallerySheets.of(images, model, data);
  }

  @AfterAll
  static void close() {
    scope.close();
  }

  private static Gallery.Sheet sheet(String kind) {
    return gallery.sheets().stream().filter(s -> s.kind().equals(kind)).findFirst().orElseThrow();
  }

  /** The colours of one image of a sheet, between lines of one pixel. */
  private static int[] cell(Gallery.Sheet sheet, int row, int column) throws IOException {
    byte[] png =
        Base64.getDecoder().decode(sheet.image().substring("data:image/png;base64,".length()));
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
    assertThat(image.getWidth()).isEqualTo(5 * sheet.columns() - 1);
    assertThat(image.getHeight()).isEqualTo(5 * sheet.rows() - 1);
    return image.getRGB(5 * column, 5 * row, 4, 4, null, 0, 4);
  }

  private static int[] colours(float[] image) {
    return PngWriter.image(image, 3, 4, 4).getRGB(0, 0, 4, 4, null, 0, 4);
  }

  /** E[x|z] of one code. */
  private static int[] decoded(double... code) {
    try (PointerScope inner = new PointerScope()) {
      double[] batch = new double[TrainedModel.BATCH * LATENT];
      System.arraycopy(code, 0, batch, 0, LATENT);
      Tensors.write(batch, model.vae().codes());
      model.vae().decode();
      return colours(Tensors.floats(model.vae().decoderMean().select(0, 0).select(0, 0)));
    }
  }

  private static double[] code(int example) {
    Posteriors codes = model.posteriors(data.examples(Subset.TEST, 8));
    return Arrays.copyOfRange(codes.mean(), example * LATENT, (example + 1) * LATENT);
  }

  @Test
  void kindsAndSizes() {
    assertThat(gallery.sheets())
        .extracting(s -> "%s %dx%d".formatted(s.kind(), s.rows(), s.columns()))
        .containsExactly(
            "samples 2x8",
            "images 1x8",
            "reconstructions 1x8",
            "traversals 3x7",
            "interpolations 4x8");
  }

  @Test
  void samplesAreDecodedCodesOfThePrior() throws IOException {
    for (int i = 0; i < 16; i++) {
      double[] z = new double[LATENT];
      RunRandom.named(0, "gallery.prior", i).normals(z, 0, LATENT);
      assertThat(cell(sheet("samples"), i / 8, i % 8)).as("sample %d", i).isEqualTo(decoded(z));
    }
  }

  @Test
  void reconstructionsAreBelowTheirImages() throws IOException {
    Examples shown = data.examples(Subset.TEST, 8);
    for (int i = 0; i < 8; i++) {
      assertThat(cell(sheet("images"), 0, i)).isEqualTo(colours(images.image(shown.row(i))));
      assertThat(cell(sheet("reconstructions"), 0, i))
          .isEqualTo(colours(model.reconstruct(shown, i)));
    }
  }

  @Test
  void traversalsMoveOneLatentAtATime() throws IOException {
    Posteriors rated = model.posteriors(data.examples(Subset.TEST, 512));
    double[] rates = GallerySheets.rates(rated);
    List<Integer> order =
        IntStream.range(0, LATENT)
            .boxed()
            .sorted((a, b) -> Double.compare(rates[b], rates[a]))
            .toList();
    for (int row = 0; row < LATENT; row++) {
      for (int value = -3; value <= 3; value++) {
        double[] z = code(0);
        z[order.get(row)] = value;
        assertThat(cell(sheet("traversals"), row, value + 3)).isEqualTo(decoded(z));
      }
    }
    assertThat(sheet("traversals").about())
        .startsWith("latents (nats of the rate) %d (".formatted(order.getFirst() + 1));
  }

  /** KL(N(1, e) ‖ N(0, 1)) = ½ (1 + e − 1 − 1) and KL(N(0, 1) ‖ N(0, 1)) = 0, averaged. */
  @Test
  void theRateOfALatentIsItsMeanDivergenceFromTheStandardNormal() {
    Posteriors two = Posteriors.of(2, new double[] {1, 0, 0, 0}, new double[] {1, 0, 0, 0});
    assertThat(GallerySheets.rates(two)[0]).isCloseTo((Math.E - 1) / 4, within(1e-15));
    assertThat(GallerySheets.rates(two)[1]).isZero();
  }

  @Test
  void interpolationsGoFromOneImageToTheOther() throws IOException {
    Gallery.Sheet sheet = sheet("interpolations");
    Examples shown = data.examples(Subset.TEST, 8);
    for (int pair = 0; pair < 4; pair++) {
      double[] from = code(2 * pair);
      double[] to = code(2 * pair + 1);
      assertThat(cell(sheet, pair, 0)).isEqualTo(colours(images.image(shown.row(2 * pair))));
      assertThat(cell(sheet, pair, 7)).isEqualTo(colours(images.image(shown.row(2 * pair + 1))));
      assertThat(cell(sheet, pair, 1)).isEqualTo(decoded(from));
      assertThat(cell(sheet, pair, 6)).isEqualTo(decoded(to));
      double[] between = new double[LATENT];
      Arrays.setAll(between, l -> 0.6 * from[l] + 0.4 * to[l]);
      assertThat(cell(sheet, pair, 3)).isEqualTo(decoded(between));
    }
  }
}
