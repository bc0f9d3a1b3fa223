package org.ratescope.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ratescope.cli.process.ExitCode;

/** If native libraries cannot be unpacked, the user sees one line with the cause and the remedy. */
class NativeLibrariesTest {
  private static final String WAY_OUT =
      ". Set RATESCOPE_CACHE to a folder that you own, with enough space, that is not mounted"
          + " noexec";

  @TempDir Path folder;

  private Call call(Path cache, String... arguments) throws Exception {
    return ChildProcess.run(
        Map.of("RATESCOPE_CACHE", cache.toString()),
        Files.createDirectories(folder.resolve("home")),
        arguments);
  }

  private static void refused(Call call, String... parts) {
    assertThat(call.code()).as(call.err()).isEqualTo(ExitCode.FAILED);
    assertThat(call.err().lines().filter(line -> !line.startsWith("WARNING: ")))
        .singleElement()
        .asString()
        .startsWith("ratescope: ")
        .contains(parts)
        .endsWith(WAY_OUT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--version", "figure"})
  void aCacheThatCannotBeMade(String command) throws Exception {
    Path cache = Files.createFile(folder.resolve("a file")).resolve("cache");
    String[] arguments =
        command.equals("figure")
            ? new String[] {
              "figure",
              study(),
              "rate-distortion",
              "--results",
              Files.createDirectories(folder.resolve("r")).toString()
            }
            : new String[] {command};
    Call call = call(cache, arguments);
    refused(
        call, "the folder for native libraries " + cache.resolve("native"), "cannot be created");
    assertThat(call.err()).doesNotContain("Truffle");
    assertThat(folder.resolve("home/.javacpp")).doesNotExist();
  }

  private String study() throws IOException {
    return Files.writeString(
            folder.resolve("a.yaml"),
            """
            data: {set: tetrominoes, resolution: 4}
            splits: [cv:0.5]
            architectures: [mlp:1x8]
            objective: {beta: [1]}
            """)
        .toString();
  }

  /** A folder that somebody else has prepared, possibly with code in it. */
  @Test
  void aFolderOfSomeoneElse() throws Exception {
    Path planted = Files.createDirectories(folder.resolve("cache/native"));
    assumeThat(Files.getAttribute(planted, "unix:uid"))
        .as("only root gives files away")
        .isEqualTo(0);
    Files.setAttribute(planted, "unix:uid", 4711);
    refused(call(folder.resolve("cache"), "--version"), "belongs to user 4711");
  }

  @Test
  void aFileSystemWithoutRoom() throws Exception {
    mounted(
        "size=2m",
        cache -> {
          refused(
              call(cache, "--version"),
              "libtorch cannot be loaded from ",
              " MiB are required in it, ");
          assertThat(folder.resolve("home/.javacpp")).doesNotExist();
        });
  }

  /** Long: a gigabyte is unpacked. */
  @Test
  @Tag("long")
  void aFileSystemWithoutExecution() throws Exception {
    mounted(
        "size=2g,noexec",
        cache ->
            refused(
                call(cache, "--version"),
                "libtorch cannot be loaded from ",
                "failed to map segment"));
  }

  /** Long: a gigabyte is unpacked, twice. */
  @Test
  @Tag("long")
  void aKillWhileTheyAreUnpacked() throws Exception {
    Path cache = folder.resolve("cache");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Dratescope.native=" + cache.resolve("native"),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "--version")
            .start();
    while (libtorch(cache) < 1 << 20 && process.isAlive()) {
      Thread.sleep(1);
    }
    process.destroyForcibly();
    process.waitFor();
    assertThat(libtorch(cache))
        .as("it was killed before the end")
        .isBetween(1L << 20, 331_000_000L);

    Call call = call(cache, "--version");
    assertThat(call.code()).as(call.err()).isZero();
    assertThat(libtorch(cache)).isGreaterThan(331_000_000L);
  }

  private static long libtorch(Path cache) throws IOException {
    if (!Files.exists(cache)) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(cache)) {
      Path file = files.filter(f -> f.endsWith("libtorch_cpu.so")).findFirst().orElse(null);
      return file == null ? 0 : Files.size(file);
    }
  }

  private interface Body {
    void on(Path cache) throws Exception;
  }

  private void mounted(String options, Body body) throws Exception {
    Path cache = Files.createDirectory(folder.resolve("mounted"));
    int mounted =
        new ProcessBuilder(
                "mount", "-t", "tmpfs", "-o", "mode=0700," + options, "tmpfs", cache.toString())
            .redirectErrorStream(true)
            .start()
            .waitFor();
    assumeThat(mounted).as("this user may mount a file system").isZero();
    try {
      body.on(cache);
    } finally {
      assertThat(new ProcessBuilder("umount", cache.toString()).start().waitFor()).isZero();
    }
  }
}
