package org.ratescope.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ratescope.model.architecture.Mlp;
import org.ratescope.model.architecture.NetworkArchitecture;
import org.ratescope.model.layer.ImageShape;
import org.ratescope.model.layer.LayerGraph;
import org.ratescope.model.layer.LayerSpec;
import org.ratescope.model.layer.ParameterView;
import org.ratescope.model.layer.convolution.ConvolutionSpec;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Prior;

class ParameterLayoutTest {

  /** Sizes, and padding before and after, over rows and columns of the first layer. */
  @ParameterizedTest
  @CsvSource({
    "3, 32x32, 16x16 8x8 4x4, 1 1 1 1",
    "3, 64x64, 32x32 16x16 8x8, 1 1 1 1",
    "3, 28x28, 16x16 8x8 4x4, 3 3 3 3",
    "2, 28x28, 16x16 8x8, 3 3 3 3",
    "1, 28x28, 16x16, 3 3 3 3",
    "1, 32x32, 16x16, 1 1 1 1",
    "1, 16x16, 8x8, 1 1 1 1",
    "3, 16x16, 8x8 4x4 2x2, 1 1 1 1",
    "1, 29x17, 16x12, 2 3 4 5",
    "2, 5x1, 4x4 2x2, 2 3 4 5",
    "3, 1x64, 4x32 2x16 1x8, 4 5 1 1",
    "5, 64x33, 32x32 16x16 8x8 4x4 2x2, 1 1 16 17",
  })
  void convolutionsHalveRowsAndColumns(int layers, String image, String sizes, String padding) {
    ParameterLayout layout =
        ParameterLayout.of(Architecture.parse("cnn:%sx7".formatted(layers)), shape(3, image), 2);
    List<ConvolutionSpec> encoder = convolutions(layout.encoder());
    assertThat(encoder.stream().map(c -> side(c.output())).collect(Collectors.joining(" ")))
        .isEqualTo(sizes);
    ConvolutionSpec first = encoder.getFirst();
    ImageShape padded = first.padded();
    assertThat(
            "%d %d %d %d"
                .formatted(
                    first.top(),
                    padded.height() - first.input().height() - first.top(),
                    first.left(),
                    padded.width() - first.input().width() - first.left()))
        .isEqualTo(padding);
    for (ConvolutionSpec later : encoder.subList(1, layers)) {
      assertThat(later.top()).isEqualTo(1);
      assertThat(later.padded().height() - later.input().height()).isEqualTo(2);
      assertThat(later.left()).isEqualTo(1);
      assertThat(later.padded().width() - later.input().width()).isEqualTo(2);
    }
    List<ConvolutionSpec> decoder = convolutions(layout.decoder());
    for (int i = 0; i < layers; i++) {
      ConvolutionSpec down = encoder.get(layers - 1 - i);
      ConvolutionSpec up = decoder.get(i);
      assertThat(up.input()).isEqualTo(down.output());
      assertThat(up.output()).isEqualTo(down.input());
      assertThat(up.transposed()).isTrue();
      assertThat(up.padded()).isEqualTo(down.padded());
    }
  }

  /** Counted by hand: 3136 + 2 · 65600 + 20500 + 11264 + 2 · 65600 + 3075, and so on. */
  @ParameterizedTest
  @CsvSource({
    "cnn:3x64, 3x32x32, 300375",
    "cnn:1x64, 3x32x32, 514135",
    "cnn:2x64, 1x28x28, 260309",
    "mlp:1x512, 3x32x32, 3165204"
  })
  void parametersAreCounted(String architecture, String image, long parameters) {
    String[] parts = image.split("x", 2);
    ParameterLayout layout =
        ParameterLayout.of(
            Architecture.parse(architecture), shape(Integer.parseInt(parts[0]), parts[1]), 10);
    assertThat(layout.parameters()).isEqualTo(parameters);
    assertThat(layout.size()).isBetween(parameters, parameters + 16L * 4 * layout.layers().size());
  }

  @Test
  void imagesHaveValues() {
    for (int[] s : new int[][] {{0, 1, 1}, {1, 0, 1}, {1, 1, -1}}) {
      assertThatThrownBy(() -> new ImageShape(s[0], s[1], s[2]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "an image needs at least one channel, row and column; got %dx%dx%d"
                  .formatted(s[0], s[1], s[2]));
    }
    assertThatThrownBy(() -> new ImageShape(1 << 11, 1 << 11, 1 << 11))
        .isInstanceOf(ArithmeticException.class);
  }

  /**
   * An update's products by hand: with B = 8, D = 6, 2 units, L = 1 the encoder has 12 + 4
   * multiplications of which 12 read images, the decoder 2 + 12.
   */
  @ParameterizedTest
  @CsvSource({
    "normal, 0",
    "vamp:5, 480", // 2 · 5 · 3 · 16
    "exemplar:5, 360" // 2 · 5 · (3 · 16 − 12): images that stay have no gradient
  })
  void anUpdateCountsTheImagesThatThePriorEncodes(String prior, long more) {
    ParameterLayout layout =
        ParameterLayout.of(
            Architecture.parse("mlp:1x2"), ImageShape.vector(6), 1, Prior.parse(prior));
    assertThat(layout.trainingOperations(8)).isEqualTo(8 * 2 * (3 * (16 + 14) - 12) + more);
  }

  /** The MLP, for images with planes: {@code decoder} gives the shape of its output. */
  private record PlanesMlp(UnaryOperator<ImageShape> decoder) implements NetworkArchitecture {
    private static final Mlp MLP = new Mlp(1, 3);

    @Override
    public String family() {
      return "planes";
    }

    @Override
    public String numbers() {
      return MLP.numbers();
    }

    @Override
    public int layers() {
      return MLP.layers();
    }

    @Override
    public int width() {
      return MLP.width();
    }

    @Override
    public String displayName() {
      return text();
    }

    @Override
    public Architecture of(int layers, int width) {
      return this;
    }

    @Override
    public boolean readsPlanes() {
      return true;
    }

    @Override
    public void encoder(LayerGraph network) {
      MLP.encoder(network);
    }

    @Override
    public void decoder(LayerGraph network, ImageShape images) {
      MLP.decoder(network, decoder.apply(images));
    }
  }

  /** PyTorch flattens images plane by plane; so do fully connected layers beside them. */
  @Test
  void fullyConnectedLayersBesideImagesHaveValuesPlaneByPlane() {
    ImageShape images = new ImageShape(3, 2, 2);
    PlanesMlp vector = new PlanesMlp(shape -> ImageShape.vector(shape.dimensions()));
    assertThat(views(vector, images)).isEqualTo(views(PlanesMlp.MLP, images));
    assertThatThrownBy(() -> views(new PlanesMlp(shape -> shape), images))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "architecture planes:1x3: the decoder's last layer is fully connected and gives 3x2x2;"
                + " expected ImageShape.vector(12), since images are read plane by plane");
    ImageShape grey = new ImageShape(1, 2, 2);
    assertThat(views(new PlanesMlp(shape -> shape), grey)).hasSize(10);
  }

  private static List<ParameterView> views(Architecture architecture, ImageShape images) {
    return ParameterLayout.of(architecture, images, 2).groups().stream()
        .flatMap(group -> group.views().stream())
        .toList();
  }

  private static List<ConvolutionSpec> convolutions(List<LayerSpec> stack) {
    return stack.stream()
        .filter(ConvolutionSpec.class::isInstance)
        .map(ConvolutionSpec.class::cast)
        .toList();
  }

  private static ImageShape shape(int channels, String side) {
    String[] parts = side.split("x", -1);
    return new ImageShape(channels, Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
  }

  private static String side(ImageShape shape) {
    return shape.height() + "x" + shape.width();
  }
}
