package org.ratescope.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ratescope.dataset.format.FormatException;
import org.ratescope.model.safetensors.SafetensorsText;
import org.ratescope.spec.Architecture;
import org.ratescope.tensor.Libtorch;
import org.ratescope.tensor.Tensors;

/** Weights as people bring them: other number formats, wrapped names, and files of another kind. */
class ForeignWeightsTest {
  private static final ParameterLayout LAYOUT =
      ParameterLayout.of(Architecture.parse("mlp:1x3"), 4, 2);

  /** Names, shapes and numbers of values, in the order of the layout. */
  private static final Map<String, long[]> SHAPES = shapes();

  @TempDir Path folder;

  @BeforeAll
  static void load() {
    Libtorch.useOneThread();
  }

  private static Map<String, long[]> shapes() {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    shapes.put("encoder.0.weight", new long[] {3, 4});
    shapes.put("encoder.0.bias", new long[] {3});
    shapes.put("mean.weight", new long[] {2, 3});
    shapes.put("mean.bias", new long[] {2});
    shapes.put("logvar.weight", new long[] {2, 3});
    shapes.put("logvar.bias", new long[] {2});
    shapes.put("decoder.0.weight", new long[] {3, 2});
    shapes.put("decoder.0.bias", new long[] {3});
    shapes.put("decoder.1.weight", new long[] {4, 3});
    shapes.put("decoder.1.bias", new long[] {4});
    return shapes;
  }

  /** One value as bits of a type. */
  private interface Bits {
    void put(ByteBuffer into, int index);
  }

  private Path write(String type, int size, Bits bits, UnaryOperator<String> name)
      throws IOException {
    StringBuilder header = new StringBuilder();
    ByteBuffer values = ByteBuffer.allocate(1000).order(ByteOrder.LITTLE_ENDIAN);
    int index = 0;
    for (Map.Entry<String, long[]> tensor : SHAPES.entrySet()) {
      int from = values.position();
      int count = 1;
      StringBuilder shape = new StringBuilder();
      for (long s : tensor.getValue()) {
        count *= (int) s;
        shape.append(shape.isEmpty() ? "" : ",").append(s);
      }
      for (int i = 0; i < count; i++) {
        bits.put(values, index++);
      }
      assertThat(values.position()).isEqualTo(from + count * size);
      header
          .append(header.isEmpty() ? "{" : ",")
          .append(
              "\"%s\":{\"dtype\":\"%s\",\"shape\":[%s],\"data_offsets\":[%d,%d]}"
                  .formatted(name.apply(tensor.getKey()), type, shape, from, values.position()));
    }
    byte[] written = java.util.Arrays.copyOf(values.array(), values.position());
    return Files.write(
        folder.resolve("foreign.safetensors"),
        SafetensorsText.file(header.append('}').toString(), written));
  }

  private Path floats(UnaryOperator<String> name) throws IOException {
    return write("F32", 4, (into, i) -> into.putFloat(i), name);
  }

  /** All values, in the order of the file. */
  private static double[] read(Path file, ScalarType type) throws IOException {
    try (PointerScope scope = new PointerScope()) {
      Parameters parameters = Parameters.zeros(LAYOUT, type, 1);
      WeightsFile.read(file, parameters, 0);
      return WeightsFile.copies(parameters, 0).values().stream()
          .flatMapToDouble(t -> java.util.Arrays.stream(Tensors.doubles(t)))
          .toArray();
    }
  }

  /** IEEE 754 binary16 by its definition: sign, five bits of exponent, ten of fraction. */
  private static double half(int bits) {
    int exponent = bits >> 10 & 31;
    double fraction = (bits & 1023) / 1024.0;
    double size =
        exponent == 0 ? fraction * Math.pow(2, -14) : (1 + fraction) * Math.pow(2, exponent - 15);
    return (bits & 0x8000) == 0 ? size : -size;
  }

  /** The first half of a binary32: sign, eight bits of exponent, seven of fraction. */
  private static double brain(int bits) {
    int exponent = bits >> 7 & 255;
    double fraction = (bits & 127) / 128.0;
    double size =
        exponent == 0 ? fraction * Math.pow(2, -126) : (1 + fraction) * Math.pow(2, exponent - 127);
    return (bits & 0x8000) == 0 ? size : -size;
  }

  /** All signs and many exponents, subnormal numbers too; none is infinite or NaN. */
  private static int bits(int index, int exponentBits) {
    int finite = (index * 2687 + index) % (((1 << exponentBits) - 1) << (15 - exponentBits));
    return finite | (index % 2 == 0 ? 0 : 0x8000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"F16", "BF16"})
  void halvesAreReadExactly(String type) throws IOException {
    int exponentBits = type.equals("F16") ? 5 : 8;
    Path file = write(type, 2, (into, i) -> into.putShort((short) bits(i, exponentBits)), n -> n);
    for (ScalarType precision : new ScalarType[] {ScalarType.Float, ScalarType.Double}) {
      double[] values = read(file, precision);
      for (int i = 0; i < values.length; i++) {
        double expected =
            type.equals("F16") ? half(bits(i, exponentBits)) : brain(bits(i, exponentBits));
        assertThat(values[i]).as("value %d", i).isEqualTo(expected);
      }
    }
  }

  @Test
  void doublesAreReadAndRoundedOnce() throws IOException {
    Path file = write("F64", 8, (into, i) -> into.putDouble(Math.sqrt(i + 2)), n -> n);
    double[] exact = read(file, ScalarType.Double);
    double[] rounded = read(file, ScalarType.Float);
    for (int i = 0; i < exact.length; i++) {
      assertThat(exact[i]).isEqualTo(Math.sqrt(i + 2));
      assertThat(rounded[i]).isEqualTo((float) Math.sqrt(i + 2));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "module.",
        "_orig_mod.",
        "module._orig_mod.",
        "_orig_mod.module.",
        "module.module._orig_mod.module."
      })
  void wrappersAreLeftOut(String prefix) throws IOException {
    double[] plain = read(floats(n -> n), ScalarType.Float);
    assertThat(read(floats(n -> prefix + n), ScalarType.Float)).containsExactly(plain);
    assertThat(read(floats(n -> n.replace("encoder.", "encoder." + prefix)), ScalarType.Float))
        .as("a part of the model that is wrapped")
        .containsExactly(plain);
  }

  @Test
  void twoNamesOfOneParameterAreRefused() throws IOException {
    Path file = floats(n -> n.equals("logvar.bias") ? "module.mean.bias" : n);
    assertThatThrownBy(() -> read(file, ScalarType.Float))
        .isInstanceOf(FormatException.class)
        .hasMessage(
            file
                + ": tensors mean.bias and module.mean.bias are the same parameter, mean.bias;"
                + " expected one of them");
    assertThatThrownBy(() -> read(floats(n -> "model." + n), ScalarType.Float))
        .hasMessageContaining(
            "surplus tensor model.decoder.0.bias, this architecture has [encoder");
  }

  /** The names of PyTorch's example of a VAE, and a part of the file that is no part of the VAE. */
  @Test
  void namesAreMapped() throws IOException {
    Map<String, String> own =
        Map.of("encoder.0", "fc1", "mean", "fc21", "logvar", "fc22", "decoder.0", "dec.first");
    Path plain = Files.move(floats(n -> n), folder.resolve("plain.safetensors"));
    Path file =
        floats(
            n -> {
              String layer = n.substring(0, n.lastIndexOf('.'));
              return "module." + own.getOrDefault(layer, layer) + n.substring(layer.length());
            });
    Path names =
        Files.writeString(
            folder.resolve("names.yaml"),
            "module.fc1: encoder.0\nfc21: mean\nfc22: logvar\ndec: wrong\ndec.first: decoder.0\n");
    try (PointerScope scope = new PointerScope()) {
      Parameters parameters = Parameters.zeros(LAYOUT, ScalarType.Float, 1);
      Parameters same = Parameters.zeros(LAYOUT, ScalarType.Float, 1);
      WeightsFile.read(file, TensorNames.read(names), parameters, 0);
      WeightsFile.read(plain, same, 0);
      assertThat(Tensors.floats(parameters.rows())).containsExactly(Tensors.floats(same.rows()));
      assertThatThrownBy(() -> WeightsFile.read(file, parameters, 0))
          .hasMessageContaining(
              "surplus tensor module.dec.first.bias, this architecture has [encoder.0")
          .hasMessageContaining(
              "; surplus too: module.dec.first.weight, module.fc1.bias, module.fc1.weight")
          .hasMessageContaining("; missing: encoder.0.weight, encoder.0.bias, mean.weight")
          .hasMessageEndingWith("; --names FILE renames tensors");
      TensorNames without = new TensorNames(Map.of("mean", "", "logvar.bias", ""));
      assertThatThrownBy(() -> WeightsFile.read(plain, without, parameters, 0))
          .hasMessageEndingWith(
              "tensor mean.weight is missing; missing too: mean.bias, logvar.bias");
    }
    assertThatThrownBy(
            () -> TensorNames.read(Files.writeString(names, "fc1: encoder.0\nfc21: [mean]\n")))
        .hasMessageContaining("names.yaml:2: fc21")
        .hasMessageContaining("expected a tensor's name or its beginning");
    assertThatThrownBy(
            () -> TensorNames.read(Files.writeString(names, "fc1: mean\nmodule.fc1: logvar\n")))
        .hasMessageEndingWith(
            "names.yaml:2: module.fc1: two names that differ in module or _orig_mod only;"
                + " expected one of them");
  }

  @ParameterizedTest
  @CsvSource({"NaN", "Infinity", "-Infinity"})
  void valuesThatAreNotFiniteAreNamed(float value) throws IOException {
    Path file = write("F32", 4, (into, i) -> into.putFloat(i == 17 ? value : 1), n -> n);
    assertThatThrownBy(() -> read(file, ScalarType.Double))
        .isInstanceOf(FormatException.class)
        .hasMessage(
            file
                + ": tensor mean.weight has the value %s at place 2 of shape [2, 3]; expected finite numbers"
                    .formatted((double) value));
  }

  @Test
  void valuesBeyondFloat32AreNamed() throws IOException {
    Path file = write("F64", 8, (into, i) -> into.putDouble(i == 3 ? 1e300 : 1), n -> n);
    assertThatThrownBy(() -> read(file, ScalarType.Float))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining(
            "tensor encoder.0.weight has the value 1.0E300 at place 3 of shape [3, 4]; expected"
                + " finite numbers of float32");
    assertThat(read(file, ScalarType.Double)).contains(1e300);
  }

  /** A checksum that the file names is checked here too. */
  @Test
  void aFileOfRatescopeThatHasChangedIsRefused() throws IOException {
    Path file = folder.resolve("w.safetensors");
    try (PointerScope scope = new PointerScope()) {
      WeightsFile.write(file, Parameters.zeros(LAYOUT, ScalarType.Float, 1), 0, Map.of());
    }
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] ^= 4;
    Files.write(file, bytes);
    assertThatThrownBy(() -> read(file, ScalarType.Float))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining(": the checksum is ");
  }

  @ParameterizedTest
  @CsvSource({
    "model.pt,504B0304",
    "model.pth,504B0304",
    "model.bin,80028A0A",
    "last.ckpt,80057D94"
  })
  void picklesAreNamedWithTheWayOut(String name, String start) throws IOException {
    byte[] bytes = java.util.Arrays.copyOf(java.util.HexFormat.of().parseHex(start), 5000);
    bytes[6] = 8;
    Path file = Files.write(folder.resolve(name), bytes);
    String stem = name.substring(0, name.indexOf('.'));
    assertThatThrownBy(() -> read(file, ScalarType.Float))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith(
            file + ": got a pickle, as torch.save writes it; expected a safetensors")
        .hasMessageContaining("torch.load(\"" + name + "\"")
        .hasMessageEndingWith("\"" + stem + ".safetensors\")");
  }

  @Test
  void whatIsNoFileIsNamed() throws IOException {
    assertThatThrownBy(() -> read(folder, ScalarType.Float))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("a folder; expected a");
    assertThatThrownBy(() -> read(folder.resolve("none"), ScalarType.Float))
        .isInstanceOf(java.nio.file.NoSuchFileException.class);
    Path empty = Files.createFile(folder.resolve("empty"));
    assertThatThrownBy(() -> read(empty, ScalarType.Float))
        .isInstanceOf(FormatException.class)
        .hasMessage(empty + ": got no safetensors file, or one that is cut: it has 0 bytes");
  }
}
