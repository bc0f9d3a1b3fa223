package org.ratescope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.ratescope.study.StudyFile;

/** The documents belong together: links lead somewhere, the index has all pages. */
class DocumentsTest {
  private static final Path ROOT = Path.of("..");
  private static final Path DOCS = ROOT.resolve("docs");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+)(?:#([^)\\s]+))?\\)");

  private static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>();
    for (Path folder : List.of(ROOT, DOCS)) {
      try (Stream<Path> files = Files.list(folder)) {
        files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
      }
    }
    return pages;
  }

  @Test
  void linksLeadToFilesAndHeadings() throws IOException {
    List<String> broken = new ArrayList<>();
    int followed = 0;
    for (Path page : pages()) {
      for (MatchResult link : LINK.matcher(Files.readString(page)).results().toList()) {
        if (!link.group(1).contains("://")) {
          Path target = page.resolveSibling(link.group(1));
          boolean found =
              Files.exists(target) && (link.group(2) == null || hasHeading(target, link.group(2)));
          followed++;
          if (!found) {
            broken.add(page + ": " + link.group());
          }
        }
      }
    }
    assertThat(broken).isEmpty();
    assertThat(followed).isGreaterThan(50);
  }

  /** Anchors as GitHub makes them of headings. */
  private static boolean hasHeading(Path page, String anchor) throws IOException {
    return Files.readAllLines(page).stream()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceFirst("#+ ", "").toLowerCase(java.util.Locale.ROOT))
        .map(line -> line.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .anyMatch(anchor::equals);
  }

  @Test
  void theIndexHasEveryPageOnce() throws IOException {
    List<String> listed =
        Pattern.compile("(?m)^\\| \\[([a-z-]+\\.md)\\]")
            .matcher(Files.readString(DOCS.resolve("README.md")))
            .results()
            .map(m -> m.group(1))
            .toList();
    TreeSet<String> pages = new TreeSet<>();
    for (Path page : pages()) {
      if (page.startsWith(DOCS) && !page.endsWith("README.md")) {
        pages.add(String.valueOf(page.getFileName()));
      }
    }
    assertThat(listed).doesNotHaveDuplicates();
    assertThat(listed.stream().sorted()).containsExactlyElementsOf(pages);
  }

  /** Each command of the page exists, with its options. */
  @Test
  void theCommandsOfTheirPageExist() throws IOException {
    String page = Files.readString(DOCS.resolve("commands.md"));
    int checked = 0;
    for (MatchResult line :
        Pattern.compile("(?m)^ratescope ([a-z]+)(?: ([a-z]+))?( .*)?$")
            .matcher(page)
            .results()
            .toList()) {
      boolean below = line.group(1).equals("data");
      Call help =
          below
              ? Call.of(SharedCache.folder(), "help", "data", line.group(2))
              : Call.of(SharedCache.folder(), "help", line.group(1));
      assertThat(help.code()).as(line.group() + help.err()).isZero();
      String words = String.valueOf(line.group(3)).replaceFirst(" #.*", "");
      for (MatchResult option : Pattern.compile("--[a-z-]+").matcher(words).results().toList()) {
        assertThat(help.out()).as(line.group()).contains(option.group());
      }
      checked++;
    }
    assertThat(checked).isGreaterThan(15);
  }

  @Test
  void filesThatHelpNamesAreInTheRelease() throws IOException {
    String assembly = Files.readString(Path.of("src/assembly/folder.xml"));
    assertThat(assembly).contains("/../docs</directory>");
    Pattern page = Pattern.compile("docs/[a-z-]+\\.(?:md|sh)");
    try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
      for (Path source : sources.filter(file -> file.toString().endsWith(".java")).toList()) {
        page.matcher(Files.readString(source))
            .results()
            .forEach(named -> assertThat(ROOT.resolve(named.group())).as("" + source).exists());
      }
    }
  }

  @Test
  void theReadmeFirstStudyIsSmall() throws IOException {
    MatchResult study =
        Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(ROOT.resolve("README.md")))
            .results()
            .findFirst()
            .orElseThrow();
    var read = StudyFile.parse(Path.of("my-study.yaml"), study.group(1));
    long steps = read.runs().stream().mapToLong(run -> run.training().iterations()).sum();
    assertThat(steps).as("minutes on two cores: 1,000 model-steps a second").isLessThan(300_000);
    assertThat(read.architectures()).allMatch(a -> a.width() <= 128);
  }
}
