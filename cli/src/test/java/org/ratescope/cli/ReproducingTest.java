package org.ratescope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.ratescope.estimate.Estimators;
import org.ratescope.figure.Figure;
import org.ratescope.study.StudyFile;
import org.ratescope.study.Suite;
import org.ratescope.study.SuiteFolder;

/** docs/reproducing.md has a row for every figure of the paper, with its studies and its runs. */
class ReproducingTest {
  private static final Path PAPER = Path.of("../studies/paper");

  private static Suite suite(String profile) throws Exception {
    StudyFile.Vocabulary known =
        new StudyFile.Vocabulary(Estimators.standard().names(), Figure.builtIn());
    return SuiteFolder.read(PAPER, profile, known);
  }

  @Test
  void everyFigureHasItsRow() throws Exception {
    Suite paper = suite("paper");
    Suite mini = suite("mini");
    List<String> lines = Files.readAllLines(Path.of("../docs/reproducing.md"));
    for (String name : Figure.names(PAPER.resolve("figures"))) {
      Figure figure = Figure.find(name, PAPER.resolve("figures"));
      String row =
          String.format(
              Locale.ROOT,
              "| %s | %s | %s | %,d | %,d | ",
              figure.number(),
              figure.title(),
              String.join(", ", figure.studies()),
              paper.runs(figure.studies()).size(),
              mini.runs(figure.studies()).size());
      assertThat(lines)
          .as("a line that begins with '%s'", row)
          .anyMatch(line -> line.startsWith(row));
    }
  }

  @Test
  void theProfilesSizesAreTheirs() throws Exception {
    String text = Files.readString(Path.of("../docs/reproducing.md"));
    for (String profile : List.of("paper", "mini", "smoke")) {
      Suite suite = suite(profile);
      long steps = suite.runs().stream().mapToLong(run -> run.training().iterations()).sum();
      assertThat(text)
          .containsPattern(
              "(?m)^\\| `%s` \\| .* \\| %s \\| %s \\|$"
                  .formatted(
                      profile,
                      String.format(Locale.ROOT, "%,d", suite.runs().size()),
                      String.format(Locale.ROOT, "%,d", steps)));
    }
  }

  @Test
  void everyNumberOfThePaperHasARow() throws Exception {
    List<String> lines = Files.readAllLines(Path.of("../docs/reproducing.md"));
    Stream<String> numbers =
        Stream.concat(
            Stream.concat(
                IntStream.rangeClosed(1, 8).mapToObj(String::valueOf),
                IntStream.rangeClosed(1, 31).mapToObj(i -> "A" + i)),
            Stream.of("Table A1", "Table A2"));
    numbers.forEach(
        number ->
            assertThat(lines.stream().filter(line -> line.startsWith("| " + number + " |")))
                .as("rows of %s", number)
                .hasSize(1));
  }
}
