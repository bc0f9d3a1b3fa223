package org.ratescope.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.ratescope.cli.process.ExitCode;

/** Commands about results: ls, show, compare, clean; parts of a study, time budgets. */
@Execution(ExecutionMode.CONCURRENT)
class ResultsCommandsTest {
  private static final String STUDY =
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
        long: {training: {iterations: 2000000000}, restarts: 1}
      """;

  @TempDir static Path folder;

  private static Path study = Path.of("");
  private static Call firstRun = new Call(0, "", "");

  @BeforeAll
  static void runAStudy() throws IOException {
    study = Files.writeString(folder.resolve("small.yaml"), STUDY);
    firstRun = call("run", study.toString(), "--results", results());
  }

  private static Call call(String... arguments) {
    return Call.of(SharedCache.folder(), arguments);
  }

  private static String results() {
    return folder.resolve("results").toString();
  }

  private static JsonNode json(Call call) throws IOException {
    assertThat(call.code()).as(call.err()).isEqualTo(ExitCode.SUCCESS);
    return new ObjectMapper().readTree(call.out());
  }

  private static List<String> ids(String results) throws IOException {
    try (Stream<Path> records = Files.list(Path.of(results).resolve("records"))) {
      return records
          .map(file -> String.valueOf(file.getFileName()).replace(".json", ""))
          .sorted()
          .toList();
    }
  }

  @Test
  void partsOfAStudyAreSelected() throws IOException {
    JsonNode some =
        json(
            call(
                "status", study.toString(), "--where", "beta=1", "--results", results(), "--json"));
    JsonNode other =
        json(
            call(
                "status",
                study.toString(),
                "--set",
                "training.iterations=30",
                "--results",
                results(),
                "--json"));
    Call none = call("status", study.toString(), "--where", "beta=7", "--results", results());
    Call plan =
        call("plan", study.toString(), "--where", "beta=1,seed=0", "--set", "seed=0", "--quick");

    assertThat(some.get("finished").intValue()).isEqualTo(2);
    assertThat(some.get("runs").intValue()).isEqualTo(2);
    assertThat(other.get("missing").intValue()).isEqualTo(4);
    assertThat(none.code()).isEqualTo(ExitCode.WRONG_CALL);
    assertThat(none.err())
        .isEqualTo("ratescope: --where beta=7: none of the 4 runs of the study fulfils this\n");
    assertThat(plan.out())
        .contains("split   architecture  parameters  runs  to train  time")
        .containsPattern("cv:0\\.5  mlp:1x8 +\\d+ +1 +1  -");
  }

  @Test
  void statusNamesItsFolderAndOthers() throws IOException {
    String elsewhere = folder.resolve("none").toString();
    Call status = call("status", study.toString(), "--results", elsewhere);
    JsonNode json = json(call("status", study.toString(), "--results", elsewhere, "--json"));

    assertThat(status.out())
        .contains("results   " + elsewhere)
        .contains("4 records of these runs are in %1$s: --results %1$s".formatted(results()));
    assertThat(json.get("results").textValue()).isEqualTo(elsewhere);
    assertThat(json.at("/elsewhere/0/records").intValue()).isEqualTo(4);
  }

  /** A command that finds no record says where some are. */
  @Test
  void readersNameOtherFoldersToo() throws IOException {
    String empty = Files.createDirectories(folder.resolve("empty/records")).getParent().toString();
    String hint = "4 records of these runs are in %1$s: --results %1$s\n".formatted(results());

    assertThat(call("answer", study.toString(), "--results", empty).err()).contains(hint);
    assertThat(call("claims", study.toString(), "--results", empty).err()).contains(hint);
    assertThat(call("query", study.toString(), "from runs", "--results", empty).err())
        .contains(hint);
    assertThat(call("answer", study.toString(), "--results", results()).err())
        .doesNotContain("records of these runs");
  }

  @Test
  void theNameQuickstartImpliesItsFolder() throws IOException {
    Path copy =
        Files.copy(
            Path.of("../studies/quickstart.yaml"),
            Files.createDirectories(folder.resolve("copied")).resolve("quickstart.yaml"));
    Call missing = call("query", "quickstart", "from runs");

    assertThat(json(call("status", "quickstart", "--json")).get("results").textValue())
        .isEqualTo("quickstart");
    assertThat(json(call("status", copy.toString(), "--json")).get("results").textValue())
        .isEqualTo("results");
    assertThat(missing.err()).contains("--results: got \"quickstart\"; expected a folder of");
    assertThat(call("status", "quikstart").err()).endsWith("(did you mean quickstart?)\n");
  }

  @Test
  void studiesAndFoldersAreListed() throws IOException {
    Call text = call("ls", folder.toString());
    JsonNode list = json(call("ls", folder.toString(), "--json"));

    assertThat(text.out()).containsPattern("small\\.yaml +4 +4  .*results\n");
    assertThat(list.get("studies"))
        .filteredOn(row -> row.get("results").asText().equals(results()))
        .filteredOn(row -> row.get("name").asText().equals("small"))
        .extracting(row -> row.get("records").intValue())
        .containsExactly(4);
    assertThat(list.at("/results").findValuesAsText("folder")).contains(results());
    assertThat(call("ls", folder.resolve("nowhere").toString()).code())
        .isEqualTo(ExitCode.WRONG_CALL);
  }

  @Test
  void aRunIsShown() throws IOException {
    String id = ids(results()).getFirst();
    Call text = call("show", id.substring(0, 12), "--results", results());
    JsonNode run = json(call("show", results() + "/records/" + id + ".json", "--json"));
    Call unknown = call("show", "zz", "--results", results());
    Call many = call("show", "", "--results", results());

    assertThat(text.code()).as(text.err()).isEqualTo(ExitCode.SUCCESS);
    assertThat(text.out())
        .startsWith("run      " + id)
        .contains("studies  " + study)
        .contains("Architecture    1-layer MLP (8 units)", "test    distortion", "libtorch");
    assertThat(run.at("/run/outcome").textValue()).isEqualTo("finished");
    assertThat(run.at("/settings/iterations").intValue()).isEqualTo(20);
    assertThat(run.at("/estimates")).hasSizeGreaterThan(4);
    assertThat(run.at("/files")).hasSize(3);
    assertThat(unknown.code()).isEqualTo(ExitCode.WRONG_CALL);
    assertThat(unknown.err()).startsWith("ratescope: got run \"zz\"; expected the beginning of");
    assertThat(many.err()).contains("the beginning of").contains("expected more of one");
  }

  @Test
  void runsAndStudiesAreCompared() throws IOException {
    List<String> ids = ids(results());
    JsonNode first = json(call("show", ids.get(0), "--results", results(), "--json"));
    JsonNode second = json(call("show", ids.get(1), "--results", results(), "--json"));
    JsonNode runs = json(call("compare", ids.get(0), ids.get(1), "--results", results(), "--json"));
    Path other =
        Files.writeString(folder.resolve("wide.yaml"), STUDY.replace("mlp:1x8", "mlp:1x16"));
    String results = folder.resolve("compared").toString();
    assertThat(call("run", study.toString(), "--results", results).code()).isZero();
    assertThat(call("run", other.toString(), "--results", results).code()).isZero();
    Call studies = call("compare", study.toString(), other.toString(), "--results", results);
    Call mixed = call("compare", study.toString(), ids.getFirst(), "--results", results);

    JsonNode row = runs.at("/estimates/0");
    assertThat(row.get("B - A").doubleValue())
        .isEqualTo(
            value(second, row.get("subset").textValue(), row.get("estimate").textValue())
                - value(first, row.get("subset").textValue(), row.get("estimate").textValue()));
    assertThat(runs.at("/settings")).isNotEmpty();
    assertThat(studies.out())
        .contains("Architecture  1-layer MLP (8 units)  1-layer MLP (16 units)")
        .contains("A test distortion", "A sd", "B sd", "B - A")
        .containsPattern("\n0\\.1 ")
        .containsPattern("\n1(\\.0)? ");
    assertThat(mixed.code()).isEqualTo(ExitCode.WRONG_CALL);
  }

  /** The means are those of a query; runs that leave out a fold enter neither. */
  @Test
  void studiesAreComparedWhereTheyHaveCommonValues() throws IOException {
    String more =
        STUDY.replace("mlp:1x8", "mlp:1x16").replace("[0.1, 1]", "[3, 1, 0.1]")
            + "twin-halves: true\n";
    String b = Files.writeString(folder.resolve("more.yaml"), more).toString();
    String results = folder.resolve("common").toString();
    assertThat(call("run", study.toString(), "--results", results).code()).isZero();
    assertThat(call("run", b, "--results", results).code()).isZero();
    JsonNode table = json(call("compare", study.toString(), b, "--results", results, "--json"));
    String sql =
        "select avg(\"value\") as mean from runs join estimates using (run) where fold is null and"
            + " name = 'distortion' and subset = 'test' and beta < 3 group by beta order by beta";
    JsonNode meansOfA = json(call("query", study.toString(), sql, "--results", results, "--json"));
    JsonNode meansOfB = json(call("query", b, sql, "--results", results, "--json"));

    JsonNode rows = table.get("estimates");
    assertThat(rows).hasSize(2);
    for (int i = 0; i < 2; i++) {
      JsonNode row = rows.get(i);
      assertThat(row.get("βKL").textValue()).isEqualTo(i == 0 ? "0.1" : "1.0");
      assertThat(row.has("Split")).isFalse();
      assertThat(row.get("A test distortion").doubleValue())
          .isCloseTo(meansOfA.get(i).get("mean").doubleValue(), within(1e-9));
      assertThat(row.get("B").doubleValue())
          .isCloseTo(meansOfB.get(i).get("mean").doubleValue(), within(1e-9));
    }
    assertThat(table.get("settings")).noneMatch(row -> row.get("setting").asText().equals("Split"));
  }

  @Test
  void studiesThatCannotBeComparedAreRefused() throws IOException {
    String other =
        Files.writeString(folder.resolve("apart.yaml"), STUDY.replace("[0.1, 1]", "[0.3, 3]"))
            .toString();
    Call apart = call("compare", study.toString(), other, "--results", results());
    Call unknown =
        call(
            "compare",
            study.toString(),
            study.toString(),
            "--estimate",
            "rat",
            "--results",
            results());

    assertThat(apart.code()).isEqualTo(ExitCode.WRONG_CALL);
    assertThat(apart.err())
        .isEqualTo(
            "ratescope: βMI: the studies have no common value, and one has several; expected one value in each\n");
    assertThat(unknown.code()).isEqualTo(ExitCode.WRONG_CALL);
    assertThat(unknown.err())
        .startsWith(
            "ratescope: --estimate: got \"rat\"; expected an estimate of the test set of A: ")
        .contains("distortion, elbo")
        .endsWith(" (did you mean rate?)\n");
  }

  private static double value(JsonNode run, String subset, String name) {
    for (JsonNode estimate : run.get("estimates")) {
      if (estimate.get("name").textValue().equals(name)
          && estimate.get("subset").textValue().equals(subset)) {
        return estimate.get("value").doubleValue();
      }
    }
    return Double.NaN;
  }

  @Test
  void orphansAreListedThenMovedAndNothingElse() throws IOException {
    Path place = Files.createDirectories(folder.resolve("cleaned"));
    Path file = Files.writeString(place.resolve("edited.yaml"), STUDY);
    String results = place.resolve("results").toString();
    assertThat(call("run", file.toString(), "--results", results).code()).isZero();
    Call clean = call("clean", results);
    Files.writeString(file, STUDY.replace("[0.1, 1]", "[1]"));
    List<String> before = ids(results);
    Call listed = call("clean", results);
    List<String> afterListing = ids(results);
    JsonNode moved = json(call("clean", results, "--yes", "--json"));
    Files.writeString(file, STUDY.replace("splits: [cv:0.5]", "splits: [cv]"));
    Call refused = call("clean", results, "--yes");
    List<String> afterRefusal = ids(results);

    assertThat(clean.out()).contains("every run belongs to a study; nothing to clean");
    assertThat(listed.out())
        .contains("2 runs that no study declares", "--yes' moves them to", "β = 0.1")
        .doesNotContain("βKL = 1,");
    assertThat(afterListing).isEqualTo(before).hasSize(4);
    assertThat(moved.get("runs")).hasSize(2);
    assertThat(moved.get("moved").booleanValue()).isTrue();
    assertThat(ids(results + "/removed")).hasSize(2).doesNotContainAnyElementsOf(afterRefusal);
    assertThat(refused.code()).isEqualTo(ExitCode.WRONG_CALL);
    assertThat(refused.err())
        .contains("a study file cannot be read")
        .contains("nothing is cleaned");
    assertThat(afterRefusal).hasSize(2);
  }

  /** A suite needs no suite.yaml, its files are studies too, and so are those of another folder. */
  @Test
  void runsOfSuitesAreNoOrphans() throws IOException {
    Path place = Files.createDirectories(folder.resolve("suites"));
    Path suite = Files.createDirectories(place.resolve("pair"));
    Files.writeString(suite.resolve("a.yaml"), STUDY);
    Files.writeString(suite.resolve("b.yaml"), STUDY.replace("[0.1, 1]", "[3]"));
    String results = place.resolve("results").toString();
    assertThat(call("run", suite.toString(), "--results", results).code()).isZero();
    String id = ids(results).getFirst();

    assertClean(results);
    assertThat(call("show", id, "--results", results).out()).contains("studies  " + suite + "\n");
    assertThat(call("ls", place.toString()).out()).containsPattern("suites/pair +6 +6 ");

    Files.writeString(suite.resolve("suite.yaml"), "profile: long\n");
    assertClean(results);
    assertThat(call("show", id, "--results", results).out())
        .containsPattern("studies  .*suites/pair/[ab]\\.yaml\n");
    assertThat(json(call("ls", place.toString(), "--json")).findValuesAsText("file"))
        .contains(suite.toString(), suite.resolve("a.yaml").toString());

    Files.delete(suite.resolve("suite.yaml"));
    Files.writeString(suite.resolve("compose.yaml"), "services: {}\n");
    assertClean(results);
    Files.delete(suite.resolve("b.yaml"));
    String listed = call("clean", results).out();
    assertThat(listed).contains("2 runs that no study declares", ", β = ");
    String moved = call("clean", results, "--yes").out();
    assertThat(moved.lines().limit(3))
        .as("with the same sizes")
        .containsExactlyElementsOf(listed.lines().limit(3).toList());
  }

  private static void assertClean(String results) {
    Call clean = call("clean", results);
    assertThat(clean.out())
        .as(clean.err())
        .contains("every run belongs to a study; nothing to clean");
  }

  /** A busy machine may need more than a second before the first step. */
  @Test
  void aTimeBudgetStopsARunThatGoesOnLater() throws IOException {
    String results = folder.resolve("budget").toString();
    String[] words = {"run", study.toString(), "--profile", "long", "--results", results};
    for (int seconds = 1;
        seconds < 100 && !Files.isDirectory(Path.of(results).resolve("checkpoints"));
        seconds *= 2) {
      Call run =
          call(
              Stream.concat(Stream.of(words), Stream.of("--time-budget", seconds + "s"))
                  .toArray(String[]::new));
      assertThat(run.code()).isEqualTo(ExitCode.FAILED);
      assertThat(run.err())
          .contains("ratescope: the time budget of %ds is used up\n".formatted(seconds))
          .contains("2 runs are missing")
          .contains("the same command trains them");
      assertThat(run.out()).contains("missing   2").contains("Next:").contains("--profile long");
    }
    Call wrong = call("run", study.toString(), "--time-budget", "soon");

    try (Stream<Path> checkpoints = Files.list(Path.of(results).resolve("checkpoints"))) {
      assertThat(checkpoints).isNotEmpty();
    }
    assertThat(wrong.code()).isEqualTo(ExitCode.WRONG_CALL);
    assertThat(wrong.err()).contains("--time-budget: got \"soon\"; expected a time such as 90s");
  }

  @Test
  void aFolderThatIsNotThereIsAnErrorOfAQuickPlanToo() throws IOException {
    Path file =
        Files.writeString(
            Files.createDirectories(folder.resolve("photos-study")).resolve("p.yaml"),
            STUDY.replace(
                "{set: tetrominoes, resolution: 4}", "{images: photos, size: 8, colour: grey}"));
    Call plan = call("plan", file.toString(), "--quick");

    assertThat(plan.code()).isEqualTo(ExitCode.WRONG_CALL);
    assertThat(plan.err()).contains("no such file or folder: ").contains("photos");
  }

  /** The commands that a message suggests work on the same runs. */
  @Test
  void suggestedCommandsHaveTheChoiceOfRuns() {
    String results = results();
    Call run = call("run", study.toString(), "--where", "beta>0.1,seed=0|1", "--results", results);

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains(
            "  ratescope report %s --where 'beta>0.1,seed=0|1' --results %s"
                .formatted(study, results));
  }

  @Test
  void theFirstRunSaysWhereItsResultsAre() {
    assertThat(firstRun.out())
        .contains("results   " + results())
        .contains("  ratescope report " + study + " --results " + results());
  }
}
