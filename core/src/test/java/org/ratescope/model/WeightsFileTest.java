package org.ratescope.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.model.layer.ImageShape;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.RunRandom;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.tensor.Libtorch;
import org.ratescope.tensor.Tensors;

class WeightsFileTest {
  private static final ParameterLayout LAYOUT =
      ParameterLayout.of(
          Architecture.parse("mlp:1x5"),
          new DataSpec.Tetrominoes(DataSpec.Preset.PUBLISHED, DataSpec.Shape.J, 4),
          2);

  @TempDir Path folder;

  @BeforeAll
  static void load() {
    Libtorch.useOneThread();
  }

  @Test
  void weightsComeBackAsTheyWere() throws IOException {
    try (PointerScope scope = new PointerScope()) {
      Parameters written = Parameters.zeros(LAYOUT, ScalarType.Float, 2);
      written.initialize(1, 42);
      Path file = folder.resolve("w.safetensors");
      WeightsFile.write(file, written, 1, Map.of("ratescope.run", "text"));
      Parameters read = Parameters.zeros(LAYOUT, ScalarType.Float, 3);
      WeightsFile.read(file, read, 2);
      assertThat(Tensors.floats(read.row(2))).containsExactly(Tensors.floats(written.row(1)));
      assertThat(Tensors.floats(read.row(1))).containsOnly(0);
      assertThat(Safetensors.read(file).metadata()).containsEntry("ratescope.run", "text");
    }
  }

  @Test
  void shapesAndNamesArePyTorchs() throws IOException {
    try (PointerScope scope = new PointerScope()) {
      Path file = folder.resolve("w.safetensors");
      WeightsFile.write(file, Parameters.zeros(LAYOUT, ScalarType.Double, 1), 0, Map.of());
      Map<String, String> shapes = new LinkedHashMap<>();
      Safetensors.read(file)
          .tensors()
          .forEach(
              (name, t) ->
                  shapes.put(name, t.dim() == 2 ? t.size(0) + "x" + t.size(1) : "" + t.size(0)));
      assertThat(shapes)
          .containsExactly(
              Map.entry("encoder.0.weight", "5x48"),
              Map.entry("encoder.0.bias", "5"),
              Map.entry("mean.weight", "2x5"),
              Map.entry("mean.bias", "2"),
              Map.entry("logvar.weight", "2x5"),
              Map.entry("logvar.bias", "2"),
              Map.entry("decoder.0.weight", "5x2"),
              Map.entry("decoder.0.bias", "5"),
              Map.entry("decoder.1.weight", "48x5"),
              Map.entry("decoder.1.bias", "48"));
    }
  }

  @Test
  void convolutionsAreWrittenAndReadInPyTorchsOrder() throws IOException {
    ParameterLayout layout =
        ParameterLayout.of(Architecture.parse("cnn:2x6"), new ImageShape(3, 8, 13), 2);
    try (PointerScope scope = new PointerScope()) {
      Parameters written = Parameters.zeros(layout, ScalarType.Float, 2);
      written.initialize(1, 42);
      Path file = folder.resolve("cnn.safetensors");
      WeightsFile.write(file, written, 1, Map.of());
      Map<String, Tensor> tensors = Safetensors.read(file).tensors();
      Map<String, String> shapes = new LinkedHashMap<>();
      tensors.forEach(
          (name, t) ->
              shapes.put(
                  name,
                  LongStream.range(0, t.dim())
                      .mapToObj(axis -> Long.toString(t.size(axis)))
                      .collect(Collectors.joining("x"))));
      assertThat(shapes)
          .containsExactly(
              Map.entry("encoder.0.weight", "6x3x4x4"),
              Map.entry("encoder.0.bias", "6"),
              Map.entry("encoder.1.weight", "6x6x4x4"),
              Map.entry("encoder.1.bias", "6"),
              Map.entry("mean.weight", "2x48"),
              Map.entry("mean.bias", "2"),
              Map.entry("logvar.weight", "2x48"),
              Map.entry("logvar.bias", "2"),
              Map.entry("decoder.0.weight", "48x2"),
              Map.entry("decoder.0.bias", "48"),
              Map.entry("decoder.1.weight", "6x6x4x4"),
              Map.entry("decoder.1.bias", "6"),
              Map.entry("decoder.2.weight", "6x3x4x4"),
              Map.entry("decoder.2.bias", "3"));
      Parameters read = Parameters.zeros(layout, ScalarType.Float, 3);
      WeightsFile.read(file, read, 2);
      assertThat(Tensors.floats(read.row(2))).containsExactly(Tensors.floats(written.row(1)));
      assertThat(Tensors.floats(read.row(1))).containsOnly(0);
      // every number of the file, in the order it was drawn in: PyTorch's
      RunRandom mean = RunRandom.of(42, RunRandom.Stream.INITIALIZATION, 2);
      float[] drawn = Tensors.floats(Objects.requireNonNull(tensors.get("mean.weight")));
      for (int i = 0; i < drawn.length; i++) {
        assertThat(drawn[i]).isEqualTo((float) ((2 * mean.uniform(i) - 1) / Math.sqrt(48)));
      }
    }
  }

  @Test
  void missingSurplusAndMisshapenTensorsAreNamed() throws IOException {
    try (PointerScope scope = new PointerScope()) {
      Parameters parameters = Parameters.zeros(LAYOUT, ScalarType.Float, 1);
      assertThatThrownBy(() -> WeightsFile.read(changed(t -> t.remove("mean.bias")), parameters, 0))
          .isInstanceOf(IOException.class)
          .hasMessageEndingWith("tensor mean.bias is missing");
      assertThatThrownBy(
              () ->
                  WeightsFile.read(
                      changed(t -> t.put("extra", Tensors.zeros(ScalarType.Float, 2))),
                      parameters,
                      0))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("surplus tensor extra, this architecture has [encoder.0.weight,");
      assertThatThrownBy(
              () ->
                  WeightsFile.read(
                      changed(t -> t.put("mean.bias", Tensors.zeros(ScalarType.Float, 3))),
                      parameters,
                      0))
          .isInstanceOf(IOException.class)
          .hasMessageEndingWith("tensor mean.bias has shape [3]; expected [2]");
    }
  }

  @Test
  void filesThatAreCutOrNoSafetensorsAreRefused() throws IOException {
    try (PointerScope scope = new PointerScope()) {
      Path file = changed(t -> {});
      byte[] bytes = Files.readAllBytes(file);
      for (int length : new int[] {0, 5, 8, 100, bytes.length - 1}) {
        Files.write(file, java.util.Arrays.copyOf(bytes, length));
        assertThatThrownBy(() -> Safetensors.read(file))
            .isInstanceOf(IOException.class)
            .hasMessageStartingWith(file.toString());
      }
      Files.writeString(file, "this is no safetensors file, but a text");
      assertThatThrownBy(() -> Safetensors.read(file)).isInstanceOf(IOException.class);
    }
  }

  private interface Change {
    void apply(Map<String, Tensor> tensors);
  }

  private Path changed(Change change) throws IOException {
    Path file = folder.resolve("changed.safetensors");
    WeightsFile.write(file, Parameters.zeros(LAYOUT, ScalarType.Float, 1), 0, Map.of());
    Map<String, Tensor> tensors = new LinkedHashMap<>(Safetensors.read(file).tensors());
    change.apply(tensors);
    Safetensors.write(file, new Safetensors.Content(tensors, Map.of()));
    return file;
  }
}
