package org.ratescope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.study.StudyFile;

/**
 * The examples of the README work: its study is read, its commands are executed, its Java example
 * is compiled and run.
 */
class ReadmeTest {
  private static final Path README = Path.of("..", "README.md");

  /** The README's study in a small form: the same keys, other numbers. */
  private static final String SMALL =
      """
      name: my-study
      data: {set: tetrominoes, resolution: 4}
      splits: [cv:0.5, cv:0.1]
      architectures: [mlp:1x8, mlp:3x8]
      objective: {beta: [0.1, 1]}
      restarts: 1
      training: {iterations: 20}
      evaluation: {examples: 200}
      """;

  @TempDir Path folder;

  @Test
  void theStudyIsValid() throws IOException {
    Path file = Files.writeString(folder.resolve("my-study.yaml"), block("yaml").getFirst());
    assertThat(StudyFile.read(file).runs()).hasSize(2 * 3 * 2);
  }

  @Test
  void theCommandsWorkOnASmallStudy() throws IOException {
    Path study = Files.writeString(folder.resolve("my-study.yaml"), SMALL);
    int executed = 0;
    for (List<String> words : commands()) {
      if (words.get(1).equals("my-study.yaml")) {
        List<String> call = new ArrayList<>(words);
        call.set(1, study.toString());
        call.addAll(List.of("--results", folder.resolve("results").toString()));
        Call done = Call.of(SharedCache.folder(), call.toArray(String[]::new));
        assertThat(done.code()).as("%s: %s", call, done.err()).isZero();
        executed++;
      }
    }
    assertThat(executed).isEqualTo(5);
    assertThat(folder.resolve("results/my-study/report.html")).isNotEmptyFile();
  }

  /** The README's own-images study and commands, on a folder of small pictures. */
  @Test
  void theCommandsWorkOnAFolderOfPictures() throws IOException {
    for (int i = 0; i < 60; i++) {
      Path file = folder.resolve("photos/%02d.png".formatted(i));
      Files.createDirectories(file.getParent());
      BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
      for (int p = 0; p < 1024; p++) {
        image.setRGB(p % 32, p / 32, p * 0x10203 * (i + 1));
      }
      assertThat(ImageIO.write(image, "png", file.toFile())).isTrue();
    }
    String text = block("yaml").get(1);
    Path study = Files.writeString(folder.resolve("photos.yaml"), text);
    assertThat(StudyFile.read(study).runs()).hasSize(2 * 2 * 3 * 2);
    Files.writeString(
        study,
        text.replaceAll("x256", "x8").replace("4000", "20").replace("batch: 32", "batch: 8"));
    int executed = 0;
    for (List<String> words : commands()) {
      List<String> call = new ArrayList<>(words);
      if (call.remove("photos.yaml")) {
        call.add(study.toString());
        call.addAll(List.of("--results", folder.resolve("results").toString()));
      } else if (!call.removeIf(word -> word.startsWith("images:photos/"))) {
        continue;
      } else {
        call.add(2, "images:%s,size=32,colour=grey".formatted(folder.resolve("photos")));
        assertThat(words).contains("images:photos/,size=32,colour=grey");
      }
      Call done = Call.of(SharedCache.folder(), call.toArray(String[]::new));
      assertThat(done.code()).as("%s: %s", call, done.err()).isZero();
      executed++;
    }
    assertThat(executed).isEqualTo(3);
    assertThat(folder.resolve("results/photos/report.html")).isNotEmptyFile();
  }

  /** Words of each command in the README that calls the launcher with more than a name. */
  private static List<List<String>> commands() throws IOException {
    List<List<String>> commands = new ArrayList<>();
    Pattern word = Pattern.compile("\"([^\"]*)\"|(#.*)|(\\S+)");
    for (String block : block("sh")) {
      for (String line : block.replaceAll("\n {3,}", " ").lines().toList()) {
        List<String> words = new ArrayList<>();
        Matcher matcher = word.matcher(line);
        while (matcher.find()) {
          if (matcher.group(2) == null) {
            words.add(matcher.group(1) != null ? matcher.group(1) : matcher.group(3));
          }
        }
        if (words.size() > 2 && words.getFirst().equals("./ratescope")) {
          commands.add(words.subList(1, words.size()));
        }
      }
    }
    return commands;
  }

  @Test
  void theJavaExampleCompilesAndRuns() throws Exception {
    String source = block("java").getFirst();
    assertThat(source.lines().count()).isBetween(10L, 22L);
    Path file = Files.writeString(folder.resolve("Example.java"), source);
    Files.writeString(folder.resolve("my-study.yaml"), SMALL);
    String classPath = System.getProperty("java.class.path");
    int compiled =
        Objects.requireNonNull(ToolProvider.getSystemJavaCompiler())
            .run(null, null, null, "-proc:none", "-cp", classPath, file.toString());
    assertThat(compiled).isZero();
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                folder + java.io.File.pathSeparator + classPath,
                "Example")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(printed).isZero();
    assertThat(printed).contains("beta", "outcome", "finished").doesNotContain("missing");
    assertThat(printed.lines().filter(line -> line.contains("finished"))).hasSize(8);
  }

  /** The contents of the README's code blocks of that language. */
  private static List<String> block(String language) throws IOException {
    List<String> blocks = new ArrayList<>();
    Matcher matcher =
        Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(README));
    while (matcher.find()) {
      blocks.add(matcher.group(1));
    }
    assertThat(blocks).as(language).isNotEmpty();
    return blocks;
  }
}
