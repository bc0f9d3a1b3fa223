package org.ratescope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Workflows and issue forms of GitHub are YAML, and what they name exists in this repository. */
class WorkflowsTest {
  private static final Path ROOT = Path.of("..");
  private static final Path GITHUB = ROOT.resolve(".github");

  private static List<Path> files(String folder) throws IOException {
    try (Stream<Path> files = Files.list(GITHUB.resolve(folder))) {
      return files.filter(file -> file.toString().endsWith(".yml")).sorted().toList();
    }
  }

  private static List<String> keys(Object mapping) {
    return ((Map<?, ?>) mapping).keySet().stream().map(String::valueOf).toList();
  }

  private static Object get(Map<?, ?> mapping, String key) {
    return Objects.requireNonNull(mapping.get(key), key);
  }

  private static Map<?, ?> yaml(Path file) throws IOException {
    Load load = new Load(LoadSettings.builder().setAllowDuplicateKeys(false).build());
    return (Map<?, ?>) load.loadFromString(Files.readString(file));
  }

  private static List<String> all(String regex, String text) {
    return Pattern.compile(regex).matcher(text).results().map(MatchResult::group).toList();
  }

  /** The values of this key at any depth. */
  private static List<Object> values(Object node, String key) {
    List<Object> found = new ArrayList<>();
    if (node instanceof Map<?, ?> map) {
      map.forEach(
          (name, value) -> {
            if (key.equals(name)) {
              found.add(value);
            }
            found.addAll(values(value, key));
          });
    } else if (node instanceof List<?> list) {
      list.forEach(value -> found.addAll(values(value, key)));
    }
    return found;
  }

  @Test
  void eachJobHasAMachineATimeAndSteps() throws IOException {
    assertThat(files("workflows")).hasSizeGreaterThanOrEqualTo(2);
    for (Path file : files("workflows")) {
      Map<?, ?> workflow = yaml(file);
      assertThat(keys(workflow)).as(file.toString()).contains("name", "on", "permissions", "jobs");
      for (Object job : ((Map<?, ?>) get(workflow, "jobs")).values()) {
        assertThat(keys(job)).as(file.toString()).contains("runs-on", "timeout-minutes", "steps");
      }
    }
  }

  /** A tag can be moved to other code; a commit cannot. */
  @Test
  void actionsArePinnedByCommitAndNameTheirVersion() throws IOException {
    int pinned = 0;
    for (Path file : files("workflows")) {
      for (Object action : values(yaml(file), "uses")) {
        assertThat(action.toString()).matches("[\\w-]+/[\\w-]+@[0-9a-f]{40}");
        assertThat(Files.readString(file))
            .containsPattern(Pattern.quote(action.toString()) + " # v\\d+\\.\\d+\\.\\d+\n");
        pinned++;
      }
    }
    assertThat(pinned).isGreaterThanOrEqualTo(6);
  }

  @Test
  void commandsNameProfilesPlatformsAndFoldersThatExist() throws IOException {
    String poms = Files.readString(ROOT.resolve("pom.xml"));
    String release = Files.readString(ROOT.resolve("release/pom.xml"));
    Set<String> checked = new HashSet<>();
    for (Path file : files("workflows")) {
      String text = Files.readString(file);
      for (String profile : all("(?<= -P)[\\w-]+", text)) {
        assertThat(poms).as(file.toString()).contains("<id>" + profile + "</id>");
        checked.add(profile);
      }
      for (String platform : all("(?<=-Dplatform=)[\\w-]+", text)) {
        assertThat(release).as(file.toString()).contains("<value>" + platform + "</value>");
        checked.add(platform);
      }
      for (String script : all("release/[\\w./-]+\\.sh", text)) {
        assertThat(ROOT.resolve(script)).isExecutable();
        checked.add(script);
      }
      for (String folder : all("[a-z]+(?=/target/dist)", text)) {
        assertThat(ROOT.resolve(folder).resolve("pom.xml")).exists();
        checked.add(folder);
      }
    }
    assertThat(checked)
        .containsExactlyInAnyOrder(
            "release", "macosx-arm64", "windows-x86_64", "release/entries/fill.sh");
  }

  @Test
  void formsAskForSomethingAndNamePagesThatExist() throws IOException {
    int asked = 0;
    for (Path file : files("ISSUE_TEMPLATE")) {
      Map<?, ?> form = yaml(file);
      if (!file.endsWith("config.yml")) {
        assertThat(keys(form)).as(file.toString()).contains("name", "description", "body");
        Set<Object> ids = new HashSet<>();
        for (Object element : (List<?>) get(form, "body")) {
          Map<?, ?> part = (Map<?, ?>) element;
          assertThat(get(part, "type")).isIn("textarea", "input", "dropdown", "markdown");
          String named = get(part, "type").equals("markdown") ? "value" : "label";
          assertThat(keys(get(part, "attributes"))).contains(named);
          assertThat(part.get("id") == null || ids.add(part.get("id"))).isTrue();
        }
        asked += ids.size();
      }
    }
    assertThat(asked).isGreaterThanOrEqualTo(4);

    List<String> pages = new ArrayList<>();
    try (Stream<Path> files = Files.walk(GITHUB)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        pages.addAll(all("[\\w/-]+\\.md\\b", Files.readString(file)));
      }
    }
    assertThat(pages).isNotEmpty().allSatisfy(page -> assertThat(ROOT.resolve(page)).exists());
  }
}
