package org.ratescope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.cli.process.ExitCode;

/** A study from its file to its results, by commands. */
class SmallStudyTest {
  @TempDir static Path folder;

  private static Path study = Path.of("");
  private static Call firstRun = new Call(0, "", "");

  @BeforeAll
  static void runAStudy() throws IOException {
    study =
        Files.writeString(
            folder.resolve("small.yaml"),
            """
            data: {set: tetrominoes, resolution: 4}
            splits: [cv:0.5]
            architectures: [mlp:1x8]
            latent: 2
            objective: {beta: [0.1, 1]}
            restarts: 2
            training: {iterations: 20, batch: 16}
            evaluation: {examples: 64}
            profiles:
              broken: {training: {learning-rate: 1e30}, restarts: 1}
              more: {restarts: 3}
            """);
    firstRun = call("run", study.toString(), "--results", results("shared"));
  }

  private static Call call(String... arguments) {
    return Call.of(folder.resolve("cache"), arguments);
  }

  private static String results(String name) {
    return folder.resolve(name).toString();
  }

  private static JsonNode json(Call call) throws IOException {
    return new ObjectMapper().readTree(call.out());
  }

  @Test
  void aRunReportsItsProgressAndResult() {
    assertThat(firstRun.code()).as(firstRun.err()).isEqualTo(ExitCode.SUCCESS);
    assertThat(firstRun.err()).startsWith("images of tetrominoes").contains("training: ");
    List<String> lines = firstRun.out().lines().toList();
    assertThat(lines.get(8)).as("the answer").contains(": ", "1-layer MLP (8 units)").endsWith(".");
    assertThat(Stream.concat(lines.subList(0, 7).stream(), lines.subList(9, lines.size()).stream()))
        .containsExactly(
            "study     small",
            "runs      4",
            "finished  4",
            "diverged  0",
            "failed    0",
            "missing   0",
            "results   " + results("shared"),
            "",
            "Next:",
            "  # write figures and tables as one page",
            "  ratescope report %s --results %s".formatted(study, results("shared")));
  }

  @Test
  void finishedRunsAreNotTrainedAgain() throws IOException {
    JsonNode plan =
        json(call("plan", study.toString(), "--results", results("shared"), "--quick", "--json"));
    JsonNode more =
        json(
            call(
                "plan",
                study.toString(),
                "--profile",
                "more",
                "--quick",
                "--results",
                results("shared"),
                "--json"));

    assertThat(plan.get("done").intValue()).isEqualTo(4);
    assertThat(plan.get("toTrain").intValue()).isZero();
    assertThat(plan.get("cohortList")).isEmpty();
    assertThat(more.get("done").intValue()).isEqualTo(4);
    assertThat(more.get("toTrain").intValue()).isEqualTo(2);
    assertThat(more.get("modelSteps").intValue()).isEqualTo(2 * 20);
  }

  @Test
  void aForecastHasNumbers() throws IOException {
    JsonNode plan = json(call("plan", study.toString(), "--results", results("none"), "--json"));

    assertThat(plan.get("memoryBytes").longValue()).isPositive();
    assertThat(plan.get("diskBytes").longValue()).isPositive();
    assertThat(plan.get("seconds").longValue()).isNotNegative();
  }

  @Test
  void aRunThatDivergesEndsTheCallWithOne() throws IOException {
    Call run =
        call(
            "run",
            study.toString(),
            "--profile",
            "broken",
            "--results",
            results("broken"),
            "--json");
    Call again =
        call("run", study.toString(), "--profile", "broken", "--results", results("broken"));

    assertThat(run.code()).isEqualTo(ExitCode.FAILED);
    assertThat(run.err()).contains(" diverged at step ");
    assertThat(json(run).get("diverged").intValue()).isEqualTo(2);
    assertThat(json(run).get("troubles")).hasSize(2);
    assertThat(again.code()).isEqualTo(ExitCode.FAILED);
  }

  @Test
  void recordsCanBeQueriedWithSql() throws IOException {
    String sql = "select outcome, count(*) as n from runs group by all";
    Call text = call("query", study.toString(), sql, "--results", results("shared"));
    Call csv = call("query", study.toString(), sql, "--csv", "--results", results("shared"));
    Call json = call("query", study.toString(), sql, "--json", "--results", results("shared"));
    Call wrong = call("query", study.toString(), "selec 1", "--results", results("shared"));

    assertThat(text.out().lines()).containsExactly("outcome   n", "finished  4");
    assertThat(csv.out()).isEqualTo("outcome,n\nfinished,4\n");
    assertThat(json(json)).hasSize(1);
    assertThat(wrong.code()).isEqualTo(ExitCode.WRONG_CALL);
    assertThat(wrong.err()).startsWith("ratescope: the query failed: line 1: ").hasLineCount(1);
  }

  @Test
  void claimsAreJudged() throws IOException {
    Call text = call("claims", study.toString(), "--all", "--results", results("shared"));
    Call judged = call("claims", study.toString(), "--results", results("shared"));
    Call json = call("claims", study.toString(), "--json", "--results", results("shared"));

    assertThat(text.code()).isEqualTo(ExitCode.SUCCESS);
    assertThat(text.out().lines().filter(line -> line.startsWith("3b   not enough runs: ")))
        .hasSize(1);
    assertThat(judged.out())
        .doesNotContain("not enough runs")
        .containsPattern("\\d+ of 21 claims need runs that this study does not have; --all shows");
    assertThat(json.code()).isEqualTo(ExitCode.SUCCESS);
    assertThat(json(json)).hasSize(21);
    assertThat(json(json).get(0).get("claim").textValue()).isEqualTo("T2");
  }

  @Test
  void figuresAreWritten() throws IOException {
    Call figure =
        call(
            "figure",
            study.toString(),
            "rate-distortion",
            "--results",
            results("shared"),
            "--json");
    Call list = call("figure", study.toString(), "--list");
    Call unknown = call("figure", study.toString(), "rate", "--results", results("shared"));

    assertThat(figure.code()).as(figure.err()).isEqualTo(ExitCode.SUCCESS);
    assertThat(json(figure)).hasSize(3);
    for (JsonNode file : json(figure)) {
      assertThat(Path.of(file.textValue())).isNotEmptyFile();
    }
    assertThat(list.out().lines()).contains("rate-distortion");
    assertThat(unknown.code()).isEqualTo(ExitCode.WRONG_CALL);
    assertThat(unknown.err()).startsWith("ratescope: got figure \"rate\"; expected ");
    assertThat(call("figure", study.toString(), "rate-distorsion").err())
        .endsWith("(did you mean rate-distortion?)\n");
  }

  @Test
  void aReportIsAPageWithFindings() throws IOException {
    Call report = call("report", study.toString(), "--results", results("shared"));
    Path page = folder.resolve("shared/small/report.html");

    assertThat(report.code()).as(report.err()).isEqualTo(ExitCode.SUCCESS);
    assertThat(report.out()).contains("test distortion").endsWith("The report: " + page + "\n");
    assertThat(Files.readString(page)).startsWith("<!doctype html>");
  }

  @Test
  void theQuestionIsAnswered() throws IOException {
    Call text = call("answer", study.toString(), "--results", results("shared"));
    Call json = call("answer", study.toString(), "--json", "--results", results("shared"));
    Call report = call("report", study.toString(), "--results", results("shared"));
    Call none = call("answer", study.toString(), "--results", results("none"));

    assertThat(json.code()).as(json.err()).isEqualTo(ExitCode.SUCCESS);
    assertThat(text.out().lines().findFirst()).contains(json(json).get("answer").textValue());
    assertThat(report.out().lines().findFirst()).contains(json(json).get("answer").textValue());
    assertThat(json(json).get("comparisons")).isNotEmpty();
    assertThat(none.code()).isEqualTo(ExitCode.WRONG_CALL);
    assertThat(none.err()).contains("expected a folder of results");
  }

  @Test
  void aUsersFigureCanBeDrawn() throws IOException {
    Path own = Files.createDirectories(folder.resolve("own/figures/mine"));
    Path file = Files.copy(study, own.resolve("../../small.yaml").normalize());
    Files.writeString(file, Files.readString(study) + "figures: [mine]\n");

    assertThat(call("figure", file.toString(), "--list").out().lines()).contains("mine");
    assertThat(call("status", file.toString(), "--results", results("none")).code())
        .isEqualTo(ExitCode.SUCCESS);
  }

  @Test
  void imagesAreDescribedFromTheCache() throws IOException {
    Call described = call("data", "describe", "tetrominoes:resolution=4", "--images", "--json");
    Call built = call("data", "build", "tetrominoes:resolution=4", "--json");

    assertThat(described.err()).as("nothing is rendered again").isEmpty();
    assertThat(json(described).get("trainImagesSha256").textValue()).hasSize(64);
    assertThat(json(described).get("testImagesSha256").textValue()).hasSize(64);
    assertThat(json(built).get("images").intValue()).isEqualTo(163_840);
  }
}
