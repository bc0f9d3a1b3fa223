package org.ratescope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.cli.process.ExitCode;

/** The study of priors at the size of its smoke profile, from its file to its figures. */
class PriorsStudyTest {
  private static final String STUDY = "../studies/priors.yaml";

  @TempDir static Path folder;
  private static Call run = new Call(0, "", "");

  @BeforeAll
  static void runTheStudy() {
    run = call("run", STUDY);
  }

  private static Call call(String command, String... words) {
    String[] all = new String[words.length + 5];
    all[0] = command;
    System.arraycopy(words, 0, all, 1, words.length);
    all[words.length + 1] = "--profile";
    all[words.length + 2] = "smoke";
    all[words.length + 3] = "--results";
    all[words.length + 4] = folder.resolve("results").toString();
    return Call.of(SharedCache.folder(), all);
  }

  private static JsonNode query(String sql) throws Exception {
    Call call = call("query", STUDY, sql, "--json");
    assertThat(call.code()).as(call.err()).isEqualTo(ExitCode.SUCCESS);
    return new ObjectMapper().readTree(call.out());
  }

  @Test
  void everyPriorHasFinishedRuns() throws Exception {
    assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.SUCCESS);
    JsonNode rows =
        query(
            "select prior, prior_label, count(*) as n from results where subset = 'test' group by all order by any_value(prior_index)");
    assertThat(rows).hasSize(6).allMatch(row -> row.get("n").intValue() == 2);
    assertThat(rows.get(2).get("prior").textValue()).isEqualTo("mixture:4");
    assertThat(rows.get(2).get("prior_label").textValue()).isEqualTo("Mixture of 4");
  }

  /** A prior that is fitted to a finished run is printed, in SQL, and drawn. */
  @Test
  void aFittedPriorIsPrintedAndInSqlAndDrawn() throws Exception {
    String study =
        Files.writeString(
                folder.resolve("one.yaml"),
                """
                data: {set: tetrominoes, resolution: 4}
                splits: [cv:0.00625]
                architectures: [mlp:1x8]
                latent: 2
                objective: {beta: 0.1}
                restarts: 1
                training: {iterations: 30, batch: 16}
                evaluation: {examples: 50}
                figures: [prior-curves]
                """)
            .toString();
    String[] results = {"--results", folder.resolve("one").toString()};
    assertThat(plain(results, "run", study).code()).isEqualTo(ExitCode.SUCCESS);
    Call fit =
        plain(results, "evaluate", study, "--prior", "mixture:2", "--only", "distortion,rate,elbo");
    assertThat(fit.code()).as(fit.err()).isEqualTo(ExitCode.SUCCESS);
    assertThat(fit.out())
        .contains("β = 0.1, trained with prior normal, fitted: mixture:2")
        .containsPattern("test +elbo +-\\d+");
    Call rows =
        plain(
            results,
            "query",
            study,
            "select fitted_prior, count(*) as n from prior_estimates group by all",
            "--csv");
    assertThat(rows.out().strip()).isEqualTo("fitted_prior,n\nmixture:2,6");
    assertThat(plain(results, "export-records", study).code()).isEqualTo(ExitCode.SUCCESS);
    Call published =
        plain(
            results,
            "query",
            study,
            "select count(*) as n from prior_estimates",
            "--csv",
            "--published");
    assertThat(published.out().strip()).as(published.err()).isEqualTo("n\n6");
    Path figures = folder.resolve("drawn");
    Call figure = plain(results, "figure", study, "--out", figures.toString());
    assertThat(figure.code()).as(figure.err()).isEqualTo(ExitCode.SUCCESS);
    assertThat(Files.readString(figures.resolve("prior-curves.csv"))).contains("fitted mixture:2");
  }

  @Test
  void aFitIsOfTheRunsThatAreAskedFor() {
    Call fit = call("evaluate", STUDY, "--prior", "gaussian", "--where", "prior=normal,beta=0.1");
    assertThat(fit.code()).as(fit.err()).isEqualTo(ExitCode.SUCCESS);
    assertThat(fit.out().split("trained with prior", -1)).as(fit.out()).hasSize(2);
    Call none = call("evaluate", STUDY, "--where", "beta=7");
    assertThat(none.code()).isEqualTo(ExitCode.WRONG_CALL);
    assertThat(none.err()).contains("--where beta=7: none of the 12 runs of the study");
  }

  private static Call plain(String[] results, String... words) {
    String[] all = Arrays.copyOf(words, words.length + 2);
    System.arraycopy(results, 0, all, words.length, 2);
    return Call.of(SharedCache.folder(), all);
  }

  @Test
  void theFiguresAreDrawn() throws Exception {
    Call call = call("figure", STUDY, "--out", folder.resolve("figures").toString());
    assertThat(call.code()).as(call.err()).isEqualTo(ExitCode.SUCCESS);
    for (String name : new String[] {"prior-curves", "prior-marginal-kl", "prior-log-marginal"}) {
      assertThat(Files.readString(folder.resolve("figures").resolve(name + ".svg")))
          .contains("Flow of 2 couplings", "Exemplar prior (4 images)");
    }
  }

  @Test
  void badPriorsAreExplained() throws Exception {
    for (String prior : new String[] {"mixture:0", "exemplar:1", "vamp", "flow:99", "student"}) {
      Call call = call("evaluate", STUDY, "--prior", prior);
      assertThat(call.code()).isEqualTo(ExitCode.WRONG_CALL);
      assertThat(call.err())
          .contains("got \"" + prior + "\"; expected normal, gaussian, mixture:COMPONENTS")
          .doesNotContain("Exception");
    }
  }

  @Test
  void aStudyFileWithABadPriorNamesItsLine() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("bad.yaml"),
            """
            data: tetrominoes
            splits: [default]
            architectures: [mlp:1x8]
            objective: {beta: 1}
            prior: [normal, "mixture:0"]
            """);
    Call call = Call.of(SharedCache.folder(), "plan", file.toString());
    assertThat(call.code()).isEqualTo(ExitCode.WRONG_CALL);
    assertThat(call.err())
        .contains("bad.yaml:5: prior")
        .contains("got \"mixture:0\"; expected normal, gaussian, mixture:COMPONENTS with a whole");
  }
}
