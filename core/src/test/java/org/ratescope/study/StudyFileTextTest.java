package org.ratescope.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.Objective;
import org.ratescope.yaml.StudyFileException;

/** Names, encodings and syntax of study files, and numbers in every form. */
class StudyFileTextTest extends StudyFileMessages {
  @Test
  void syntaxErrors() throws IOException {
    assertMessage(
        "data: tetrominoes\nsplits: [cv:0.5\n",
        "3: not valid YAML: expected ',' or ']', but got <stream end>");
    assertMessage("data: a: b\n", "1: not valid YAML: mapping values are not allowed here");
    assertMessage(
        "data: tetrominoes\n\tsplits: x\n",
        "2: not valid YAML: found character '\\t(TAB)' that cannot start any token. (Do"
            + " not use \\t(TAB) for indentation)");
    assertMessage("a: 1\nb: !%20\n", "2: not valid YAML: a tag has spaces at its ends");
    assertMessage("a: 1\n---\nb: 2\n", "2: not valid YAML: but found another document");
    assertMessage("a: *nowhere\n", "1: not valid YAML: found undefined alias nowhere");
    assertMessage("? [a, b]\n: 1\n", "1: ?: got a list or mapping as a key; expected a word");
    assertMessage("a: \"\u0007\"\n", "1: not valid YAML: special characters are not allowed");
  }

  @Test
  void hostileFiles() throws IOException {
    assertMessage(
        "a: " + "[".repeat(100_000),
        "1: lists or mappings nested more than 16 deep; expected a flatter file");
    assertMessage(
        "a: &a {b: *a}\n",
        "1: lists or mappings nested more than 16 deep; expected a flatter file");
    StringBuilder laughs = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 10; i++) {
      String before = "*a" + (i - 1);
      laughs.append(
          "a%d: &a%d [%s]\n".formatted(i, i, String.join(", ", Collections.nCopies(10, before))));
    }
    assertMessage(
        laughs.toString(),
        "1: more than 20000 values, counting those repeated by aliases; expected a smaller"
            + " file");
    assertMessage("#".repeat((1 << 20) + 1), "1: more than 1048576 bytes; expected a smaller file");
    assertFifthLine(
        "likelihood: " + "x".repeat(200),
        "likelihood: got \"" + "x".repeat(60) + "…\"; expected " + Likelihood.allowed());
  }

  @Test
  void unreadableFiles() throws IOException {
    Path bytes =
        Files.write(folder.resolve("latin.yaml"), "title: é".getBytes(StandardCharsets.ISO_8859_1));
    Path missing = folder.resolve("missing.yaml");

    assertThat(catchThrowableOfType(StudyFileException.class, () -> StudyFile.read(bytes)))
        .hasMessage(bytes + ":1: not UTF-8 text; expected a YAML file in UTF-8");
    assertThat(catchThrowableOfType(StudyFileException.class, () -> StudyFile.read(missing)))
        .hasMessage(missing + ": no such file");
    assertThat(catchThrowableOfType(StudyFileException.class, () -> StudyFile.read(folder)))
        .hasMessage(folder + ": cannot be read: a folder; expected a file");
  }

  @Test
  void numbersInEveryForm() throws IOException {
    Path file = folder.resolve("study.yaml");
    for (String million :
        List.of("1000000", "1e6", "1.0e+6", "1E6", "0xF4240", "0o3641100", "+1000000")) {
      Files.writeString(file, MINIMAL + "training: {iterations: " + million + "}\n");
      assertThat(StudyFile.read(file).training().iterations()).as(million).isEqualTo(1_000_000);
    }
    Files.writeString(file, MINIMAL.replace("0.1, 1", "-0.0, 0x10, 1e1"));
    assertThat(StudyFile.read(file).objectives())
        .extracting(Objective::betaKl)
        .containsExactly(0.0, 16.0, 10.0);
    String allowed = "; expected a whole number from 1 to 2147483647";
    for (String wrong :
        List.of(
            "99999999999", "1e10", "1.5", ".inf", "-.inf", ".nan", "-1", "0x", "1e-3", "9e999")) {
      assertMessage(
          MINIMAL + "training: {iterations: " + wrong + "}\n",
          "5: training.iterations: got " + (wrong.equals("0x") ? "\"0x\"" : wrong) + allowed);
    }
    assertFifthLine(
        "training: {iterations: 1_000}",
        "training.iterations: got \"1_000\"" + allowed + " (did you mean 1000?)");
    assertFifthLine(
        "restarts: 1'000",
        "restarts: got \"1'000\"; expected a whole number from 1 to 10000 (did you mean 1000?)");
    for (String twice : List.of("0, -0.0", "1, 1.0", "1, 1e0", "16, 0x10")) {
      int comma = twice.indexOf(", ");
      assertMessage(
          MINIMAL.replace("0.1, 1", twice),
          "4: objective.beta[2]: got %s, which is the same as %s before; expected each value once"
              .formatted(twice.substring(comma + 2), twice.substring(0, comma)));
    }
  }

  @Test
  void fileNamesThatAreInvalidAsStudyNames() throws IOException {
    for (String name : List.of("my study", "a.b", "étude", "x".repeat(65), "-\u001b[31m")) {
      Path file = Files.writeString(folder.resolve(name + ".yaml"), MINIMAL);
      StudyFileException error =
          catchThrowableOfType(StudyFileException.class, () -> StudyFile.read(file));
      assertThat(error)
          .hasMessageContaining(":1: name: missing, and the file's name \"")
          .hasMessageContaining(
              "cannot stand for it; expected 1 to 64 letters, digits, '-' and '_', for example"
                  + " name: ");
      assertThat(error).hasMessageNotContaining("\u001b");
      Files.writeString(file, "name: plain\n" + MINIMAL);
      assertThat(StudyFile.read(file).name()).isEqualTo("plain");
    }
    for (String name : List.of("a/b", "..", "a.b", "\"a\\e[31m\"", "\"a\\0\"", "''")) {
      assertThat(
              catchThrowableOfType(
                  StudyFileException.class,
                  () ->
                      StudyFile.read(
                          Files.writeString(
                              folder.resolve("named.yaml"), MINIMAL + "name: " + name))))
          .hasMessageMatching(
              "[\\x20-\\x7e]*:5: name: got \".*\"; expected 1 to 64 letters, digits, '-' and '_'");
    }
  }

  @Test
  void encodingsAndLineEnds() throws IOException {
    Path file = folder.resolve("study.yaml");
    for (String text :
        List.of("\ufeff" + MINIMAL, MINIMAL.replace("\n", "\r\n"), MINIMAL.replace("\n", "\r"))) {
      Files.writeString(file, text);
      assertThat(StudyFile.read(file).name()).isEqualTo("study");
    }
    Files.write(file, (MINIMAL + "title: é\n").getBytes(StandardCharsets.ISO_8859_1));
    assertThat(catchThrowableOfType(StudyFileException.class, () -> StudyFile.read(file)))
        .hasMessage(file + ":5: not UTF-8 text; expected a YAML file in UTF-8");
    Files.write(file, MINIMAL.getBytes(StandardCharsets.UTF_16));
    assertThat(catchThrowableOfType(StudyFileException.class, () -> StudyFile.read(file)))
        .hasMessage(file + ":1: not UTF-8 text; expected a YAML file in UTF-8");
    assertFifthLine(
        "\"k\\e[31mey\": 3", "k\\u001b[31mey: unknown key; expected " + KEYS + ", profiles");
  }
}
