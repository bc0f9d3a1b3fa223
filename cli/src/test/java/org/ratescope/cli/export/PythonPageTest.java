package org.ratescope.cli.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ratescope.cli.Call;
import org.ratescope.cli.SharedCache;
import org.ratescope.model.TensorNames;
import org.ratescope.study.StudyFile;

/**
 * The snippets of docs/python.md and the examples work on a small study, where Python has their
 * libraries.
 */
@Execution(ExecutionMode.CONCURRENT)
class PythonPageTest {
  private static final Path PAGE = Path.of("..", "docs", "python.md");
  private static final Path EXAMPLES = Path.of("..", "examples");

  @TempDir static Path folder;

  private static Path study = Path.of("");

  @BeforeAll
  static void runTheCommandsOfThePage() throws IOException {
    study =
        Files.writeString(
            folder.resolve("study.yaml"),
            """
            data: {set: tetrominoes, resolution: 4}
            splits: [cv:0.05]
            architectures: [mlp:1x8]
            latent: 2
            objective: {beta: [0.1, 1]}
            restarts: 2
            training: {iterations: 20, batch: 16}
            evaluation: {examples: 64}
            """);
    String results = folder.resolve("results").toString();
    call("run", study.toString(), "--results", results);
    String run = StudyFile.read(study).runs().getFirst().id().hex().substring(0, 12);
    int executed = 0;
    for (String block : blocks("sh")) {
      for (String line : block.lines().filter(l -> l.startsWith("ratescope export ")).toList()) {
        List<String> words = new ArrayList<>(List.of(line.split(" ", -1)).subList(1, 5));
        words.set(1, words.get(1).equals("3fa2") ? run : study.toString());
        words.set(3, folder.resolve(words.get(3)).toString());
        words.addAll(List.of("--results", results));
        call(words.toArray(String[]::new));
        executed++;
      }
    }
    assertThat(executed).isEqualTo(3);
    String codes = folder.resolve("codes.npz").toString();
    call("encode", run, "--results", results, "--samples", "3", "--out", codes);
  }

  private static Call call(String... words) {
    Call done = Call.of(SharedCache.folder(), words);
    assertThat(done.code()).as(done.err()).isZero();
    return done;
  }

  /** The contents of the page's code blocks of that language. */
  private static List<String> blocks(String language) throws IOException {
    return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
        .matcher(Files.readString(PAGE))
        .results()
        .map(match -> match.group(1))
        .toList();
  }

  /** The one snippet with that text. */
  private static String snippet(String text) throws IOException {
    return blocks("python").stream()
        .filter(block -> block.contains(text))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model.load;torch",
        "read_parquet(\"tables/results;pandas,pyarrow",
        "import polars;polars",
        "import duckdb;duckdb",
        "onnxruntime.InferenceSession;numpy,onnxruntime",
        "np.load;numpy"
      })
  void aSnippetRuns(String snippet) throws IOException {
    String[] parts = snippet.split(";", -1);
    String script = snippet(parts[0]);
    String printed = Python.with(parts[1].split(",", -1)).run(folder, script, List.of());
    assertThat(printed).doesNotContain("Error");
  }

  /** A module that Python saved is evaluated: its names and shapes come back. */
  @Test
  void aStateDictGoesBack() throws IOException {
    String script =
        "import sys; sys.path.insert(0, 'vae'); import model; vae = model.load()\n"
            + snippet("save_file(");
    String unused = Python.with("torch", "safetensors").run(folder, script, List.of());
    String weights = folder.resolve("mine.safetensors").toString();
    String images = "tetrominoes:resolution=4:cv:0.05";
    Call evaluated =
        call(
            "evaluate --weights %s --train %s --test %s --examples 64 --only rate --json"
                .formatted(weights, images, images)
                .split(" ", -1));
    assertThat(new ObjectMapper().readTree(evaluated.out()).at("/architecture").textValue())
        .isEqualTo("mlp:1x8");
  }

  @Test
  void theNamesOfThePageAreRead() throws IOException {
    Path file = Files.writeString(folder.resolve("names.yaml"), blocks("yaml").getFirst());
    assertThat(TensorNames.read(file).names())
        .containsAllEntriesOf(Map.of("fc1", "encoder.0", "fc22", "logvar", "head", ""));
  }

  @Test
  void theNotebookRuns() throws IOException {
    JsonNode notebook = new ObjectMapper().readTree(EXAMPLES.resolve("study.ipynb").toFile());
    assertThat(notebook.at("/nbformat").intValue()).isEqualTo(4);
    StringBuilder script = new StringBuilder("import matplotlib; matplotlib.use('Agg')\n");
    for (JsonNode cell : notebook.at("/cells")) {
      if (cell.at("/cell_type").textValue().equals("code")) {
        cell.at("/source").forEach(line -> script.append(line.textValue()));
        script.append('\n');
      }
    }
    String printed =
        Python.with("torch", "pandas", "pyarrow", "matplotlib")
            .run(folder, script.toString(), List.of());
    assertThat(printed).contains("variance of the means");
  }

  @Test
  void theJavaScriptCompilesAndRuns() throws IOException, InterruptedException {
    String classPath = System.getProperty("java.class.path");
    Path classes = Files.createDirectories(folder.resolve("classes"));
    Path source = EXAMPLES.resolve("BestBeta.java");
    int compiled =
        Objects.requireNonNull(ToolProvider.getSystemJavaCompiler())
            .run(
                null,
                null,
                null,
                "-proc:none",
                "-d",
                classes.toString(),
                "-cp",
                classPath,
                source.toString());
    assertThat(compiled).isZero();
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classes + java.io.File.pathSeparator + classPath,
                "BestBeta",
                study.toString(),
                folder.resolve("results").toString())
            .redirectErrorStream(true)
            .start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(printed).isZero();
    assertThat(printed).contains("test_elbo", "1-layer MLP (8 units)");
  }
}
