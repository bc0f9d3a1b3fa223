package org.ratescope.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person reads when a study file is wrong, to the letter. */
class StudyFileErrorTest {
  private static final String MINIMAL =
      """
      data: tetrominoes
      splits: [cv:0.5]
      architectures: [mlp:1x256]
      objective: {beta: [0.1, 1]}
      """;
  private static final String KEYS =
      "name, title, data, splits, architectures, latent, likelihood, objective, restarts, seed, training,"
          + " evaluation, figures, analyses";

  @TempDir Path folder;

  /** Asserts the message, which begins with the file's path and a colon. */
  private void assertMessage(String text, @Nullable String profile, String message)
      throws IOException {
    Path file = Files.writeString(folder.resolve("study.yaml"), text);
    StudyFileException error =
        catchThrowableOfType(StudyFileException.class, () -> StudyFile.read(file, profile));
    assertThat(error).isNotNull().hasMessage(file + ":" + message);
  }

  private void assertMessage(String text, String message) throws IOException {
    assertMessage(text, null, message);
  }

  /** Line 5 follows the minimal study. */
  private void assertFifthLine(String line, String message) throws IOException {
    assertMessage(MINIMAL + line + "\n", "5: " + message);
  }

  @Test
  void unknownKeys() throws IOException {
    assertFifthLine(
        "restart: 3",
        "restart: came an unknown key, allowed: " + KEYS + ", profiles (did you mean restarts?)");
    assertFifthLine("wibble: 3", "wibble: came an unknown key, allowed: " + KEYS + ", profiles");
    assertFifthLine(
        "training: {learning_rate: 1}",
        "training.learning_rate: came an unknown key, allowed: iterations, batch, learning-rate,"
            + " precision, early-stopping, repeat-diverged (did you mean learning-rate?)");
    assertMessage(
        MINIMAL.replace("beta:", "betas:"),
        "4: objective.betas: came an unknown key, allowed: beta, mutual-information, marginal-kl, grid (did you mean"
            + " beta?)");
    assertMessage(
        MINIMAL.replace("tetrominoes", "{set: tetrominoes, size: 8}"),
        "1: data.size: came an unknown key, allowed: set, preset, shape, resolution");
  }

  @Test
  void questionsAboutDataAndExamples() throws IOException {
    assertFifthLine(
        "analyses: [samples, neighbors]",
        "analyses[2]: came \"neighbors\" (text), allowed: none, or a list of samples, splits, neighbours,"
            + " sensitivity");
    assertFifthLine(
        "analyses: []",
        "analyses: came an empty list, allowed: at least one entry, each none, or a list of samples,"
            + " splits, neighbours, sensitivity");
    assertFifthLine(
        "evaluation: {details: [weights]}",
        "evaluation.details[1]: came \"weights\" (text), allowed: none, or a list of memorisation,"
            + " latent-plane");
    assertFifthLine(
        "evaluation: {details: latent-plane}",
        "evaluation.details: came latent-plane, allowed: latent-plane where latent has the value 2, it has"
            + " [10]");
  }

  @Test
  void wrongTypes() throws IOException {
    assertMessage(
        MINIMAL + "training:\n  iterations: 5\n  batch: many\n",
        "7: training.batch: came \"many\" (text), allowed: a whole number from 1 to 65536");
    assertFifthLine(
        "restarts: 1.5", "restarts: came 1.5 (number), allowed: a whole number from 1 to 10000");
    assertFifthLine(
        "restarts: true",
        "restarts: came true (true or false), allowed: a whole number from 1 to 10000");
    assertFifthLine(
        "restarts: '3'", "restarts: came \"3\" (text), allowed: a whole number from 1 to 10000");
    assertFifthLine(
        "restarts: !many 3",
        "restarts: came 3 (of another type), allowed: a whole number from 1 to 10000");
    assertFifthLine(
        "seed:", "seed: came nothing, allowed: a whole number from 0 to 9007199253740992");
    assertFifthLine(
        "restarts: [1]", "restarts: came a list, allowed: a whole number from 1 to 10000");
    assertFifthLine(
        "restarts: {a: 1}",
        "restarts: came a group of keys, allowed: a whole number from 1 to 10000");
    assertFifthLine(
        "latent: [10, [2]]", "latent[2]: came a list, allowed: a whole number from 1 to 4096");
    assertFifthLine(
        "training: fast",
        "training: came \"fast\" (text), allowed: a group of the keys iterations, batch,"
            + " learning-rate, precision, early-stopping, repeat-diverged");
    assertMessage(
        MINIMAL.replace("{beta: [0.1, 1]}", "0.1"),
        "4: objective: came 0.1 (number), allowed: a group of the keys beta, mutual-information,"
            + " marginal-kl, grid");
    assertMessage(
        MINIMAL.replace("0.1", "low"),
        "4: objective.beta[1]: came \"low\" (text), allowed: a finite number of at least 0");
    assertFifthLine(
        "name: [a]", "name: came a list, allowed: 1 to 64 letters, digits, '-' and '_'");
    assertMessage("- a\n", "1: came a list, allowed: a group of the keys " + KEYS + ", profiles");
    assertMessage("", "1: came nothing, allowed: a group of the keys " + KEYS + ", profiles");
  }

  @Test
  void badRanges() throws IOException {
    assertFifthLine(
        "training: {batch: 65537}",
        "training.batch: came 65537 (whole number), allowed: a whole number from 1 to 65536");
    assertFifthLine(
        "training: {iterations: 0}",
        "training.iterations: came 0 (whole number), allowed: a whole number of at least 1");
    assertFifthLine(
        "training: {iterations: 99999999999999999999}",
        "training.iterations: came 99999999999999999999 (whole number), allowed: a whole number of"
            + " at least 1");
    assertFifthLine(
        "training: {learning-rate: .nan}",
        "training.learning-rate: came .nan (number), allowed: a finite number above 0");
    assertFifthLine(
        "training: {learning-rate: 0}",
        "training.learning-rate: came 0 (whole number), allowed: a finite number above 0");
    assertFifthLine(
        "training: {precision: float16}",
        "training.precision: came \"float16\" (text), allowed: float32, float64");
    assertFifthLine(
        "latent: 0", "latent: came 0 (whole number), allowed: a whole number from 1 to 4096");
    assertFifthLine(
        "seed: -1",
        "seed: came -1 (whole number), allowed: a whole number from 0 to 9007199253740992");
    assertFifthLine(
        "evaluation: {examples: 1}",
        "evaluation.examples: came 1 (whole number), allowed: all or a whole number of at least 2");
    assertFifthLine(
        "figures: Figure 3",
        "figures: came \"Figure 3\" (text), allowed: 1 to 64 letters, digits, '-' and '_'");
    assertFifthLine(
        "likelihood: gaussian",
        "likelihood: came \"gaussian\" (text), allowed: " + Likelihood.ALLOWED);
    assertFifthLine(
        "name: a b", "name: came \"a b\" (text), allowed: 1 to 64 letters, digits, '-' and '_'");
    assertMessage(
        MINIMAL.replace("0.1, 1", "0.1, .inf"),
        "4: objective.beta[2]: came .inf (number), allowed: a finite number of at least 0");
    assertMessage(
        MINIMAL.replace("0.1, 1", "-0.1"),
        "4: objective.beta[1]: came -0.1 (number), allowed: a finite number of at least 0");
    assertMessage(
        MINIMAL.replace("cv:0.5", "cv:1.5"),
        "2: splits[1]: came \"cv:1.5\" (text), allowed: default, official, checkerboard or"
            + " checkerboard:CELLS with CELLS at least 2, heldout:CLASS, cv:RATIO or cd:RATIO with RATIO above 0 and at most 1, for example cv:0.1");
    assertMessage(
        MINIMAL.replace("mlp:1x256", "mlp:0x256"),
        "3: architectures[1]: came \"mlp:0x256\" (text), allowed: mlp:LAYERSxUNITS, for example"
            + " mlp:3x512, or cnn:LAYERSxCHANNELS, for example cnn:3x64");
    assertMessage(
        MINIMAL.replace("tetrominoes", "{set: tetrominoes, resolution: 64}"),
        "1: data.resolution: came 64 (whole number), allowed: 32, 16, 8, 4");
    assertMessage(
        MINIMAL.replace("tetrominoes", "{set: tetrominoes, shape: X}"),
        "1: data.shape: came \"X\" (text), allowed: J, L, I, T, Z, S, O");
    assertMessage(
        MINIMAL.replace("tetrominoes", "{set: tetrominoes, preset: mine}"),
        "1: data.preset: came \"mine\" (text), allowed: published, paper-text");
    assertMessage(
        MINIMAL.replace("tetrominoes", "cifar"),
        "1: data: came \"cifar\" (text), allowed: " + DataSpec.ALLOWED);
    assertMessage(
        MINIMAL.replace("tetrominoes", "{set: cifar}"),
        "1: data.set: came \"cifar\" (text), allowed: tetrominoes, mnist, fashion-mnist, smallnorb,"
            + " 3dshapes");
  }

  @Test
  void objectivesAndEarlyStopping() throws IOException {
    assertMessage(
        MINIMAL.replace("{beta: [0.1, 1]}", "{grid: {mutual-information: [1]}}"),
        "4: objective.grid.marginal-kl: came nothing, allowed: a finite number of at least 0");
    assertMessage(
        MINIMAL.replace("{beta: [0.1, 1]}", "{marginal-kl: -1}"),
        "4: objective.marginal-kl: came -1 (whole number), allowed: a finite number of at least 0");
    assertMessage(
        MINIMAL.replace("{beta: [0.1, 1]}", "{marginal-kl: 1}") + "training: {batch: 1}\n",
        "5: training.batch: came 1 (whole number), allowed: at least 2 beside an objective whose two"
            + " weights differ, since log q(z) is estimated from the batch");
    assertFifthLine(
        "training: {early-stopping: soon}",
        "training.early-stopping: came \"soon\" (text), allowed: " + Stopping.ALLOWED);
    assertFifthLine(
        "training: {early-stopping: [never, 'patience:0']}",
        "training.early-stopping[2]: came \"patience:0\" (text), allowed: " + Stopping.ALLOWED);
    assertFifthLine(
        "training: {early-stopping: 'patience:3,validation=1'}",
        "training.early-stopping: came \"patience:3,validation=1\" (text), allowed: "
            + Stopping.ALLOWED);
    assertFifthLine(
        "training: {repeat-diverged: float32}",
        "training.repeat-diverged: came \"float32\" (text), allowed: never or float64");
  }

  @Test
  void missingKeysAndEmptyGrids() throws IOException {
    assertMessage(
        MINIMAL.replace("data: tetrominoes\n", ""),
        "1: data: came nothing, allowed: " + DataSpec.ALLOWED);
    assertMessage(
        MINIMAL.replace("splits: [cv:0.5]\n", ""),
        "1: splits: came nothing, allowed: " + Split.ALLOWED);
    assertMessage(
        MINIMAL.replace("[cv:0.5]", "[]"),
        "2: splits: came an empty list, allowed: at least one entry, each " + Split.ALLOWED);
    assertMessage(
        MINIMAL.replace("{beta: [0.1, 1]}", "{}"),
        "4: objective: came no objective, allowed: at least one of beta, mutual-information,"
            + " marginal-kl, grid");
    assertMessage(
        MINIMAL.replace("[0.1, 1]", "[]"),
        "4: objective.beta: came an empty list, allowed: at least one entry, each a finite number"
            + " of at least 0");
  }

  @Test
  void repetitions() throws IOException {
    assertFifthLine(
        "splits: [cv:0.1]",
        "splits: came the same key a second time, allowed: each key once (the first is in line 2)");
    assertFifthLine(
        "training: {batch: 1, batch: 2}",
        "training.batch: came the same key a second time, allowed: each key once (the first is in"
            + " line 5)");
    assertMessage(
        MINIMAL.replace("[0.1, 1]", "[0.1, 1, 1e-1]"),
        "4: objective.beta[3]: came 1e-1 (number) a second time, allowed: each value once (as 0.1"
            + " (number))");
    assertMessage(
        MINIMAL.replace("[cv:0.5]", "\n  - cv:0.5\n  - cv:0.50"),
        "4: splits[2]: came \"cv:0.50\" (text) a second time, allowed: each value once (as"
            + " \"cv:0.5\" (text))");
  }

  @Test
  void syntaxErrors() throws IOException {
    assertMessage(
        "data: tetrominoes\nsplits: [cv:0.5\n",
        "3: came text that is no YAML (expected ',' or ']', but got <stream end>), allowed: a YAML"
            + " document");
    assertMessage(
        "data: a: b\n",
        "1: came text that is no YAML (mapping values are not allowed here), allowed: a YAML"
            + " document");
    assertMessage(
        "data: tetrominoes\n\tsplits: x\n",
        "2: came text that is no YAML (found character '\\t(TAB)' that cannot start any token. (Do"
            + " not use \\t(TAB) for indentation)), allowed: a YAML document");
    assertMessage(
        "a: 1\n---\nb: 2\n",
        "2: came text that is no YAML (but found another document), allowed: a YAML document");
    assertMessage(
        "a: *nowhere\n",
        "1: came text that is no YAML (found undefined alias nowhere), allowed: a YAML document");
    assertMessage("? [a, b]\n: 1\n", "1: ?: came a list or group as key, allowed: a word as key");
    assertMessage(
        "a: \"\u0007\"\n",
        "1: came text that is no YAML (special characters are not allowed), allowed: a YAML"
            + " document");
  }

  @Test
  void profiles() throws IOException {
    String text = MINIMAL + "profiles:\n  smoke: {restarts: 1}\n  mini: {restarts: 2}\n";
    assertMessage(
        text,
        "smok",
        "5: profiles: came \"smok\" (asked for), allowed: smoke, mini (did you mean smoke?)");
    assertMessage(
        MINIMAL,
        "smoke",
        "1: profiles: came \"smoke\" (asked for), allowed: no profile, since the file has none");
    assertMessage(
        text.replace("restarts: 2", "restarts: none"),
        "7: profiles.mini.restarts: came \"none\" (text), allowed: a whole number from 1 to 10000");
    assertMessage(
        text.replace("{restarts: 2}", "{profiles: {}}"),
        "7: profiles.mini.profiles: came an unknown key, allowed: " + KEYS);
    assertMessage(
        text.replace("{restarts: 2}", "2"),
        "7: profiles.mini: came 2 (whole number), allowed: a group of the keys " + KEYS);
    assertMessage(
        MINIMAL + "profiles: [smoke]\n",
        "5: profiles: came a list, allowed: a group of profiles, each a group of study keys");
  }

  @Test
  void namesThatTheCallerDoesNotKnow() throws IOException {
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
                + ":5: evaluation.estimators[2]: came \"elbow\" (text), allowed: rate, elbo,"
                + " distortion");
    assertThat(
            catchThrowableOfType(
                StudyFileException.class, () -> StudyFile.read(figures, null, known)))
        .hasMessage(figures + ":5: figures: came \"distortion\" (text), allowed: rate-distortion");
  }

  @Test
  void tooLargeGrids() throws IOException {
    assertMessage(
        MINIMAL + "restarts: 10000\nlatent: " + range(60),
        "1: came a grid of 1200000 runs, allowed: at most 1000000 runs");
  }

  private static String range(int length) {
    StringBuilder list = new StringBuilder("[1");
    for (int i = 2; i <= length; i++) {
      list.append(", ").append(i);
    }
    return list.append("]\n").toString();
  }

  @Test
  void hostileFiles() throws IOException {
    assertMessage(
        "a: " + "[".repeat(100_000),
        "1: came lists or groups nested more than 16 deep, allowed: a flatter file");
    assertMessage(
        "a: &a {b: *a}\n",
        "1: came lists or groups nested more than 16 deep, allowed: a flatter file");
    StringBuilder laughs = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 10; i++) {
      String before = "*a" + (i - 1);
      laughs.append(
          "a%d: &a%d [%s]\n".formatted(i, i, String.join(", ", Collections.nCopies(10, before))));
    }
    assertMessage(
        laughs.toString(),
        "1: came more than 20000 values, counting those repeated by aliases, allowed: a smaller"
            + " file");
    assertMessage(
        "#".repeat((1 << 20) + 1),
        "1: came a file of more than 1048576 bytes, allowed: a smaller file");
    assertFifthLine(
        "likelihood: " + "x".repeat(200),
        "likelihood: came \"" + "x".repeat(60) + "…\" (text), allowed: " + Likelihood.ALLOWED);
  }

  @Test
  void unreadableFiles() throws IOException {
    Path bytes =
        Files.write(folder.resolve("latin.yaml"), "title: é".getBytes(StandardCharsets.ISO_8859_1));
    Path missing = folder.resolve("missing.yaml");

    assertThat(catchThrowableOfType(StudyFileException.class, () -> StudyFile.read(bytes)))
        .hasMessage(bytes + ":1: came bytes that are no UTF-8 text, allowed: a YAML file in UTF-8");
    assertThat(catchThrowableOfType(StudyFileException.class, () -> StudyFile.read(missing)))
        .hasMessage(missing + ": no such file");
    assertThat(catchThrowableOfType(StudyFileException.class, () -> StudyFile.read(folder)))
        .hasMessage(folder + ": cannot be read: a folder; expected a file");
  }
}
