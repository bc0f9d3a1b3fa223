package org.ratescope.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ratescope.model.layer.ImageShape;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.RunRandom;
import org.ratescope.tensor.Libtorch;
import org.ratescope.tensor.Tensors;

class ParametersTest {
  @BeforeAll
  static void load() {
    Libtorch.useOneThread();
  }

  /** Runs of older versions are made again with their bits: the hash is theirs. */
  @Test
  void fullyConnectedLayersKeepTheirInitialWeights() throws NoSuchAlgorithmException {
    ParameterLayout layout =
        ParameterLayout.of(Architecture.parse("mlp:2x5"), new ImageShape(3, 4, 4), 3);
    try (PointerScope scope = new PointerScope()) {
      Parameters parameters = Parameters.zeros(layout, ScalarType.Double, 1);
      parameters.initialize(0, 7);
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES);
      for (double value : Tensors.doubles(parameters.rows())) {
        bytes.putDouble(0, value);
        digest.update(bytes.array());
      }
      assertThat(HexFormat.of().formatHex(digest.digest()))
          .isEqualTo("876e910f86af98ec0d0cc917bd93458ae288a1b09b8035252d49ad1dcb16f164");
    }
  }

  /** Number i of a parameter, in PyTorch's order, is word i of its own stream of random words. */
  @Test
  void convolutionsStartAsPyTorchs() {
    ParameterLayout layout =
        ParameterLayout.of(Architecture.parse("cnn:2x6"), new ImageShape(3, 16, 16), 4);
    try (PointerScope scope = new PointerScope()) {
      Parameters parameters = Parameters.zeros(layout, ScalarType.Double, 1);
      parameters.initialize(0, 11);
      Map<String, Tensor> views = WeightsFile.views(parameters, 0);
      // fan-in of Conv2d: in · 16; of Linear: in; of ConvTranspose2d: out · 16, as PyTorch counts
      check(views, "encoder.0", 0, 3 * 16);
      check(views, "encoder.1", 1, 6 * 16);
      check(views, "mean", 2, 6 * 4 * 4);
      check(views, "logvar", 3, 6 * 4 * 4);
      check(views, "decoder.0", 4, 4);
      check(views, "decoder.1", 5, 6 * 16);
      check(views, "decoder.2", 6, 3 * 16);
      assertThat(views).hasSize(14);
    }
  }

  private static void check(Map<String, Tensor> views, String name, int stream, int fanIn) {
    RunRandom random = RunRandom.of(11, RunRandom.Stream.INITIALIZATION, stream);
    double[] weight = Tensors.doubles(Objects.requireNonNull(views.get(name + ".weight"), name));
    double[] bias = Tensors.doubles(Objects.requireNonNull(views.get(name + ".bias"), name));
    double bound = 1 / Math.sqrt(fanIn);
    double[] expected = new double[weight.length + bias.length];
    Arrays.setAll(expected, i -> bound * (2 * random.uniform(i) - 1));
    assertThat(weight).as(name).containsExactly(Arrays.copyOf(expected, weight.length));
    assertThat(bias)
        .as(name)
        .containsExactly(Arrays.copyOfRange(expected, weight.length, expected.length));
  }
}
