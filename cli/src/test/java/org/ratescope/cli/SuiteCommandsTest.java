package org.ratescope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.cli.process.ExitCode;

/** A suite from its folder to its results, by commands. */
class SuiteCommandsTest {
  @TempDir static Path folder;

  private static Path suite = Path.of("");
  private static Call firstRun = new Call(0, "", "");

  private static final String DEPTHS =
      """
      data: {set: tetrominoes, resolution: 4}
      splits: [cv:0.5]
      architectures: [mlp:1x8, mlp:2x8]
      latent: 2
      objective: {beta: [0.1, 1]}
      restarts: 1
      training: {iterations: 20, batch: 16}
      evaluation: {estimators: [distortion, rate, elbo], examples: 64}
      """;

  /** One of its two runs is in the other study, which does not request its norms. */
  private static final String NORMS =
      """
      data: {set: tetrominoes, resolution: 4}
      splits: [cv:0.5]
      architectures: [mlp:1x8]
      latent: 2
      objective: {beta: [1, 2]}
      restarts: 1
      training: {iterations: 20, batch: 16}
      evaluation: {estimators: [decoderNorm], examples: 64}
      profiles:
        only: {objective: {beta: 2}}
      """;

  @BeforeAll
  static void runASuite() throws IOException {
    suite = Files.createDirectory(folder.resolve("pair"));
    Files.writeString(suite.resolve("depths.yaml"), DEPTHS);
    Files.writeString(suite.resolve("norms.yaml"), NORMS);
    figure("norm", "A2", "Norms", "[\"norms\"]", "name = 'decoderNorm'");
    figure("all", "1", "All distortions", "[]", "name = 'distortion'");
    firstRun = call("run", suite.toString(), "--results", results());
  }

  private static void figure(
      String name, String number, String title, String studies, String condition)
      throws IOException {
    Path own = Files.createDirectories(suite.resolve("figures").resolve(name));
    Files.writeString(
        own.resolve("query.sql"),
        "select beta, \"value\" from runs join estimates using (run) where " + condition);
    Files.writeString(
        own.resolve("spec.vl.json"),
        """
        { "usermeta": { "ratescope": { "number": "%s", "title": "%s", "studies": %s } }, "mark": "point",
          "encoding": { "x": { "field": "beta", "type": "quantitative" }, "y": { "field": "value", "type": "quantitative" } } }
        """
            .formatted(number, title, studies));
  }

  private static Call call(String... arguments) {
    return Call.of(SharedCache.folder(), arguments);
  }

  private static Call onSuite(String command, String... more) {
    List<String> words =
        new ArrayList<>(List.of(command, suite.toString(), "--results", results()));
    words.addAll(List.of(more));
    return call(words.toArray(String[]::new));
  }

  private static String results() {
    return folder.resolve("results").toString();
  }

  private static JsonNode json(Call call) throws IOException {
    assertThat(call.code()).as(call.err()).isZero();
    return new ObjectMapper().readTree(call.out());
  }

  /** Published records give the same numbers as the results that they were written from. */
  @Test
  void reportWritesAGallery() throws IOException {
    Path page = folder.resolve("docs").resolve("gallery.md");
    Call call =
        onSuite(
            "report",
            "--gallery",
            page.toString(),
            "--out",
            folder.resolve("gallery report").toString());
    assertThat(call.code()).isEqualTo(ExitCode.SUCCESS);
    assertThat(Files.readString(page))
        .contains("## Figure 1. All distortions", "![Figure A2. Norms](gallery/norm.png)")
        .contains("ratescope report " + suite, "| T2 | ");
    assertThat(Files.readString(page.resolveSibling("gallery").resolve("all.csv")).lines())
        .hasSizeGreaterThan(3);
  }

  @Test
  void publishedRecordsAreReadWithoutTraining() throws IOException {
    String sql = "from estimates order by all";
    String before = onSuite("query", sql, "--csv").out();
    Path copy = Files.createDirectory(folder.resolve("copy"));
    Files.copy(suite.resolve("depths.yaml"), copy.resolve("depths.yaml"));
    Files.copy(suite.resolve("norms.yaml"), copy.resolve("norms.yaml"));
    Call missing = call("query", copy.toString(), sql, "--published", "--results", results());
    assertThat(missing.code()).isEqualTo(ExitCode.WRONG_CALL);
    assertThat(missing.err())
        .contains(
            "--published: "
                + copy.toAbsolutePath().resolve("records")
                + " has no files *.records.gz");
    Call written = onSuite("export-records", "--out", copy.resolve("records").toString());
    assertThat(written.code()).as(written.err()).isZero();
    assertThat(written.out()).contains("depths.records.gz  ", "norms.records.gz  ");
    String fresh = folder.resolve("fresh").toString();
    Call read = call("query", copy.toString(), sql, "--csv", "--published", "--results", fresh);
    assertThat(read.code()).as(read.err()).isZero();
    assertThat(read.out()).isEqualTo(before);
    assertThat(call("claims", copy.toString(), "--published", "--results", fresh).code()).isZero();
    assertThat(json(call("ls", folder.toString(), "--json")).get("results"))
        .as("a folder with archives is no results folder")
        .noneMatch(row -> row.get("folder").asText().equals(copy.toString()));
    for (String command : List.of("run", "retry")) {
      Call writes = call(command, copy.toString(), "--published", "--results", fresh);
      assertThat(writes.code()).isEqualTo(ExitCode.WRONG_CALL);
      assertThat(writes.err()).startsWith("ratescope: --published: this command writes results");
    }
    Files.writeString(copy.resolve("records/depths.records.gz"), "no archive");
    Call damaged = call("claims", copy.toString(), "--published", "--results", fresh);
    assertThat(damaged.err()).contains("depths.records.gz, entry 0: ");
  }

  @Test
  void aRunOfTwoStudiesIsTrainedOnceAndEvaluatedForBoth() throws IOException {
    assertThat(firstRun.code()).as(firstRun.err()).isEqualTo(ExitCode.SUCCESS);
    assertThat(firstRun.out().lines())
        .startsWith(
            "suite     pair",
            "runs      5",
            "finished  5",
            "diverged  0",
            "failed    0",
            "missing   0");
    JsonNode names =
        json(
            onSuite(
                "query",
                "select string_agg(distinct name, ' ' order by name) filter (name not like '%.%')"
                    + " as names, count(distinct study) as studies from members join runs using"
                    + " (run) join estimates using (run) where layers = 1 group by run, beta order"
                    + " by beta",
                "--json"));
    assertThat(names).hasSize(3);
    assertThat(names.get(0).toString())
        .isEqualTo("{\"names\":\"distortion elbo rate\",\"studies\":1}");
    assertThat(names.get(1).toString())
        .isEqualTo("{\"names\":\"decoderNorm distortion elbo rate\",\"studies\":2}");
    assertThat(names.get(2).toString()).isEqualTo("{\"names\":\"decoderNorm\",\"studies\":1}");
  }

  @Test
  void aPlanShowsTheCostOfEachStudyAndFigure() throws IOException {
    JsonNode plan =
        json(
            call(
                "plan",
                suite.toString(),
                "--results",
                folder.resolve("none").toString(),
                "--json"));
    JsonNode done = json(onSuite("plan", "--json"));
    Call text =
        call("plan", suite.toString(), "--results", folder.resolve("none").toString(), "--quick");

    assertThat(plan.get("suite").textValue()).isEqualTo("pair");
    assertThat(plan.get("toTrain").intValue()).isEqualTo(5);
    assertThat(plan.get("studies")).hasSize(2);
    assertThat(plan.get("studies").get(1).get("toTrain").intValue()).isEqualTo(2);
    JsonNode figures = plan.get("figures");
    assertThat(figures).extracting(f -> f.get("number").textValue()).containsExactly("1", "A2");
    assertThat(figures).extracting(f -> f.get("runs").intValue()).containsExactly(5, 2);
    assertThat(figures).extracting(f -> f.get("shared").intValue()).containsExactly(2, 2);
    assertThat(figures.get(0).get("diskBytes").longValue())
        .isGreaterThan(figures.get(1).get("diskBytes").longValue())
        .isLessThanOrEqualTo(plan.get("diskBytes").longValue());
    assertThat(figures).allMatch(f -> f.has("seconds"));
    assertThat(done.get("toTrain").intValue()).isZero();
    assertThat(done.get("done").intValue()).isEqualTo(5);
    assertThat(text.out())
        .contains("norms", "figure ", "All distortions")
        .doesNotContain("cohort ");
  }

  @Test
  void studiesWithoutTheProfileAreNamed() throws IOException {
    JsonNode plan = json(onSuite("plan", "--profile", "only", "--quick", "--json"));
    Call none = onSuite("plan", "--profile", "other");

    assertThat(plan.get("leftOut")).extracting(JsonNode::textValue).containsExactly("depths");
    assertThat(plan.get("runs").intValue()).isEqualTo(1);
    assertThat(none.code()).isEqualTo(ExitCode.WRONG_CALL);
    assertThat(none.err())
        .isEqualTo(
            "ratescope: %s: no study has the profile \"other\"; expected only%n".formatted(suite));
  }

  @Test
  void itsFiguresAreThoseOfItsFolder() throws IOException {
    JsonNode files = json(onSuite("figure", "--json"));
    JsonNode one = json(onSuite("figure", "norm", "--json"));

    assertThat(files).hasSize(6);
    assertThat(files.get(0).textValue()).endsWith("pair/figures/all.svg");
    assertThat(one).hasSize(3);
    for (JsonNode file : files) {
      assertThat(Path.of(file.textValue())).isNotEmptyFile();
    }
  }

  /** Only a folder that the user names must exist: some figures need the data alone. */
  @Test
  void aNamedResultsFolderMustExist() {
    String nowhere = folder.resolve("nowhere").toString();
    for (String command : List.of("figure", "report", "claims", "query")) {
      List<String> words = new ArrayList<>(List.of(command, suite.toString()));
      words.addAll(command.equals("query") ? List.of("from runs") : List.of());
      words.addAll(List.of("--results", nowhere));
      Call call = call(words.toArray(String[]::new));
      assertThat(call.code()).as(command).isEqualTo(ExitCode.WRONG_CALL);
      assertThat(call.err()).contains("--results: got \"" + nowhere + "\"; expected a folder of");
    }
    String out = folder.resolve("of the data").toString();
    Call figure = call("figure", suite.toString(), "norm", "--out", out);
    assertThat(figure.code()).as(figure.err()).isEqualTo(ExitCode.SUCCESS);
  }

  @Test
  void claimsFitTheTerminal() {
    Call wide = Call.inTerminal(SharedCache.folder(), 500, claims());
    Call narrow = Call.inTerminal(SharedCache.folder(), 60, claims());

    assertThat(narrow.out().lines()).allMatch(line -> line.length() <= 60);
    assertThat(narrow.out()).contains("\n     Holds when: ");
    assertThat(narrow.out().replaceAll("\\s+", " ")).isEqualTo(wide.out().replaceAll("\\s+", " "));
  }

  private static String[] claims() {
    return new String[] {"claims", suite.toString(), "--all", "--results", results()};
  }

  @Test
  void itHasOneReport() throws IOException {
    JsonNode report = json(onSuite("report", "--json"));
    String html = Files.readString(Path.of(report.get("page").textValue()));

    assertThat(report.get("figures"))
        .extracting(JsonNode::textValue)
        .containsExactly("all", "norm");
    assertThat(report.get("problems")).isEmpty();
    assertThat(html)
        .contains("Figure A2. Norms", "Suite pair, norms on tetrominoes", "2 runs, all finished.")
        .contains("<summary>depths: depths</summary>");
  }

  @Test
  void oneStudyOfItIsStillAStudy() throws IOException {
    JsonNode status =
        json(
            call(
                "status",
                suite.resolve("norms.yaml").toString(),
                "--results",
                results(),
                "--json"));

    assertThat(status.get("study").textValue()).isEqualTo("norms");
    assertThat(status.get("finished").intValue()).isEqualTo(2);
  }

  @Test
  void someEstimatesCanBeComputedAgain() throws IOException {
    JsonNode status = json(onSuite("evaluate", "--only", "encoderNorm", "--json"));
    JsonNode count =
        json(
            onSuite(
                "query",
                "select count(distinct run) as n from estimates where name = 'encoderNorm'",
                "--json"));

    assertThat(status.get("finished").intValue()).isEqualTo(5);
    assertThat(count.get(0).get("n").intValue()).isEqualTo(5);
  }

  @Test
  void wrongSuitesAreRefusedInOneLine() throws IOException {
    Path empty = Files.createDirectories(folder.resolve("empty"));
    Path wrong = Files.createDirectories(folder.resolve("wrong"));
    Files.writeString(wrong.resolve("a.yaml"), DEPTHS);
    Files.writeString(wrong.resolve("b.yaml"), NORMS.replace("examples: 64", "examples: 65"));

    assertThat(call("run", empty.toString()).err())
        .isEqualTo(
            "ratescope: %s: a folder without study files; expected at least one file NAME.yaml%n"
                .formatted(empty));
    Call clash = call("run", wrong.toString());
    assertThat(clash.code()).isEqualTo(ExitCode.WRONG_CALL);
    assertThat(clash.err())
        .startsWith("ratescope: %s: evaluation.examples: studies a and b declare".formatted(wrong))
        .hasLineCount(1);
  }
}
