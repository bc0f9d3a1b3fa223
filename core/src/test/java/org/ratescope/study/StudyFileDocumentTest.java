package org.ratescope.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples in docs/study-file.md are correct. */
class StudyFileDocumentTest {
  @TempDir Path folder;

  private List<Path> snippets() throws IOException {
    Matcher matcher =
        Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("../docs/study-file.md")));
    List<Path> files = new ArrayList<>();
    while (matcher.find()) {
      Path own = Files.createDirectory(folder.resolve("" + files.size()));
      files.add(Files.writeString(own.resolve("study.yaml"), matcher.group(1)));
    }
    return files;
  }

  @Test
  void theDefaultsAreAsDocumented() throws IOException {
    List<Path> snippets = snippets();

    assertThat(StudyFile.read(snippets.get(0))).isEqualTo(StudyFile.read(snippets.get(1)));
  }

  @Test
  void everyKeyIsDocumented() throws IOException {
    String document = Files.readString(Path.of("../docs/study-file.md"));

    assertThat(StudyReader.KEYS_AND_PROFILES)
        .allSatisfy(key -> assertThat(document).containsPattern("\\| `" + key + "[.`]"));
  }

  @Test
  void theObjectivesAreAsDocumented() throws IOException {
    assertThat(StudyFile.read(snippets().get(2)).objectives()).hasSize(4 + 3 + 4);
  }

  @Test
  void theProfileIsAsDocumented() throws IOException {
    List<Path> snippets = snippets();
    Path last = snippets.getLast();
    Study plain = StudyFile.read(last);
    Study smoke = StudyFile.read(last, "smoke");

    assertThat(snippets).hasSize(4);
    assertThat(plain.runs()).hasSize(2 * 2 * 5 * 5);
    assertThat(smoke.runs()).hasSize(2 * 2 * 2);
    assertThat(smoke.training().iterations()).isEqualTo(50);
    assertThat(smoke.data().height()).isEqualTo(8);
  }
}
