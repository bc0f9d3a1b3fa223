package org.ratescope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Rules for sentences that a test can check: line lengths of documents, wording of messages. */
class PlainEnglishTest {
  private static final Path ROOT = Path.of("..");
  private static final int LONGEST_LINE = 120;
  private static final Pattern LITERAL = Pattern.compile("\"(?:\\\\.|[^\"\\\\\n])*\"");

  /** Old forms of {@code got "x"; expected y}, and words with plainer synonyms. */
  private static final Pattern UNWANTED =
      Pattern.compile("\\bcame ['%\"]|, came |, allowed: |[Ww]hoever|says nothing with|set aside");

  @Test
  void documentsWrapTheirLines() throws IOException {
    List<Path> documents = new ArrayList<>(files(ROOT.resolve("docs"), ".md"));
    for (String name :
        List.of("README.md", "SECURITY.md", "THIRD_PARTY.md", "CHANGELOG.md", "CONTRIBUTING.md")) {
      documents.add(ROOT.resolve(name));
    }
    List<String> tooLong = new ArrayList<>();
    for (Path document : documents) {
      boolean code = false;
      for (String line : Files.readAllLines(document)) {
        code ^= line.strip().startsWith("```");
        if (!code && !line.startsWith("|") && line.length() > LONGEST_LINE) {
          tooLong.add(document.getFileName() + ": " + line);
        }
      }
    }
    assertThat(tooLong).isEmpty();
  }

  @Test
  void messagesSayGotAndExpected() throws IOException {
    List<String> unwanted = new ArrayList<>();
    for (String module : List.of("core", "report", "cli", "spark")) {
      for (Path source : files(ROOT.resolve(module).resolve("src/main/java"), ".java")) {
        LITERAL
            .matcher(Files.readString(source))
            .results()
            .map(MatchResult::group)
            .filter(literal -> UNWANTED.matcher(literal).find())
            .forEach(literal -> unwanted.add(source.getFileName() + ": " + literal));
      }
    }
    assertThat(unwanted).isEmpty();
  }

  private static List<Path> files(Path folder, String suffix) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths.filter(path -> path.toString().endsWith(suffix)).sorted().toList();
    }
  }
}
