package org.ratescope.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ratescope.dataset.source.ImageLibrary;
import org.ratescope.estimate.Estimators;
import org.ratescope.model.InferredShape;
import org.ratescope.model.ParameterLayout;
import org.ratescope.model.Parameters;
import org.ratescope.model.Safetensors;
import org.ratescope.model.TensorNames;
import org.ratescope.model.WeightsFile;
import org.ratescope.model.layer.ImageShape;
import org.ratescope.results.Estimate;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.Precision;
import org.ratescope.spec.Prior;
import org.ratescope.spec.RunRandom;
import org.ratescope.spec.Subset;
import org.ratescope.study.Evaluation;
import org.ratescope.tensor.Device;
import org.ratescope.tensor.Libtorch;
import org.ratescope.tensor.Tensors;

/**
 * Models and data from other programs: correct numbers, and errors that name the file and the
 * position.
 */
class ModelFileTest {
  private static final Architecture ARCHITECTURE = Architecture.parse("mlp:1x8");
  private static final int D = 12;
  private static final int LATENT = 2;

  @TempDir Path folder;

  @BeforeAll
  static void load() {
    Libtorch.useOneThread();
  }

  /** Estimates that compare runs of one study, which a single model lacks. */
  private static final List<String> FOLDS = List.of("twinHalves", "leaveOneOut");

  private static void isFiniteOrHasAReason(Estimate estimate) {
    if (estimate.settings().startsWith("no value: ")) {
      assertThat(estimate.name()).as("needs more images").isEqualTo("copying");
    } else {
      assertThat(estimate.value()).as(estimate.name()).isFinite();
    }
  }

  @Test
  void everyEstimatorGivesItsValues() throws IOException {
    Path train = npy("train.npy", "<f4", "40, 12", floats(40 * D, 1));
    Path test = npy("test.npy", "<f4", "30, 3, 2, 2", floats(30 * D, 2));
    Estimators estimators = Estimators.standard();
    ModelEvaluation found =
        evaluate(train, test, new Evaluation(estimators.names(), Evaluation.ALL));
    assertThat(found.trainExamples()).isEqualTo(40);
    assertThat(found.testExamples()).isEqualTo(30);
    for (Subset subset : Subset.values()) {
      List<String> roots =
          found.estimates().stream()
              .filter(e -> e.subset() == subset)
              .map(e -> e.name().split("\\.", 2)[0])
              .distinct()
              .toList();
      List<String> expected =
          estimators.names().stream()
              .filter(name -> subset == Subset.TRAIN || !name.endsWith("Norm"))
              .filter(name -> subset == Subset.TEST || !name.equals("copying"))
              .filter(name -> !FOLDS.contains(name))
              .toList();
      assertThat(roots).containsExactlyElementsOf(expected);
    }
    assertThat(found.estimates()).allSatisfy(ModelFileTest::isFiniteOrHasAReason);
    Map<String, Double> values =
        found.estimates().stream()
            .filter(e -> e.subset() == Subset.TEST)
            .collect(Collectors.toMap(Estimate::name, Estimate::value));
    assertThat(value(values, "rateByDimension.0") + value(values, "rateByDimension.1"))
        .isCloseTo(value(values, "rate"), within(1e-6));
    assertThat(value(values, "logMarginal"))
        .as("a weak model's posteriors are wide: both proposals agree with annealed chains")
        .isCloseTo(value(values, "logMarginalQ"), within(0.01))
        .isCloseTo(value(values, "logMarginalAnnealed"), within(0.5))
        .isGreaterThan(value(values, "elbo"));
    assertThat(value(values, "mutualInformation")).isBetween(-0.05, Math.log(30));
    assertThat(found.fields().keySet())
        .containsExactly(
            "architecture",
            "latentSize",
            "likelihood",
            "prior",
            "precision",
            "weights",
            "train",
            "test",
            "trainStored",
            "testStored",
            "trainExamples",
            "testExamples",
            "seed",
            "estimates");
  }

  /** Bytes are divided by 255: the same images in both forms give the same numbers. */
  @Test
  void arraysOfBytesAreAccepted() throws IOException {
    byte[] bytes = new byte[20 * D];
    float[] floats = new float[bytes.length];
    RunRandom random = RunRandom.of(4, RunRandom.Stream.ORDER, 0);
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) random.word(i);
      floats[i] = (bytes[i] & 0xFF) / 255f;
    }
    Path asBytes = npy("b.npy", "|u1", "20, 12", bytes);
    Path asFloats = npy("f.npy", "<f4", "20, 12", bytes(floats));
    Evaluation evaluation = new Evaluation(List.of("distortion", "rate"), Evaluation.ALL);
    assertThat(evaluate(asBytes, asFloats, evaluation).estimates())
        .extracting(Estimate::subset, Estimate::examples)
        .hasSize(4);
    List<Double> values =
        evaluate(asBytes, asFloats, evaluation).estimates().stream().map(Estimate::value).toList();
    assertThat(values.get(1)).isEqualTo(values.get(3)); // the rate has no noise
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "NaN | value NaN in image 1 (value 8 of it); expected 0 to 1",
        "1.5 | value 1.5 in image 1 (value 8 of it); expected 0 to 1",
        "-0.001 | value -0.001 in image 1 (value 8 of it); expected 0 to 1",
        "Infinity | value Infinity in image 1 (value 8 of it); expected 0 to 1",
        "-Infinity | value -Infinity in image 1 (value 8 of it); expected 0 to 1"
      })
  void valuesOutsideOfTheUnitIntervalAreRefused(float value, String message) throws IOException {
    byte[] images = floats(3 * D, 1);
    ByteBuffer.wrap(images).order(ByteOrder.LITTLE_ENDIAN).putFloat(4 * (D + 8), value);
    refused(npy("x.npy", "<f4", "3, 12", images), message);
  }

  @Test
  void filesThatAreNoImageArraysAreRefused() throws IOException {
    byte[] images = floats(3 * D, 1);
    refused(
        npy("x.npy", "<i4", "3, 12", new byte[3 * D * 4]),
        "images of int32; expected uint8, bool, and float16, float32, float64 from 0 to 1");
    refused(
        npy("x.npy", "<f4", "36,", images),
        "shape [36]; expected [N, D], [N, H, W], or layout=nhwc or layout=nchw");
    refused(npy("x.npy", "<f4", "0, 12", new byte[0]), "shape [0, 12] has no values");
    refused(
        npy("x.npy", "<f4", "3, 12", Arrays.copyOf(images, images.length - 4)),
        "values of shape [3, 12] and type float32 need 144 bytes after offset 128, the file has"
            + " 140");
    Path file = folder.resolve("x.npy");
    Files.writeString(file, "this is a text and no array");
    refused(file, "not an .npy file: the magic bytes at offset 0 are missing");
    Files.write(file, new byte[0]);
    refused(file, "truncated: it ends at offset 0; expected 8 more bytes");
    Path fortran = npy("x.npy", "<f4", "3, 12", images);
    byte[] changed = Files.readAllBytes(fortran);
    int place = new String(changed, StandardCharsets.ISO_8859_1).indexOf("False");
    System.arraycopy("True ".getBytes(StandardCharsets.US_ASCII), 0, changed, place, 5);
    Files.write(fortran, changed);
    refused(fortran, "Fortran order; expected C order (numpy.ascontiguousarray)");
  }

  private void refused(Path file, String message) throws IOException {
    Path good = npy("good.npy", "<f4", "3, 12", floats(3 * D, 1));
    Evaluation evaluation = new Evaluation(List.of("rate"), Evaluation.ALL);
    assertThatThrownBy(() -> evaluate(good, file, evaluation))
        .isInstanceOf(IOException.class)
        .hasMessage(file + ": " + message);
  }

  @Test
  void subsetsAndWeightsMustFit() throws IOException {
    Path twelve = npy("twelve.npy", "<f4", "3, 12", floats(3 * D, 1));
    Path nine = npy("nine.npy", "<f4", "4, 9", floats(36, 1));
    Evaluation evaluation = new Evaluation(List.of("rate"), Evaluation.ALL);
    assertThatThrownBy(() -> evaluate(twelve, nine, evaluation))
        .hasMessageStartingWith("got images of 12 values in ");
    assertThatThrownBy(() -> evaluate(nine, nine, evaluation))
        .hasMessageEndingWith("tensor encoder.0.weight has shape [8, 12]; expected [8, 9]");
    assertThatThrownBy(
            () -> evaluate(twelve, twelve, new Evaluation(List.of("nonsense"), Evaluation.ALL)))
        .hasMessageStartingWith("got estimator \"nonsense\"; expected distortion, rate");
  }

  /** A convolutional network needs the numbers of rows and columns. */
  @Test
  void convolutionalNetworksNeedTheShape() throws IOException {
    Architecture cnn = Architecture.parse("cnn:1x3");
    Path tall = npy("tall.npy", "<f4", "10, 4, 3", floats(10 * D, 1));
    Path wide = npy("wide.npy", "<f4", "9, 3, 4", floats(9 * D, 1));
    Path flat = npy("flat.npy", "<f4", "3, 12", floats(3 * D, 1));
    Path weights = weights(ParameterLayout.of(cnn, new ImageShape(1, 4, 3), LATENT));
    Evaluation evaluation = new Evaluation(List.of("elbo", "encoderNorm"), Evaluation.ALL);
    List<String> names = new ArrayList<>(Estimators.standard().names());
    names.remove("rdFrontier"); // long chains, which know no images' shape
    Evaluation all = new Evaluation(List.copyOf(names), Evaluation.ALL);
    ModelEvaluation found = evaluate(cnn, weights, tall, tall, all);
    assertThat(found.estimates())
        .extracting(Estimate::name)
        .contains("elbo", "logMarginalAnnealed", "encoderNorm.encoder.0", "encoderNorm.mean");
    assertThat(found.estimates()).allSatisfy(ModelFileTest::isFiniteOrHasAReason);
    String required =
        ": shape [N, 12]; expected for a convolutional network: [N, H, W], [N, C, H, W] or"
            + " [N, H, W, C] (numpy.reshape)";
    assertThatThrownBy(() -> evaluate(cnn, weights, flat, tall, evaluation))
        .isInstanceOf(IOException.class)
        .hasMessage(flat + required);
    assertThatThrownBy(() -> evaluate(cnn, weights, tall, flat, evaluation))
        .isInstanceOf(IOException.class)
        .hasMessage(flat + required);
    assertThatThrownBy(() -> evaluate(cnn, weights, tall, wide, evaluation))
        .isInstanceOf(IOException.class)
        .hasMessage(
            ("got images of shape 1x4x3 in %s and 1x3x4 in %s; expected one shape in the training"
                    + " set and the test set")
                .formatted(tall, wide));
    assertThatThrownBy(
            () -> evaluate(Architecture.parse("cnn:1x4"), weights, tall, tall, evaluation))
        .hasMessageEndingWith(
            "tensor encoder.0.weight has shape [3, 1, 4, 4]; expected [4, 1, 4, 4]");
  }

  /** The norm of a kernel is over all its numbers, in any order. */
  @Test
  void kernelsHaveFrobeniusNorms() throws IOException {
    Architecture cnn = Architecture.parse("cnn:1x3");
    Path images = npy("i.npy", "<f4", "4, 4, 3", floats(4 * D, 1));
    Path weights = weights(ParameterLayout.of(cnn, new ImageShape(1, 4, 3), LATENT));
    Map<String, Double> values =
        evaluate(
                cnn,
                weights,
                images,
                images,
                new Evaluation(List.of("encoderNorm", "decoderNorm"), 4))
            .estimates()
            .stream()
            .collect(Collectors.toMap(Estimate::name, Estimate::value));
    try (PointerScope scope = new PointerScope()) {
      Map<String, Tensor> tensors = Safetensors.read(weights).tensors();
      for (String name : List.of("encoder.0", "mean", "logvar", "decoder.0", "decoder.1")) {
        double sum = 0;
        for (double w : Tensors.doubles(Objects.requireNonNull(tensors.get(name + ".weight")))) {
          sum += w * w;
        }
        String part = name.startsWith("decoder") ? "decoderNorm." : "encoderNorm.";
        assertThat(value(values, part + name)).isCloseTo(Math.sqrt(sum), within(1e-12));
      }
    }
    assertThat(value(values, "decoderNorm"))
        .isCloseTo(
            (value(values, "decoderNorm.decoder.0") + value(values, "decoderNorm.decoder.1")) / 2,
            within(1e-12));
  }

  @Test
  void oneExampleInASubsetIsEnoughForSomeEstimates() throws IOException {
    Path one = npy("one.npy", "<f4", "1, 12", floats(D, 1));
    Estimators estimators = Estimators.standard();
    ModelEvaluation found = evaluate(one, one, new Evaluation(estimators.names(), 2));
    assertThat(found.estimates()).allSatisfy(ModelFileTest::isFiniteOrHasAReason);
    assertThat(found.estimates())
        .filteredOn(e -> e.name().equals("mutualInformation"))
        .allSatisfy(e -> assertThat(e.value()).isCloseTo(0, within(1e-12)));
    assertThat(found.estimates())
        .extracting(Estimate::name)
        .doesNotContain("mutualInformationBatch", "activeDimensions");
  }

  private ModelEvaluation evaluate(Path train, Path test, Evaluation evaluation)
      throws IOException {
    Path weights = weights(ParameterLayout.of(ARCHITECTURE, D, LATENT));
    return evaluate(ARCHITECTURE, weights, train, test, evaluation);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mlp:1x7", "mlp:3x12", "mlp:2x5", "resmlp:2x6", "cnn:2x3"})
  void theShapesOfTheWeightsTellTheArchitecture(String text) throws IOException {
    Architecture architecture = Architecture.parse(text);
    ImageShape images = new ImageShape(1, 8, 8);
    Path file = weights(ParameterLayout.of(architecture, images, 5));

    assertThat(InferredShape.of(file, images)).containsExactly(new InferredShape(architecture, 5));
    assertThat(InferredShape.of(file, new ImageShape(1, 16, 8)))
        .as("images of another size")
        .isEmpty();
  }

  private Path weights(ParameterLayout layout) throws IOException {
    Path weights = folder.resolve("w.safetensors");
    try (PointerScope scope = new PointerScope()) {
      Parameters parameters = Parameters.zeros(layout, ScalarType.Float, 1);
      parameters.initialize(0, 3);
      WeightsFile.write(weights, parameters, 0, Map.of());
    }
    return weights;
  }

  private ModelEvaluation evaluate(
      Architecture architecture, Path weights, Path train, Path test, Evaluation evaluation)
      throws IOException {
    ModelFile model =
        new ModelFile(
            architecture,
            LATENT,
            Likelihood.parse("bernoulli"),
            Prior.normal(),
            Precision.FLOAT64,
            weights,
            TensorNames.SAME);
    return model.evaluate(
        ImagesReference.parse(train.toString()),
        ImagesReference.parse(test.toString()),
        evaluation,
        Estimators.standard(),
        0,
        Device.CPU,
        ImageLibrary.at(folder),
        (what, done, total) -> {},
        estimate -> {});
  }

  private Path npy(String name, String type, String shape, byte[] values) throws IOException {
    String header =
        "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }".formatted(type, shape);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(0x93);
    out.writeBytes("NUMPY".getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(new byte[] {1, 0, 118, 0});
    out.writeBytes(
        (header + " ".repeat(117 - header.length()) + "\n").getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(values);
    return Files.write(folder.resolve(name), out.toByteArray());
  }

  private static byte[] floats(int count, long seed) {
    RunRandom random = RunRandom.of(seed, RunRandom.Stream.ORDER, 0);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.uniform(i);
    }
    return bytes(values);
  }

  private static byte[] bytes(float[] values) {
    ByteBuffer buffer =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asFloatBuffer().put(values);
    return buffer.array();
  }

  private static double value(Map<String, Double> values, String name) {
    return Objects.requireNonNull(values.get(name), name);
  }
}
