package org.ratescope.cli.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.cli.Call;
import org.ratescope.cli.process.ExitCode;

/**
 * The benchmark works and prints what docs/performance.md describes; the test does not check speed.
 */
class BenchCommandTest {
  private static final Path DOCS = Path.of("..", "docs", "performance.md");

  @TempDir Path folder;

  private Call bench(String... more) {
    String small = "bench --architecture mlp:1x8 --resolution 4 --batch 4 --turn 0.002";
    List<String> words = new ArrayList<>(List.of(small.split(" ")));
    words.addAll(List.of(more));
    return Call.of(folder, words.toArray(String[]::new));
  }

  @Test
  void theJsonHasWhatTheDocumentationPromises() throws IOException {
    Call call = bench("--json");
    assertThat(call.code()).as(call.err()).isZero();
    JsonNode report = new ObjectMapper().readTree(call.out());

    Set<String> documented = new TreeSet<>();
    Matcher rows = Pattern.compile("(?m)^\\| `([A-Za-z]+)` \\|").matcher(Files.readString(DOCS));
    while (rows.find()) {
      documented.add(rows.group(1));
    }
    Set<String> printed = new TreeSet<>();
    names(report, printed);
    Call parts = bench("--parts", "--json");
    assertThat(parts.code()).as(parts.err()).isZero();
    names(new ObjectMapper().readTree(parts.out()), printed);
    assertThat(printed).isEqualTo(documented);

    JsonNode one = report.path("cases").path(0);
    long pixels = 3 * 4 * 4;
    long products = 2 * pixels * 8 + 3 * 8 * 20 + 3 * 10 * 8 + 3 * 8 * pixels;
    assertThat(one.path("operations").longValue()).isEqualTo(2 * 4 * products);
    long parameters = (pixels + 1) * 8 + 9 * 20 + 11 * 8 + 9 * pixels; // weights and biases
    assertThat(one.path("parameters").longValue()).isEqualTo(parameters);
    assertThat(one.path("adamBytes").longValue()).isEqualTo(36 * parameters);
    assertThat(one.path("ways")).hasSize(4);
    JsonNode eager = one.path("ways").path(0);
    assertThat(eager.path("timesEager").doubleValue()).isEqualTo(1);
    assertThat(eager.path("shareOfRoofline").doubleValue())
        .isCloseTo(
            one.path("rooflineSeconds").doubleValue()
                * eager.path("modelStepsPerSecond").doubleValue(),
            within(1e-9));
    assertThat(one.path("ways").path(2).path("k").intValue()).isEqualTo(64);
    assertThat(report.path("machine").path("cores").intValue())
        .isEqualTo(Runtime.getRuntime().availableProcessors());
  }

  private static void names(JsonNode node, Set<String> names) {
    node.fieldNames().forEachRemaining(names::add);
    node.forEach(child -> names(child, names));
  }

  @Test
  void printsATableAndProgress() {
    Call call = bench();
    assertThat(call.code()).as(call.err()).isZero();
    assertThat(call.out())
        .contains("mlp:1x8, 3x4x4, batch 4", "x eager", "ratescope, K = 64", "of the limits");
    assertThat(call.err()).contains("measuring training steps");
  }

  @Test
  void printsThePartsOfAStep() {
    Call call = bench("--parts");
    assertThat(call.code()).as(call.err()).isZero();
    assertThat(call.out())
        .contains("mlp:1x8, 3x4x4, batch 4, K = 64", "products: forward", "Adam", "of which");
  }

  @Test
  void comparesWithAnEarlierReport() throws IOException {
    Path file = folder.resolve("speed.json");
    JsonNode report = new ObjectMapper().readTree(bench("--json").out());
    Files.writeString(file, report.toString());
    Call call = bench("--compare", file.toString());
    assertThat(call.code()).as(call.err()).isZero();
    List<String> rows =
        call.out().lines().dropWhile(line -> !line.startsWith("compared with")).toList();
    assertThat(rows.get(0)).contains("speed.json");
    assertThat(rows.get(1)).contains("mlp:1x8, 3x4x4, batch 4");
    assertThat(rows.get(2)).matches(" +eager +[0-9.]+ x +1\\.00 x");
    assertThat(rows.get(3)).matches(" +ratescope, K = 1 +[0-9.]+ x +[0-9.]+ x");

    Files.writeString(file, report.toString().replace("ratescope, K = 64", "ratescope, K = 63"));
    assertThat(bench("--compare", file.toString()).out()).contains("is new");
  }

  @Test
  void refusesAFileThatIsNoReport() throws IOException {
    Path file = Files.writeString(folder.resolve("other.json"), "{\"cases\": []}");
    assertWrong("ratescope: --compare: no file ", "--compare", "nowhere.json");
    assertWrong("ratescope: --compare: " + file + " is not a report", "--compare", file.toString());
    assertWrong("ratescope: --compare: not possible with --parts", "--compare", "x", "--parts");
  }

  @Test
  void usageErrorsNameTheAllowedValues() {
    assertWrong(
        "ratescope: --turn: got 0.0; expected seconds above 0 and at most 60", "--turn", "0");
    assertWrong("ratescope: --turn: got NaN; expected seconds above 0", "--turn", "NaN");
    assertWrong("ratescope: resolution must be 32, 16, 8 or 4, got 5", "--resolution", "5");
    assertWrong("ratescope: batch must be from 1 to 2048; got 0", "--batch", "0");
    assertWrong(
        "ratescope: cnn:3x64 is measured on images of at least 32 rows; got 16",
        "--resolution",
        "16",
        "--architecture",
        "cnn:3x64");
  }

  @Test
  void optionsWithoutAnEffectAreRefused() {
    Call alone = Call.of(folder, "bench", "--batch", "3");
    assertThat(alone.code()).isEqualTo(ExitCode.WRONG_CALL);
    assertThat(alone.err()).isEqualTo("ratescope: --batch has no effect without --architecture\n");
    assertWrong("ratescope: --prior has no effect with --parts", "--parts", "--prior", "flow:2");
    assertWrong(
        "ratescope: --compare has no effect with --prior", "--compare", "x", "--prior", "flow:2");
    assertWrong(
        "ratescope: --products has no effect with --parts", "--parts", "--products", "bf16");
    assertWrong(
        "ratescope: --prior has no effect with --device cuda",
        "--device",
        "cuda",
        "--prior",
        "flow:2");
  }

  private void assertWrong(String beginning, String... options) {
    List<String> words = new ArrayList<>(List.of("bench"));
    words.addAll(List.of(options));
    if (!words.contains("--architecture")) {
      words.addAll(List.of("--architecture", "mlp:1x8"));
    }
    Call call = Call.of(folder, words.toArray(String[]::new));
    assertThat(call.err()).startsWith(beginning).doesNotContain("\tat ");
    assertThat(call.err().lines()).hasSize(1);
    assertThat(call.code()).isEqualTo(ExitCode.WRONG_CALL);
  }
}
