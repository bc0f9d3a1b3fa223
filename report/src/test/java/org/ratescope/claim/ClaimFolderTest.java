package org.ratescope.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ratescope.figure.Generated;
import org.ratescope.results.store.RecordStore;
import org.ratescope.sql.Records;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;
import org.ratescope.yaml.StudyFileException;

/** Claims in folders of the user's: formulas, sentences, queries, and errors in them. */
class ClaimFolderTest {
  private static final String CLAIM =
      """
      text: T
      threshold: H
      curves:
        test: {query: ordinary, column: distortion, family: MLP, layers: 1, role: sparse, subset: test}
      """;

  private static final Suite SUITE = Suite.of(Generated.small(1));

  @TempDir Path folder;

  private Path write(String file, String text) throws IOException {
    Path path = folder.resolve("claims/mine").resolve(file);
    Files.createDirectories(path.getParent());
    return Files.writeString(path, text);
  }

  @Test
  void formulasHaveTheUsualPrecedence() throws Exception {
    Map<String, Double> formulas = new LinkedHashMap<>();
    formulas.put("1 + 2 * 3", 7.0);
    formulas.put("(1 + 2) * 3", 9.0);
    formulas.put("8 / 4 / 2", 1.0);
    formulas.put("5 - 2 - 1", 2.0);
    formulas.put("-x + 1", -3.0);
    formulas.put("2 * -x", -8.0);
    formulas.put("x == 4 and not x > 4", 1.0);
    formulas.put("x < 4 or x <= 4", 1.0);
    formulas.put("not (x < 4 or x <= 3) and 1", 1.0);
    formulas.put("0 and not_evaluated", 0.0);
    formulas.put("1 or not_evaluated", 1.0);
    formulas.put("log(1)", 0.0);
    formulas.put("0.5*x>=2", 1.0);
    try (Records records = Records.open(Suite.of(Generated.small(1)), RecordStore.at(folder))) {
      Repetition repetition =
          new Repetition(new Evidence(records), Map.of("x", "4"), Map.of(), List.of());
      for (Map.Entry<String, Double> formula : formulas.entrySet()) {
        assertThat(Formula.parse(formula.getKey()).node().number(repetition))
            .as(formula.getKey())
            .isEqualTo(formula.getValue());
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 + | got its end; expected a number, a name or a measure",
        "1 2 | got \"2\"; expected an operator",
        "(1 | got its end; expected \")\"",
        "1 $ 2 | cannot be read",
        "wobble(1) | got measure \"wobble\"; expected advantage, ascent, average, ",
        "trend(1, 2) | measure \"trend\": got 2 arguments; expected 1"
      })
  void wrongFormulasAreRefused(String formula, String message) {
    assertThatThrownBy(() -> Formula.parse(formula))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void aFolderBesideTheStudyIsJudgedInPlaceOfThePapersClaims() throws Exception {
    write(
        "claim.yaml",
        CLAIM
            + """
            values:
              runs: {query: runs, kind: finished}
            each: {name: [a, b]}
            holds: rise(test) > 0 and runs > 0
            summary: "{if sum(1) == 2}two{else}other{end}: "
            numbers: "{name} {rise(test)|%.2f} of {runs}"
            """);
    write("runs.sql", "select count(*) from runs where outcome = '${kind}'\n");
    Study study = Generated.small(3);
    RecordStore store = Generated.write(study, RecordStore.at(folder.resolve("results")));
    List<Claim> claims = Claims.of(folder.resolve("claims"), Suite.of(study));
    try (Records records = Records.open(Suite.of(study), store)) {
      records.query("update runs set convergence = 'converged'");
      records.choose(List.of());
      Verdict verdict = Claims.judge(claims.getFirst(), records);

      assertThat(claims).extracting(Claim::id).containsExactly("mine");
      assertThat(verdict.outcome()).isEqualTo(Verdict.Outcome.HOLDS);
      assertThat(verdict.numbers())
          .matches(
              "two: a [0-9.]+ \\(.* to .*\\) of %1$s; b [0-9.]+ \\(.*\\) of %1$s"
                  .formatted(study.runs().size()));
    }
    assertThat(Claims.of(folder.resolve("none"), Suite.of(study))).isEqualTo(Claims.all());
  }

  @Test
  void claimsAboutOtherStudiesAreLeftOut() throws Exception {
    String holds = "holds: trend(test) > 0\nnumbers: n\n";
    write("claim.yaml", CLAIM + holds + "studies: [another]\n");
    Path claims = folder.resolve("claims");
    assertThat(Claims.own(claims, SUITE)).isEmpty();
    assertThat(Claims.of(claims, SUITE)).isEqualTo(Claims.all());
    String name = SUITE.studies().getFirst().name();
    write("claim.yaml", CLAIM + holds + "studies: [another, %s]\n".formatted(name));
    assertThat(Claims.of(claims, SUITE)).extracting(Claim::id).containsExactly("mine");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "holds: trend(tset) > 0 | 5: holds: got name \"tset\", which is none of test; expected a"
            + " formula of docs/claims.md",
        "holds: trend(test | 5: holds: formula \"trend(test\": got its end; expected \")\";"
            + " expected a formula of docs/claims.md",
        "numbers: '{wobble(test)}' | 5: numbers: got measure \"wobble\"",
        "hold: 1 | 5: hold: unknown key; expected section, figures,",
        "values: {n: {query: count}} | 5: values.n.query: got \"count\"; expected a file count.sql"
            + " in the folder of the claim",
        "query: ../../secret | 5: query: got \"../../secret\"; expected the name of an SQL file"
            + " without .sql"
      })
  void whatIsWrongIsNamedWithItsPlace(String line, String message) throws IOException {
    Path file = write("claim.yaml", CLAIM + line + "\n");
    assertThatThrownBy(() -> Claims.own(folder.resolve("claims"), SUITE))
        .isInstanceOf(StudyFileException.class)
        .hasMessageStartingWith(file + ":" + message);
  }

  /** A stranger's folder must not show what lies elsewhere. */
  @Test
  void filesThatLinkOutOfTheFolderAreRefused() throws IOException {
    Path secret = Files.writeString(folder.resolve("secret.sql"), "select 1");
    write("claim.yaml", "text: T\nthreshold: H\nquery: mine\n");
    Files.createSymbolicLink(folder.resolve("claims/mine/mine.sql"), secret);
    assertThatThrownBy(() -> Claims.own(folder.resolve("claims"), SUITE))
        .isInstanceOf(StudyFileException.class);
    Files.delete(folder.resolve("claims/mine/claim.yaml"));
    Files.createSymbolicLink(folder.resolve("claims/mine/claim.yaml"), secret);
    assertThatThrownBy(() -> Claims.own(folder.resolve("claims"), SUITE))
        .isInstanceOf(StudyFileException.class)
        .hasMessageContaining("leads to");
  }
}
