package org.ratescope.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.Objective;
import org.ratescope.spec.Split;
import org.ratescope.spec.Stopping;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.yaml.StudyFileException;

/** The exact messages for errors in a study file. */
@Isolated("it measures time")
class StudyFileErrorTest extends StudyFileMessages {
  @Test
  void unknownKeys() throws IOException {
    assertFifthLine(
        "restart: 3",
        "restart: unknown key; expected " + KEYS + ", profiles (did you mean restarts?)");
    assertFifthLine("wibble: 3", "wibble: unknown key; expected " + KEYS + ", profiles");
    assertFifthLine(
        "training: {learning_rate: 1}",
        "training.learning_rate: unknown key; expected iterations, batch, learning-rate, precision,"
            + " products, early-stopping, repeat-diverged (did you mean learning-rate?)");
    assertMessage(
        MINIMAL.replace("beta:", "betas:"),
        "4: objective.betas: unknown key; expected beta, mutual-information, marginal-kl, grid,"
            + " beta-scale (did you mean beta?)");
    assertMessage(
        MINIMAL.replace("tetrominoes", "{set: tetrominoes, size: 8}"),
        "1: data.size: unknown key; expected set, preset, shape, resolution");
  }

  @Test
  void analysesAndDetails() throws IOException {
    assertFifthLine(
        "analyses: [samples, neighbors]",
        "analyses[2]: got \"neighbors\"; expected none, or a list of samples, splits, neighbours,"
            + " neighbour-sample, sensitivity (did you mean neighbours?)");
    assertFifthLine(
        "analyses: []",
        "analyses: got an empty list; expected at least one entry, each none, or a list of samples,"
            + " splits, neighbours, neighbour-sample, sensitivity");
    assertFifthLine(
        "evaluation: {details: [weights]}",
        "evaluation.details[1]: got \"weights\"; expected none, or a list of memorisation,"
            + " latent-plane, gallery");
    assertFifthLine(
        "evaluation: {details: latent-plane}",
        "evaluation.details: got latent-plane; expected latent-plane where latent has the value 2,"
            + " it has [10]");
  }

  @Test
  void wrongTypes() throws IOException {
    assertMessage(
        MINIMAL + "training:\n  iterations: 5\n  batch: many\n",
        "7: training.batch: got \"many\"; expected a whole number from 1 to 65536");
    assertFifthLine("restarts: 1.5", "restarts: got 1.5; expected a whole number from 1 to 10000");
    assertFifthLine(
        "restarts: true", "restarts: got true; expected a whole number from 1 to 10000");
    assertFifthLine(
        "restarts: '3'", "restarts: got \"3\"; expected a whole number from 1 to 10000");
    assertFifthLine(
        "restarts: !many 3",
        "restarts: got \"3\" with a YAML tag of its own; expected a whole number from 1 to 10000");
    assertFifthLine("seed:", "seed: missing; expected a whole number from 0 to 9007199253740992");
    assertFifthLine(
        "restarts: [1]", "restarts: got a list; expected a whole number from 1 to 10000");
    assertFifthLine(
        "restarts: {a: 1}", "restarts: got a mapping; expected a whole number from 1 to 10000");
    assertFifthLine(
        "latent: [10, [2]]", "latent[2]: got a list; expected a whole number from 1 to 4096");
    assertFifthLine(
        "training: fast",
        "training: got \"fast\"; expected a mapping of the keys iterations, batch,"
            + " learning-rate, precision, products, early-stopping, repeat-diverged");
    assertMessage(
        MINIMAL.replace("{beta: [0.1, 1]}", "0.1"),
        "4: objective: got 0.1; expected a mapping of the keys beta, mutual-information,"
            + " marginal-kl, grid, beta-scale");
    assertMessage(
        MINIMAL.replace("0.1", "low"),
        "4: objective.beta[1]: got \"low\"; expected a finite number of at least 0");
    assertFifthLine("name: [a]", "name: got a list; expected 1 to 64 letters, digits, '-' and '_'");
    assertMessage("- a\n", "1: got a list; expected a mapping of the keys " + KEYS + ", profiles");
    assertMessage("", "1: missing; expected a mapping of the keys " + KEYS + ", profiles");
  }

  @Test
  void badRanges() throws IOException {
    assertFifthLine(
        "training: {batch: 65537}",
        "training.batch: got 65537; expected a whole number from 1 to 65536");
    assertFifthLine(
        "training: {iterations: 0}",
        "training.iterations: got 0; expected a whole number from 1 to 2147483647");
    assertFifthLine(
        "training: {iterations: 99999999999999999999}",
        "training.iterations: got 99999999999999999999; expected a whole number from"
            + " 1 to 2147483647");
    assertFifthLine(
        "training: {learning-rate: .nan}",
        "training.learning-rate: got .nan; expected a finite number above 0");
    assertFifthLine(
        "training: {learning-rate: 0}",
        "training.learning-rate: got 0; expected a finite number above 0");
    assertFifthLine(
        "training: {precision: float16}",
        "training.precision: got \"float16\"; expected float32, float64 (did you mean float32?)");
    assertFifthLine(
        "training: {products: bf8}",
        "training.products: got \"bf8\"; expected float32, bf16 (did you mean bf16?)");
    assertFifthLine("latent: 0", "latent: got 0; expected a whole number from 1 to 4096");
    assertFifthLine("seed: -1", "seed: got -1; expected a whole number from 0 to 9007199253740992");
    assertFifthLine(
        "evaluation: {examples: 1}",
        "evaluation.examples: got 1; expected all or a whole number from 2 to 2147483647");
    assertFifthLine(
        "figures: Figure 3",
        "figures: got \"Figure 3\"; expected 1 to 64 letters, digits, '-' and '_'");
    assertFifthLine(
        "likelihood: gaussian", "likelihood: got \"gaussian\"; expected " + Likelihood.allowed());
    assertFifthLine(
        "name: a b", "name: got \"a b\"; expected 1 to 64 letters, digits, '-' and '_'");
    assertMessage(
        MINIMAL.replace("0.1, 1", "0.1, .inf"),
        "4: objective.beta[2]: got .inf; expected a finite number of at least 0");
    assertMessage(
        MINIMAL.replace("0.1, 1", "-0.1"),
        "4: objective.beta[1]: got -0.1; expected a finite number of at least 0");
    assertMessage(
        MINIMAL.replace("cv:0.5", "cv:1.5"),
        "2: splits[1]: got \"cv:1.5\"; expected default, official, checkerboard or"
            + " checkerboard:CELLS with CELLS at least 2, heldout:CLASS, cv:RATIO or cd:RATIO with"
            + " RATIO above 0 and at most 1, for example cv:0.1; each also with"
            + " /without:FOLDofFOLDS, for example cv:0.1/without:1of2");
    assertMessage(
        MINIMAL.replace("mlp:1x256", "mlp:0x256"),
        "3: architectures[1]: got \"mlp:0x256\"; expected " + Architecture.allowed());
    assertMessage(
        MINIMAL.replace("tetrominoes", "{set: tetrominoes, resolution: 64}"),
        "1: data.resolution: got 64; expected 32, 16, 8, 4");
    assertMessage(
        MINIMAL.replace("tetrominoes", "{set: tetrominoes, shape: X}"),
        "1: data.shape: got \"X\"; expected J, L, I, T, Z, S, O");
    assertMessage(
        MINIMAL.replace("tetrominoes", "{set: tetrominoes, preset: mine}"),
        "1: data.preset: got \"mine\"; expected published, paper-text");
    assertMessage(
        MINIMAL.replace("tetrominoes", "cifar"),
        "1: data: got \"cifar\"; expected " + DataSpec.allowed());
    assertMessage(
        MINIMAL.replace("tetrominoes", "{set: cifar}"),
        "1: data.set: got \"cifar\"; expected tetrominoes, mnist, fashion-mnist, smallnorb,"
            + " 3dshapes; a set of your catalogue needs size and colour");
  }

  @Test
  void objectivesAndEarlyStopping() throws IOException {
    assertMessage(
        MINIMAL.replace("{beta: [0.1, 1]}", "{grid: {mutual-information: [1]}}"),
        "4: objective.grid.marginal-kl: missing; expected a finite number of at least 0");
    assertMessage(
        MINIMAL.replace("{beta: [0.1, 1]}", "{marginal-kl: -1}"),
        "4: objective.marginal-kl: got -1; expected a finite number of at least 0");
    assertMessage(
        MINIMAL.replace("{beta: [0.1, 1]}", "{marginal-kl: 1}") + "training: {batch: 1}\n",
        "5: training.batch: got 1; expected at least 2 beside an objective whose two"
            + " weights differ, since log q(z) is estimated from the batch");
    assertFifthLine(
        "training: {early-stopping: soon}",
        "training.early-stopping: got \"soon\"; expected " + Stopping.ALLOWED);
    assertFifthLine(
        "training: {early-stopping: [never, 'patience:0']}",
        "training.early-stopping[2]: got \"patience:0\"; expected " + Stopping.ALLOWED);
    assertFifthLine(
        "training: {early-stopping: 'patience:3,validation=1'}",
        "training.early-stopping: got \"patience:3,validation=1\"; expected " + Stopping.ALLOWED);
    assertFifthLine(
        "training: {repeat-diverged: float32}",
        "training.repeat-diverged: got \"float32\"; expected never or float64");
  }

  @Test
  void missingKeysAndEmptyGrids() throws IOException {
    assertMessage(
        MINIMAL.replace("data: tetrominoes\n", ""),
        "1: data: missing; expected " + DataSpec.allowed());
    assertMessage(
        MINIMAL.replace("splits: [cv:0.5]\n", ""), "1: splits: missing; expected " + Split.ALLOWED);
    assertMessage(
        MINIMAL.replace("[cv:0.5]", "[]"),
        "2: splits: got an empty list; expected at least one entry, each " + Split.ALLOWED);
    assertMessage(
        MINIMAL.replace("{beta: [0.1, 1]}", "{}"),
        "4: objective: no objective; expected at least one of beta, mutual-information,"
            + " marginal-kl, grid");
    assertMessage(
        MINIMAL.replace("[0.1, 1]", "[]"),
        "4: objective.beta: got an empty list; expected at least one entry, each a finite number"
            + " of at least 0");
  }

  @Test
  void repetitions() throws IOException {
    assertFifthLine(
        "splits: [cv:0.1]", "splits: the same key is in line 2; expected each key once");
    assertFifthLine(
        "training: {batch: 1, batch: 2}",
        "training.batch: the same key is in line 5; expected each key once");
    assertMessage(
        MINIMAL.replace("[0.1, 1]", "[0.1, 1, 1e-1]"),
        "4: objective.beta[3]: got 1e-1, which is the same as 0.1 before; expected each value"
            + " once");
    assertMessage(
        MINIMAL.replace("[cv:0.5]", "\n  - cv:0.5\n  - cv:0.50"),
        "4: splits[2]: got \"cv:0.50\", which is the same as \"cv:0.5\" before;"
            + " expected each value once");
  }

  @Test
  void profiles() throws IOException {
    String text = MINIMAL + "profiles:\n  smoke: {restarts: 1}\n  mini: {restarts: 2}\n";
    assertMessage(
        text,
        "smok",
        "5: profiles: no profile \"smok\"; expected smoke, mini (did you mean smoke?)");
    assertMessage(
        MINIMAL,
        "smoke",
        "1: profiles: no profile \"smoke\"; expected no --profile, since the file has none");
    assertMessage(
        text.replace("restarts: 2", "restarts: none"),
        "7: profiles.mini.restarts: got \"none\"; expected a whole number from 1 to 10000");
    assertMessage(
        text.replace("{restarts: 2}", "{profiles: {}}"),
        "7: profiles.mini.profiles: unknown key; expected " + KEYS);
    assertMessage(
        text.replace("{restarts: 2}", "2"),
        "7: profiles.mini: got 2; expected a mapping of the keys " + KEYS);
    assertMessage(
        MINIMAL + "profiles: [smoke]\n",
        "5: profiles: got a list; expected a mapping of profiles, each a mapping of study keys");
  }

  @Test
  void unknownEstimatorsAndFigures() throws IOException {
    StudyFile.Vocabulary known =
        new StudyFile.Vocabulary(List.of("rate", "elbo", "distortion"), List.of("rate-distortion"));
    Path file =
        Files.writeString(
            folder.resolve("names.yaml"), MINIMAL + "evaluation: {estimators: [rate, elbow]}");
    Path figures =
        Files.writeString(folder.resolve("figures.yaml"), MINIMAL + "figures: distortion");

    assertThat(StudyFile.read(file).evaluation().estimators()).containsExactly("rate", "elbow");
    assertThat(
            catchThrowableOfType(StudyFileException.class, () -> StudyFile.read(file, null, known)))
        .hasMessage(
            file
                + ":5: evaluation.estimators[2]: got \"elbow\"; expected rate, elbo,"
                + " distortion (did you mean elbo?)");
    assertThat(
            catchThrowableOfType(
                StudyFileException.class, () -> StudyFile.read(figures, null, known)))
        .hasMessage(figures + ":5: figures: got \"distortion\"; expected rate-distortion");
  }

  @Test
  void theHintAboutPlugInsFollowsUnknownNames() throws IOException {
    StudyFile.Vocabulary hinting = new StudyFile.Vocabulary(List.of(), List.of(), "; see plugins");
    for (String key : List.of("architectures", "likelihood", "prior")) {
      String own = key + ": own:2\n";
      String text =
          key.equals("architectures")
              ? MINIMAL.replaceFirst("architectures: .*\n", own)
              : MINIMAL + own;
      Path file = Files.writeString(folder.resolve(key + ".yaml"), text);
      assertThat(
              catchThrowableOfType(
                  StudyFileException.class, () -> StudyFile.read(file, null, hinting)))
          .as(key)
          .hasMessageContaining("got \"own:2\"; expected ")
          .hasMessageEndingWith("; see plugins");
    }
  }

  @Test
  void tooLargeGrids() throws IOException {
    assertMessage(
        MINIMAL + "restarts: 10000\nlatent: " + range(60),
        "1: got a grid of 1200000 runs; expected at most 1000000 runs");
  }

  private static String range(int length) {
    StringBuilder list = new StringBuilder("[1");
    for (int i = 2; i <= length; i++) {
      list.append(", ").append(i);
    }
    return list.append("]\n").toString();
  }

  /**
   * A grid is refused before its pairs are created; the time for an allowed one is proportional to
   * them.
   */
  @Test
  @Timeout(20)
  void largeGridsOfTwoWeights() throws IOException {
    String grid = "{grid: {mutual-information: %s, marginal-kl: %s}}";
    String many = range(9000).strip();
    assertMessage(
        MINIMAL.replace("{beta: [0.1, 1]}", grid.formatted(many, many)),
        "4: objective.grid: got a grid of 81000000 pairs; expected at most 1000000");
    String fewer = range(900).strip();
    Path file = folder.resolve("grid.yaml");
    Files.writeString(
        file, MINIMAL.replace("{beta: [0.1, 1]}", grid.formatted(fewer, fewer)) + "restarts: 1\n");
    Study study = StudyFile.read(file);
    assertThat(study.objectives().stream().mapToInt(Objective::hashCode).distinct().count())
        .as("hashes of 810,000 objectives")
        .isGreaterThan(800_000);
    assertThat(Suite.of(study).runs()).hasSize(810_000);
  }
}
