package org.ratescope.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The program in a separate process, started like the launcher does. */
final class ChildProcess {
  private ChildProcess() {}

  /** Runs it to its end with these variables added and that home folder. */
  static Call run(Map<String, String> environment, Path home, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "--enable-native-access=ALL-UNNAMED",
            "-Xlog:disable",
            "-Xlog:all=off",
            "-Duser.home=" + home,
            "-Dratescope.home=" + Path.of("..").toRealPath(),
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("RATESCOPE_"));
    builder.environment().remove("XDG_CACHE_HOME");
    builder.environment().putAll(environment);
    File err = Files.createTempFile(home, "err", ".txt").toFile();
    Process process = builder.redirectError(err).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Call(process.waitFor(), out, Files.readString(err.toPath()));
  }
}
