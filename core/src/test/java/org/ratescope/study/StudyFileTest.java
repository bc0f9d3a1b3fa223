package org.ratescope.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.Objective;
import org.ratescope.spec.Precision;
import org.ratescope.spec.Prior;
import org.ratescope.spec.RunId;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Split;
import org.ratescope.spec.Stopping;
import org.ratescope.spec.Training;
import org.ratescope.spec.data.DataSpec;

class StudyFileTest {
  private static final String MINIMAL =
      """
      data: tetrominoes
      splits: [cv:0.5, cv:0.05]
      architectures: [mlp:1x256, mlp:3x256]
      objective: {beta: [0.1, 1]}
      """;

  @TempDir Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("small.yaml"), text);
  }

  @Test
  void omittedKeysHaveThePapersValues() throws IOException {
    Study study = StudyFile.read(file(MINIMAL));

    assertThat(study)
        .isEqualTo(
            new Study(
                "small",
                "small",
                DataSpec.Tetrominoes.published(),
                List.of(new Split.ConstantVolume(0.5), new Split.ConstantVolume(0.05)),
                List.of(Architecture.parse("mlp:1x256"), Architecture.parse("mlp:3x256")),
                List.of(10),
                List.of(Likelihood.parse("bernoulli")),
                List.of(Prior.normal()),
                List.of(Objective.beta(0.1), Objective.beta(1)),
                5,
                0,
                List.of(new Training(256_000, 128, 0.001, Precision.FLOAT32)),
                Optional.empty(),
                new Evaluation(List.of("distortion", "rate", "elbo"), Evaluation.ALL),
                List.of("rate-distortion"),
                List.of()));
    assertThat(study.runs()).hasSize(40);
  }

  @Test
  void everyKeyIsRead() throws IOException {
    Study study =
        StudyFile.read(
            file(
                """
                # A comment changes nothing.
                name: all-keys
                title: "Every key, with: a colon"
                data: {set: tetrominoes, preset: paper-text, shape: S, resolution: 16}
                splits: checkerboard
                architectures: mlp:2x64
                latent: [2, 10]
                likelihood: [bernoulli, continuous-bernoulli, gaussian:0.1]
                prior: [normal, "mixture:8", exemplar]
                objective:
                  beta: 0
                  mutual-information: [6, 8]
                  marginal-kl: 0.5
                  grid: {mutual-information: [0, 6], marginal-kl: [0.5, 2]}
                restarts: 3
                seed: 7
                training:
                  iterations: 8000
                  batch: 64
                  learning-rate: 5e-4
                  precision: float32
                  early-stopping: [never, patience:10, "patience:3,every=50,validation=0.2"]
                  repeat-diverged: float64
                evaluation: {estimators: [rate, distortion], examples: 4096}
                figures: [rate-distortion, distortion-beta]
                """));

    Training training = new Training(8000, 64, 0.0005, Precision.FLOAT32);
    assertThat(study)
        .isEqualTo(
            new Study(
                "all-keys",
                "Every key, with: a colon",
                new DataSpec.Tetrominoes(DataSpec.Preset.PAPER_TEXT, DataSpec.Shape.S, 16),
                List.of(new Split.Checkerboard()),
                List.of(Architecture.parse("mlp:2x64")),
                List.of(2, 10),
                List.of(
                    Likelihood.parse("bernoulli"),
                    Likelihood.parse("continuous-bernoulli"),
                    Likelihood.parse("gaussian:0.1")),
                List.of(Prior.normal(), Prior.parse("mixture:8"), Prior.parse("exemplar:256")),
                List.of(
                    Objective.beta(0),
                    new Objective(6, 0),
                    new Objective(8, 0),
                    new Objective(0, 0.5), // also the grid's first: once
                    new Objective(6, 0.5),
                    new Objective(0, 2),
                    new Objective(6, 2)),
                3,
                7,
                List.of(
                    training,
                    training.stopping(new Stopping.Patience(10, 1000, 0.1)),
                    training.stopping(new Stopping.Patience(3, 50, 0.2))),
                Optional.of(Precision.FLOAT64),
                new Evaluation(List.of("rate", "distortion"), 4096),
                List.of("rate-distortion", "distortion-beta"),
                List.of()));
  }

  /** Results folders rely on ids: runs that older versions trained keep their ids. */
  @Test
  void runsWithoutEarlyStoppingKeepTheirCanonicalText() throws IOException {
    RunSpec run = StudyFile.read(file(MINIMAL)).runs().getFirst();
    assertThat(run.canonical())
        .isEqualTo(
            "data=tetrominoes:preset=published,shape=J,resolution=32;split=cv:0.5;architecture=mlp:1x256;latent=10;"
                + "likelihood=bernoulli;betaMi=0.1;betaKl=0.1;iterations=256000;batch=128;"
                + "learningRate=0.001;precision=float32;seed=0");
    RunSpec rounded =
        StudyFile.read(file(MINIMAL + "training: {products: bf16}\n")).runs().getFirst();
    assertThat(rounded.canonical()).isEqualTo(run.canonical() + ";products=bf16");
    RunSpec stopped =
        StudyFile.read(file(MINIMAL + "training: {early-stopping: patience:10}\n"))
            .runs()
            .getFirst();
    assertThat(stopped.canonical())
        .isEqualTo(run.canonical() + ";stopping=patience:10,every=1000,validation=0.1");
  }

  @Test
  void dataHasAShortForm() throws IOException {
    String text = MINIMAL.replace("data: tetrominoes", "data: tetrominoes:shape=L,resolution=8");

    assertThat(StudyFile.read(file(text)).data())
        .isEqualTo(new DataSpec.Tetrominoes(DataSpec.Preset.PUBLISHED, DataSpec.Shape.L, 8));
  }

  @Test
  void aProfileReplacesValuesMappingByMapping() throws IOException {
    Path file =
        file(
            MINIMAL
                + """
                restarts: 4
                training: {iterations: 8000, batch: 64}
                profiles:
                  smoke: {restarts: 1, splits: [cv:0.5], training: {iterations: 50}}
                  wide: {architectures: [mlp:1x512]}
                """);
    Study plain = StudyFile.read(file);
    Study smoke = StudyFile.read(file, "smoke");

    assertThat(plain.restarts()).isEqualTo(4);
    assertThat(plain.training().iterations()).isEqualTo(8000);
    assertThat(smoke.restarts()).isEqualTo(1);
    assertThat(smoke.splits()).containsExactly(new Split.ConstantVolume(0.5));
    assertThat(smoke.training()).isEqualTo(new Training(50, 64, 0.001, Precision.FLOAT32));
    assertThat(smoke.architectures()).isEqualTo(plain.architectures());
    assertThat(StudyFile.read(file, "wide").architectures())
        .containsExactly(Architecture.parse("mlp:1x512"));
  }

  /** 0.1 · 57.6934 / 252.6892 = 0.02283, to two digits; weights of the mutual information stay. */
  @Test
  void betaCanBeOnThePapersScale() throws IOException {
    String study =
        """
        data: tetrominoes:resolution=%d
        splits: [default]
        architectures: [mlp:1x8]
        objective: {beta-scale: distortion-range, beta: [0, 0.1, 1], marginal-kl: [0.1], mutual-information: [6]}
        """;
    assertThat(StudyFile.read(file(study.formatted(16))).objectives())
        .containsExactly(
            Objective.beta(0),
            Objective.beta(0.023),
            Objective.beta(0.23),
            Objective.mutualInformation(6),
            Objective.marginalKl(0.023));
    assertThat(StudyFile.read(file(study.formatted(32))).objectives())
        .containsExactly(
            Objective.beta(0),
            Objective.beta(0.1),
            Objective.beta(1),
            Objective.mutualInformation(6),
            Objective.marginalKl(0.1));
  }

  @Test
  void anAliasStandsForItsAnchor() throws IOException {
    String text = MINIMAL + "latent: &sizes [3, 4]\nprofiles: {same: {latent: *sizes}}\n";

    assertThat(StudyFile.read(file(text), "same").latentSizes()).containsExactly(3, 4);
  }

  @Test
  void aCommentOrAnotherBetaKeepsTheIdsOfTheOtherRuns() throws IOException {
    List<RunId> before = ids(MINIMAL);
    List<RunId> after = ids("# more\n" + MINIMAL.replace("[0.1, 1]", "[0.1, 0.5, 1]"));

    assertThat(after).hasSize(60).containsAll(before);
  }

  private List<RunId> ids(String text) throws IOException {
    return StudyFile.read(file(text)).runs().stream().map(RunSpec::id).toList();
  }
}
