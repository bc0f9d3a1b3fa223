package org.ratescope.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.cli.process.ExitCode;

/**
 * The launcher, in a release folder with spaces in its path, with stand-ins for Java that print
 * their arguments.
 */
class LauncherTest {
  @TempDir Path folder;

  private Path release;
  private Path launcher;

  @BeforeEach
  void unpack() throws IOException {
    assumeThat(File.separator).as("a POSIX shell").isEqualTo("/");
    release = Files.createDirectories(folder.resolve("a release, with spaces"));
    Files.createDirectory(release.resolve("lib"));
    launcher = Files.copy(Path.of("../ratescope"), release.resolve("ratescope"));
    assertThat(launcher.toFile().setExecutable(true)).isTrue();
  }

  /** A Java of that version, which prints its name and its arguments, one on each line. */
  private Path java(String name, String version) throws IOException {
    Path home = folder.resolve(name);
    Path bin = Files.createDirectories(home.resolve("bin"));
    Path java =
        Files.writeString(
            bin.resolve("java"), "#!/bin/sh\necho " + name + "\nprintf '%s\\n' \"$@\"\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
    Files.writeString(
        home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
    return home;
  }

  private record Output(int code, List<String> lines) {}

  private Output launch(Path command, String javaHome, String path, String... arguments)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command.toString()).redirectErrorStream(true);
    builder.command().addAll(List.of(arguments));
    builder.directory(new File("/"));
    builder.environment().put("JAVA_HOME", javaHome);
    builder.environment().put("PATH", path + ":/usr/bin:/bin");
    Process process = builder.start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Output(process.waitFor(), text.lines().toList());
  }

  @Test
  void javaHomeIsUsedFirst() throws Exception {
    Path home = java("home", "21.0.2");
    Path other = java("other", "25");
    Output output =
        launch(launcher, home.toString(), other.resolve("bin").toString(), "run", "a b");

    assertThat(output.code()).isZero();
    assertThat(output.lines().getFirst()).isEqualTo("home");
    assertThat(output.lines())
        .contains("-Dratescope.home=" + release.toRealPath(), "-Dratescope.terminal=false")
        .endsWith("-cp", release.toRealPath() + "/lib/*", "org.ratescope.cli.Main", "run", "a b");
  }

  @Test
  void sparkIsOnTheClassPathIfRequested() throws Exception {
    String home = java("home", "21.0.2").toString();
    String asked = "%1$s/lib/*:%1$s/spark/*:%1$s/spark/jars/*".formatted(release.toRealPath());
    List<String> call = List.of("run", "a b", "--engine", "spark");

    assertThat(launch(launcher, home, "/usr/bin", call.toArray(new String[0])).lines())
        .as("without the folder spark, the command says what to do")
        .contains(release.toRealPath() + "/lib/*")
        .endsWith(call.toArray(new String[0]));
    Files.createDirectory(release.resolve("spark"));
    assertThat(launch(launcher, home, "/usr/bin", call.toArray(new String[0])).lines())
        .contains("@" + release.toRealPath() + "/spark/java.options", asked)
        .endsWith(call.toArray(new String[0]));
    assertThat(launch(launcher, home, "/usr/bin", "run", "--engine=spark").lines()).contains(asked);
    assertThat(launch(launcher, home, "/usr/bin", "run", "spark").lines())
        .contains(release.toRealPath() + "/lib/*")
        .doesNotContain(asked);
  }

  /** One for each Java, created by the first short command: an AOT cache from Java 25 on. */
  @Test
  void shortCommandsLoadClassesFromAnArchive() throws Exception {
    loadsClassesFrom("24.0.2", "ArchiveClassesAtExit", "SharedArchiveFile", ".jsa");
    loadsClassesFrom("25", "AOTCacheOutput", "AOTCache", ".aot");

    Output none = launch(launcher, java("other", "25.0.1").toString(), "/usr/bin", "status");
    assertThat(none.lines()).as("this Java made none").noneMatch(line -> line.contains("classes-"));
    assertThat(none.code()).isZero();
  }

  @Test
  void aJavaWithoutAReleaseFileCausesNoMessage() throws Exception {
    Path home = java("home", "25");
    Path java = home.resolve("bin/java");
    Files.writeString(
        java,
        "#!/bin/sh\ncase $1 in -version) echo 'openjdk version \"25\"' >&2;; *) echo started;; esac\n");
    Files.delete(home.resolve("release"));
    Output output = launch(launcher, home.toString(), "/usr/bin", "status", "a b");

    assertThat(output.lines()).containsExactly("started");
  }

  private void loadsClassesFrom(String version, String write, String read, String suffix)
      throws Exception {
    Path home = java("java-" + version, version);
    Path java = home.resolve("bin/java");
    Files.writeString(
        java,
        Files.readString(java)
            + "for a; do case $a in -XX:%s=*) : >\"${a#*=}\";; esac; done\n".formatted(write));
    Output status = launch(launcher, home.toString(), "/usr/bin", "status", "a b");
    List<String> archives;
    try (var files = Files.list(release.toRealPath())) {
      archives = files.map(Path::toString).filter(name -> name.endsWith(suffix)).toList();
    }
    assertThat(archives).singleElement().asString().contains("/classes-");
    assertThat(status.lines())
        .containsSequence("-Xlog:disable", "-XX:" + read + "=" + archives.getFirst())
        .endsWith("status", "a b");
    assertThat(launch(launcher, home.toString(), "/usr/bin", "run", "a b").lines())
        .noneMatch(line -> line.contains("classes-"));
  }

  /** An archive with a runtime needs no Java of the user, and does not take it. */
  @Test
  void theRuntimeOfTheArchiveIsUsedFirst() throws Exception {
    String home = java("home", "25.0.2").toString();
    Files.move(java("bundled", "25.0.1"), release.resolve("runtime"));
    Output output = launch(launcher, home, "/usr/bin", "run");
    assertThat(output.lines()).startsWith("bundled").endsWith("org.ratescope.cli.Main", "run");
  }

  @Test
  void theGpuBuildIsOnTheClassPathIfRequested() throws Exception {
    String home = java("home", "21.0.2").toString();
    String usual = release.toRealPath() + "/lib/*";
    String asked =
        "%1$s/cuda/*:%1$s/lib/a.jar:%1$s/lib/pytorch-1.jar".formatted(release.toRealPath());
    for (String jar : new String[] {"a", "pytorch-1", "pytorch-1-linux-x86_64"}) {
      Files.createFile(release.resolve("lib").resolve(jar + ".jar"));
    }

    assertThat(launch(launcher, home, "/usr/bin", "run", "--device", "cuda:1").lines())
        .as("without the folder cuda, the command says what to do")
        .contains(usual);
    Files.createDirectory(release.resolve("cuda"));
    for (String[] call :
        new String[][] {
          {"run", "a b", "--device", "cuda"}, {"bench", "--device=cuda:1"}, {"--device", "cuda:0"}
        }) {
      assertThat(launch(launcher, home, "/usr/bin", call).lines()).contains(asked).endsWith(call);
    }
    for (String[] call :
        new String[][] {{"run", "cuda"}, {"run", "--device", "cpu"}, {"run", "--device=cpu"}}) {
      assertThat(launch(launcher, home, "/usr/bin", call).lines()).contains(usual).endsWith(call);
    }
  }

  @Test
  void anOldJavaHomeIsSkipped() throws Exception {
    Path old = java("old", "17.0.9");
    Path ancient = java("ancient", "1.8.0_392");
    Path recent = java("recent", "23-ea");
    String path = recent.resolve("bin").toString();

    assertThat(launch(launcher, old.toString(), path).lines().getFirst()).isEqualTo("recent");
    assertThat(launch(launcher, ancient.toString(), path).lines().getFirst()).isEqualTo("recent");
    assertThat(launch(launcher, "", path).lines().getFirst()).isEqualTo("recent");
  }

  @Test
  void javaOnThePathMayBeALink() throws Exception {
    Path recent = java("recent", "22");
    Path bin = Files.createDirectory(folder.resolve("bin"));
    Files.createSymbolicLink(bin.resolve("java"), recent.resolve("bin/java"));

    assertThat(launch(launcher, "", bin.toString()).lines().getFirst()).isEqualTo("recent");
  }

  @Test
  void theLauncherMayBeALinkToALink() throws Exception {
    Path home = java("home", "21");
    Path absolute = Files.createSymbolicLink(folder.resolve("absolute"), launcher);
    Path relative = Files.createSymbolicLink(folder.resolve("relative"), absolute.getFileName());
    Output output = launch(relative, home.toString(), "/usr/bin", "--help");

    assertThat(output.lines()).contains("-Dratescope.home=" + release.toRealPath());
  }

  /** The locale that the launcher sets, printed by a stand-in for Java. */
  private String localeIn(String value) throws Exception {
    Path home = java("locale", "21");
    Files.writeString(home.resolve("bin/java"), "#!/bin/sh\nprintf '%s\\n' \"$LC_ALL\"\n");
    ProcessBuilder builder = new ProcessBuilder(launcher.toString(), "run");
    builder.environment().put("JAVA_HOME", home.toString());
    builder.environment().put("LC_ALL", value);
    Process process = builder.start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }

  @Test
  void fileNamesAreUnderstoodInUtf8() throws Exception {
    assumeThat(
            new ProcessBuilder("sh", "-c", "locale -a | grep -iqE '^C.utf-?8$'").start().waitFor())
        .as("a locale C.UTF-8 is installed")
        .isZero();
    for (String value : List.of("C", "POSIX", "xx_YY.UTF-8")) {
      assertThat(localeIn(value)).as(value).isEqualToIgnoringCase("C.utf8");
    }
    assertThat(localeIn("C.UTF-8")).isEqualTo("C.UTF-8");
  }

  @Test
  void aColonInItsPathIsExplained() throws Exception {
    Path other = Files.createDirectories(folder.resolve("a:b/lib")).resolveSibling("");
    Path copy = Files.copy(launcher, other.resolve("ratescope"));
    assertThat(copy.toFile().setExecutable(true)).isTrue();
    Output output = launch(copy, java("home", "21").toString(), "/usr/bin", "--version");

    assertThat(output.code()).isEqualTo(ExitCode.FAILED);
    assertThat(output.lines())
        .containsExactly(
            "ratescope: Java cannot load classes from a folder with a colon in its path: %s. Move the folder."
                .formatted(other.toRealPath()));
  }

  @Test
  void argumentsAreUnchanged() throws Exception {
    String home = java("home", "21").toString();
    for (String argument :
        List.of("my study.yaml", "a 'b' \"c\"", "$HOME `id` \\", "*", "", "-x", "pa th é", "中文")) {
      assertThat(launch(launcher, home, "/usr/bin", "run", argument).lines())
          .endsWith("run", argument);
    }
    assertThat(launch(launcher, home, "/usr/bin", "query", "a\nb").lines()).endsWith("a", "b");
  }

  @Test
  void anInstallationMayHaveOtherLetters() throws Exception {
    Path other = Files.createDirectories(folder.resolve("é 'ß' 中文 $x/lib")).resolveSibling("");
    Path copy = Files.copy(launcher, other.resolve("ratescope"));
    assertThat(copy.toFile().setExecutable(true)).isTrue();
    assertThat(launch(copy, java("home", "21").toString(), "/usr/bin", "run").lines())
        .contains("-Dratescope.home=" + other.toRealPath(), other.toRealPath() + "/lib/*");
  }

  /** Java skips a truncated or damaged class archive silently. */
  @Test
  void aDamagedClassArchiveIsSkipped() throws Exception {
    Path archive = folder.resolve("classes");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String option = Runtime.version().feature() >= 25 ? "AOTCache" : "SharedArchiveFile";
    for (int bytes : new int[] {0, 1, 100, 10_000}) {
      Files.write(archive, new byte[bytes]);
      Process process =
          new ProcessBuilder(java, "-Xlog:disable", "-XX:" + option + "=" + archive, "--version")
              .redirectErrorStream(true)
              .start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).isZero();
      assertThat(text).doesNotContain("rror", "arning");
    }
  }

  @Test
  void withoutARecentJavaTheErrorListsTheSearchedPlaces() throws Exception {
    Path old = java("old", "17.0.9");
    String text = Files.readString(launcher).replace("required=21", "required=999");
    Files.writeString(launcher, text);
    Output output = launch(launcher, old.toString(), "/usr/bin");

    assertThat(output.code()).isEqualTo(ExitCode.FAILED);
    assertThat(output.lines())
        .containsExactly(
            "ratescope: no JDK 999 or newer found: looked at JAVA_HOME (%s), the PATH and the usual"
                    .formatted(old)
                + " install folders. Install one, for example Temurin 999, or set JAVA_HOME.");
  }
}
