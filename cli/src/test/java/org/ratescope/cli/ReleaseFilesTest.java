package org.ratescope.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a release needs beside its archives: container files, entries of package managers. */
class ReleaseFilesTest {
  private static final Path ROOT = Path.of("..");
  private static final Path RELEASE = ROOT.resolve("release");
  private static final List<String> ARCHIVES =
      List.of("linux-x86_64.tar.xz", "macosx-arm64.tar.xz", "windows-x86_64.zip");

  @TempDir Path folder;

  private static List<String> all(String regex, String text) {
    return Pattern.compile(regex, Pattern.MULTILINE)
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .toList();
  }

  private static String sum(int archive) {
    return Integer.toString(archive + 1).repeat(64);
  }

  private record Output(int code, String text) {}

  private Output fill() throws IOException, InterruptedException {
    assumeThat(File.separator).as("a POSIX shell").isEqualTo("/");
    Process process =
        new ProcessBuilder(
                RELEASE.resolve("entries/fill.sh").toAbsolutePath().toString(),
                "1.2.3",
                "https://example.org/p",
                folder.toString())
            .redirectErrorStream(true)
            .start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Output(process.waitFor(), text);
  }

  @Test
  void entriesNameEachArchiveWithItsChecksum() throws Exception {
    for (int i = 0; i < ARCHIVES.size(); i++) {
      String name = "ratescope-1.2.3-" + ARCHIVES.get(i);
      Files.writeString(folder.resolve(name + ".sha256"), sum(i) + " *" + name + "\n");
    }
    assertThat(fill()).isEqualTo(new Output(0, ""));

    String start = "https://example.org/p/releases/download/v1.2.3/ratescope-1.2.3-";
    JsonNode sdkman = new ObjectMapper().readTree(folder.resolve("sdkman.json").toFile());
    assertThat(sdkman).hasSize(3);
    for (int i = 0; i < 3; i++) {
      assertThat(sdkman.get(i).path("version").asText()).isEqualTo("1.2.3");
      assertThat(sdkman.get(i).path("url").asText()).isEqualTo(start + ARCHIVES.get(i));
      assertThat(sdkman.get(i).path("checksums").path("SHA-256").asText()).isEqualTo(sum(i));
    }
    String formula = Files.readString(folder.resolve("ratescope.rb"));
    assertThat(formula).contains("version \"1.2.3\"").doesNotContain("@");
    assertThat(all("(?<=url \")[^\"]+|(?<=sha256 \")[^\"]+", formula))
        .containsExactly(start + ARCHIVES.get(1), sum(1), start + ARCHIVES.get(0), sum(0));
    JsonNode alias =
        new ObjectMapper()
            .readTree(folder.resolve("jbang-catalog.json").toFile())
            .at("/aliases/ratescope");
    assertThat(alias.path("script-ref").asText()).isEqualTo("org.ratescope:ratescope-cli:1.2.3");
    assertThat(alias.path("main").asText()).isEqualTo(Main.class.getName());
  }

  @Test
  void anEntryWithoutAChecksumIsRefused() throws Exception {
    Output output = fill();
    assertThat(output.code()).isEqualTo(1);
    assertThat(output.text())
        .isEqualTo(
            "fill.sh: ratescope.rb needs %s/ratescope-1.2.3-macosx-arm64.tar.xz.sha256, which does not exist%n"
                .formatted(folder));
  }

  /** The names of archives in the entries are those that module release builds. */
  @Test
  void archivesHavePlatformsThatAreBuilt() throws IOException {
    String pom = Files.readString(RELEASE.resolve("pom.xml"));
    for (String archive : ARCHIVES) {
      String platform = archive.substring(0, archive.indexOf('.'));
      assertThat(pom).contains("<release.platform>" + platform + "</release.platform>");
    }
    assertThat(pom)
        .contains("<release.name>ratescope-${project.version}-${release.platform}</release.name>");
  }

  /** No linter for them is at hand: their instructions, image versions, and user. */
  @Test
  void containerFilesFollowTheRules() throws IOException {
    for (String name : List.of("Dockerfile", "Dockerfile.cuda")) {
      String text = Files.readString(RELEASE.resolve("docker").resolve(name));
      String joined = text.replaceAll("(?m)^#.*\n", "").replace("\\\n", " ");
      assertThat(all("^\\S+", joined))
          .as(name)
          .startsWith("FROM", "ARG")
          .endsWith("ENTRYPOINT", "CMD")
          .isSubsetOf("FROM", "ARG", "ADD", "RUN", "USER", "ENV", "WORKDIR", "ENTRYPOINT", "CMD");
      assertThat(all("^FROM .*", joined))
          .as(name)
          .singleElement()
          .asString()
          .matches("FROM [\\w./-]+:[\\w.-]*\\d[\\w.-]*");
      assertThat(all("^USER .*", joined)).as("not root").containsExactly("USER ratescope");
      String cache = all("(?<=^ENV RATESCOPE_CACHE=).*", joined).getFirst();
      assertThat(all("(?<=^RUN ).*", joined))
          .as("a new volume gets the owner of the folder")
          .singleElement()
          .asString()
          .contains("--uid 1000 ratescope", " " + cache + " ")
          .containsPattern("chown -R ratescope:ratescope /work /home/ratescope/.cache$");
      for (String list : all("(?<=^(ENTRYPOINT|CMD) ).*", joined)) {
        assertThat(new ObjectMapper().readTree(list).isArray()).as(list).isTrue();
      }
      assertThat(all("(?<=^ADD )\\S+", joined))
          .as(name)
          .startsWith("ratescope-${VERSION}-linux-x86_64-jre.tar.xz")
          .isSubsetOf(
              "ratescope-${VERSION}-linux-x86_64-jre.tar.xz", "ratescope-cuda-${VERSION}.tar");
    }
  }

  /** The launcher of Windows starts Java as the other one does. */
  @Test
  void theLauncherOfWindowsAgrees() throws IOException {
    String windows = Files.readString(ROOT.resolve("ratescope.cmd"));
    String posix = Files.readString(ROOT.resolve("ratescope"));
    assertThat(windows.lines().count()).isEqualTo(all("\r\n", windows).size());
    for (String part :
        List.of(
            Main.class.getName(),
            "--enable-native-access=ALL-UNNAMED",
            "-Dratescope.home=",
            "-XX:TieredStopAtLevel=1",
            "runtime")) {
      assertThat(windows).contains(part);
      assertThat(posix).contains(part);
    }
    String required = all("(?<=required=)\\d+", posix).getFirst();
    assertThat(windows).contains("set \"required=" + required + "\"");
    List<String> lookups = all("(?<=  )plan \\|[^)]*(?= \\| -\\*\\))", posix);
    assertThat(windows).contains("in (" + lookups.getFirst().replace(" | ", " ") + ")");
  }
}
