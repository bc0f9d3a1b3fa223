package org.ratescope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ratescope.cli.process.ExitCode;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunId;
import org.ratescope.study.Detail;
import org.ratescope.study.StudyFile;

/** Messages and exit codes of commands if results are damaged or missing. */
class DamageCommandsTest {
  private static final Path CACHE = SharedCache.folder();

  /** Shared by the tests, so that runs are trained once. */
  @TempDir static Path shared;

  private static Path study = Path.of("");

  @TempDir Path folder;

  private RecordStore store = RecordStore.at(Path.of(""));

  @BeforeAll
  static void runStudy() throws IOException {
    study =
        Files.writeString(
            shared.resolve("small.yaml"),
            """
            data: {set: tetrominoes, resolution: 4}
            splits: [cv:0.5]
            architectures: [mlp:1x8]
            latent: 2
            objective: {beta: [0.01, 1]}
            restarts: 1
            training: {iterations: 20, batch: 16}
            evaluation: {examples: 64, details: [memorisation]}
            """);
    Call run = Call.of(CACHE, "run", study.toString(), "--results", whole().toString());
    assertThat(run.code()).as(run.err()).isZero();
  }

  private static Path whole() {
    return shared.resolve("whole");
  }

  @BeforeEach
  void copyResults() throws IOException {
    store = RecordStore.at(folder.resolve("results"));
    try (Stream<Path> files = Files.walk(whole())) {
      for (Path file : files.toList()) {
        Files.copy(file, store.root().resolve(whole().relativize(file)));
      }
    }
  }

  private Call call(String command, String... more) {
    List<String> words = new ArrayList<>(List.of(command, study.toString()));
    words.addAll(List.of("--results", folder.resolve("results").toString()));
    words.addAll(List.of(more));
    return Call.of(CACHE, words.toArray(String[]::new));
  }

  private RunId run(int number) throws IOException {
    return StudyFile.read(study).runs().get(number).id();
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
  }

  /** The weights of beta = 1 replace those of beta = 0.01: no record gets their values. */
  @Test
  void weightsOfAnotherRunAreNotEvaluated() throws Exception {
    byte[] record = Files.readAllBytes(store.recordFile(run(0)));
    byte[] weights = Files.readAllBytes(store.weightsFile(run(0)));
    copy(store.weightsFile(run(1)), store.weightsFile(run(0)));
    Call evaluated = call("evaluate", "--only", "rate");
    assertThat(evaluated.code()).as(evaluated.err()).isZero();
    assertThat(evaluated.err())
        .contains(store.weightsFile(run(0)).toString())
        .contains(run(1).hex())
        .contains("(renamed to %s.safetensors.damaged-1)".formatted(run(0)));
    assertThat(Files.readAllBytes(store.recordFile(run(0)))).isEqualTo(record);
    assertThat(Files.readAllBytes(store.weightsFile(run(0)))).isEqualTo(weights);
  }

  @Test
  void missingWeightsAreReported() throws Exception {
    Files.delete(store.weightsFile(run(0)));
    Call evaluated = call("evaluate", "--only", "rate");
    assertThat(evaluated.code()).isEqualTo(ExitCode.FAILED);
    assertThat(evaluated.err())
        .contains("the weights of run %s are missing".formatted(run(0)))
        .contains("1 runs were not evaluated")
        .contains("--check trains them again");
    assertThat(call("run").code()).as("weights are not looked for").isZero();
    Call checked = call("run", "--check");
    assertThat(checked.code()).as(checked.err()).isZero();
    assertThat(store.weightsFile(run(0))).exists();
    assertThat(call("evaluate", "--only", "rate").code()).isZero();
  }

  @Test
  void aRecordThatIsACopyOfAnotherIsReplaced() throws Exception {
    byte[] record = Files.readAllBytes(store.recordFile(run(1)));
    copy(store.recordFile(run(0)), store.recordFile(run(1)));
    assertThat(call("status").out()).contains("missing   1").contains("of run " + run(0));
    Call again = call("run");
    assertThat(again.code()).as(again.err()).isZero();
    assertThat(again.out()).contains("missing   0");
    assertThat(Files.readAllBytes(store.recordFile(run(1)))).isEqualTo(record);
  }

  @ParameterizedTest
  @ValueSource(strings = {"digit", "cut", "empty", "another"})
  void damagedDetailsAreNamedByQueriesAndReplaced(String damage) throws Exception {
    Path file = store.detailFile(Detail.MEMORISATION, run(0));
    String whole = Files.readString(file);
    String digit = whole.replaceFirst("(\"perplexity\":\\d*[.]\\d*)\\d", "$10");
    Files.writeString(
        file,
        switch (damage) {
          case "digit" ->
              digit.equals(whole) ? whole.replaceFirst("\"index\":1", "\"index\":2") : digit;
          case "cut" -> whole.substring(0, whole.length() / 2);
          case "empty" -> "";
          default -> Files.readString(store.detailFile(Detail.MEMORISATION, run(1)));
        });
    assertThat(Files.readString(file)).isNotEqualTo(whole);
    Call query = call("query", "select count(*) as n from examples");
    assertThat(query.err()).contains("warning: " + file);
    Call again = call("run");
    assertThat(again.code()).as(again.err()).isZero();
    assertThat(again.err()).contains("damaged details, computed again: " + file);
    assertThat(Files.readString(file)).isEqualTo(whole);
    assertThat(file.resolveSibling(file.getFileName() + ".damaged-1")).exists();
    assertThat(call("query", "select count(*) as n from examples").err()).isEmpty();
  }

  @Test
  void resultsThatAreABrokenLinkAreNamed() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("nowhere"));
    for (Path results : List.of(link, link.resolve("below"))) {
      Call call = Call.of(CACHE, "run", study.toString(), "--results", results.toString());
      assertThat(call.code()).isEqualTo(ExitCode.WRONG_CALL);
      assertThat(call.err())
          .contains("%s is a link to a folder that does not exist".formatted(link))
          .contains(folder.resolve("nowhere").toString())
          .hasLineCount(1);
    }
  }
}
