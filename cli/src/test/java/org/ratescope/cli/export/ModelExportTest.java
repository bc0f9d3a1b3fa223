package org.ratescope.cli.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.ratescope.export.OnnxModel;
import org.ratescope.export.PyTorchModule;
import org.ratescope.io.Resources;
import org.ratescope.model.Safetensors;
import org.ratescope.model.safetensors.SafetensorsFile;
import org.ratescope.spec.RunSpec;
import org.ratescope.tensor.Libtorch;
import org.ratescope.tensor.Tensors;

/**
 * Exported models compute what Ratescope computes, for each architecture, likelihood and prior, and
 * for images whose sides convolutions pad unevenly.
 */
@Execution(ExecutionMode.CONCURRENT)
class ModelExportTest {
  /** The tolerance that the command promises, relative to values above 1. */
  private static final double TOLERANCE = 1e-5;

  private static final String PLANES = "images:name=photos,size=8,colour=rgb";

  /** 13 rows and columns: the padding of the first convolution is uneven. */
  private static final String ODD = "images:name=photos,size=13,colour=grey";

  /**
   * The continuous Bernoulli is in float64: in float32 its distortion, the difference of two sums
   * of over 100 nats, has itself an error above the tolerance.
   */
  private static final List<RunSpec> RUNS =
      List.of(
          RandomModel.run(PLANES, "mlp:2x6", "normal", "bernoulli", "float32"),
          RandomModel.run(PLANES, "resmlp:2x6", "gaussian", "continuous-bernoulli", "float64"),
          RandomModel.run(PLANES, "cnn:2x5", "mixture:4", "gaussian:0.3", "float32"),
          RandomModel.run(ODD, "cnn:3x4", "vamp:4", "bernoulli", "float32"),
          RandomModel.run(ODD, "mlp:1x6", "exemplar:5", "bernoulli", "float32"),
          RandomModel.run(ODD, "resmlp:1x6", "flow:3", "continuous-bernoulli", "float64"));

  @TempDir static Path parent;

  private static final List<RandomModel> MODELS = new ArrayList<>();

  @BeforeAll
  static void writeModels() throws IOException {
    Libtorch.useOneThread();
    for (RunSpec run : RUNS) {
      Path folder = Files.createDirectories(parent.resolve(run.id().hex()));
      RandomModel model = RandomModel.write(run, folder);
      assertThat(PyTorchModule.write(run, model.weights(), folder))
          .hasSize(2)
          .allMatch(Files::exists);
      assertThat(OnnxModel.write(run, model.weights(), folder)).hasSize(2).allMatch(Files::exists);
      MODELS.add(model);
    }
  }

  @Test
  void pyTorchComputesTheSame() throws IOException {
    String script = Resources.text(ModelExportTest.class, "compare.py");
    List<String> folders =
        MODELS.stream().map(m -> m.weights().resolveSibling("").toString()).toList();
    List<String> lines = Python.with("torch").run(parent, script, folders).lines().toList();
    assertThat(lines).hasSize(8 * RUNS.size());
    for (String line : lines) {
      String[] words = line.split("\t", -1);
      double bound = words[1].equals("prior.sample") ? 4 : TOLERANCE; // standard errors
      assertThat(Double.parseDouble(words[2])).as(line).isLessThan(bound);
    }
  }

  @Test
  void theModuleDeclaresTheTensorsOfItsFile() throws IOException {
    for (RandomModel model : MODELS) {
      Path folder = model.weights().resolveSibling("");
      Map<String, List<Long>> stored = new TreeMap<>();
      try (SafetensorsFile file = SafetensorsFile.open(folder.resolve(PyTorchModule.WEIGHTS))) {
        file.tensors().forEach((name, tensor) -> stored.put(name, tensor.shape()));
      }
      assertThat(DeclaredTensors.of(Files.readString(folder.resolve(PyTorchModule.MODULE))))
          .as(model.run().canonical())
          .isEqualTo(stored);
    }
  }

  @Test
  void onnxRuntimeComputesTheSame() throws IOException, OrtException {
    for (RandomModel model : MODELS) {
      Path folder = model.weights().resolveSibling("");
      Map<String, float[]> expected = new TreeMap<>();
      try (PointerScope scope = new PointerScope()) {
        Safetensors.read(model.expected())
            .tensors()
            .forEach((name, tensor) -> expected.put(name, floats(Tensors.doubles(tensor))));
      }
      long side = model.run().data().height();
      long[] images = {5, model.run().data().channels(), side, side};
      Map<String, float[]> found = new TreeMap<>();
      found.putAll(
          onnx(
              folder.resolve("encoder.onnx"),
              "x",
              Objects.requireNonNull(expected.get("x")),
              images));
      found.putAll(
          onnx(
              folder.resolve("decoder.onnx"),
              "z",
              Objects.requireNonNull(expected.get("z")),
              5,
              3));
      assertThat(found.keySet()).containsExactly("logvar", "mean", "output");
      found.forEach(
          (name, values) -> {
            float[] own = Objects.requireNonNull(expected.get(name));
            assertThat(values).hasSameSizeAs(own);
            for (int i = 0; i < own.length; i++) {
              assertThat(Math.abs(values[i] - own[i]))
                  .as(model.run().canonical() + name)
                  .isLessThan((float) (TOLERANCE * Math.max(1, Math.abs(own[i]))));
            }
          });
    }
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  private static Map<String, float[]> onnx(Path file, String input, float[] values, long... shape)
      throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    Map<String, float[]> found = new TreeMap<>();
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    options.setIntraOpNumThreads(1);
    try (OrtSession session = environment.createSession(file.toString(), options);
        OnnxTensor tensor = OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), shape);
        OrtSession.Result result = session.run(Map.of(input, tensor))) {
      assertThat(session.getMetadata().getCustomMetadata()).containsKey("ratescope.run");
      for (Map.Entry<String, ai.onnxruntime.OnnxValue> output : result) {
        FloatBuffer buffer = ((OnnxTensor) output.getValue()).getFloatBuffer();
        float[] copy = new float[buffer.remaining()];
        buffer.get(copy);
        found.put(output.getKey(), copy);
      }
    }
    return found;
  }

  @Test
  void weightsOfAnotherRunAreRefused() {
    RandomModel model = MODELS.getFirst();
    Path folder = parent.resolve("none");
    assertThatThrownBy(() -> PyTorchModule.write(RUNS.get(1), model.weights(), folder))
        .hasMessageContaining("holds weights of run " + RUNS.getFirst().id());
    assertThat(folder).doesNotExist();
  }

  /**
   * Each kind of the three is among the models above, but those of plug-ins, which another test may
   * have loaded into this process.
   */
  @Test
  void everyKindIsCovered() {
    assertThat(texts("architecture=([a-z]+)"))
        .containsAll(ownKinds(org.ratescope.spec.Architecture.class).map(a -> a.family()).toList());
    assertThat(texts("likelihood=([a-z-]+)"))
        .containsAll(
            ownKinds(org.ratescope.spec.Likelihood.class)
                .map(likelihood -> likelihood.form().replaceFirst(":.*", ""))
                .toList());
    assertThat(texts("prior=([a-z]+)")).contains("gaussian", "mixture", "vamp", "exemplar", "flow");
  }

  /** The kinds of the product; those of plug-in jars are in loaders of their own. */
  private static <T> java.util.stream.Stream<T> ownKinds(Class<T> part) {
    return java.util.ServiceLoader.load(part).stream().map(java.util.ServiceLoader.Provider::get);
  }

  private static List<String> texts(String pattern) {
    return RUNS.stream()
        .flatMap(
            run ->
                java.util.regex.Pattern.compile(pattern)
                    .matcher(run.canonical())
                    .results()
                    .map(match -> match.group(1)))
        .toList();
  }
}
