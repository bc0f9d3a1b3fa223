package org.ratescope.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentTest {
  private static Environment with(Map<String, String> environment) {
    return new Environment(environment, Path.of("/opt/ratescope"), false, Path.of("/home/ada"));
  }

  @Test
  void theCacheFolderFollowsTheEnvironment() {
    assertThat(with(Map.of()).cache()).isEqualTo(Path.of("/home/ada/.cache/ratescope"));
    assertThat(with(Map.of("XDG_CACHE_HOME", "/var/cache")).cache())
        .isEqualTo(Path.of("/var/cache/ratescope"));
    assertThat(with(Map.of("XDG_CACHE_HOME", "relative")).cache())
        .isEqualTo(Path.of("/home/ada/.cache/ratescope"));
    assertThat(with(Map.of("XDG_CACHE_HOME", "", "RATESCOPE_CACHE", "")).cache())
        .isEqualTo(Path.of("/home/ada/.cache/ratescope"));
    assertThat(with(Map.of("XDG_CACHE_HOME", "/var/cache", "RATESCOPE_CACHE", "/tmp/rs")).cache())
        .isEqualTo(Path.of("/tmp/rs"));
  }

  @Test
  void columnsWinOverStty() {
    assertThat(new TerminalWidth(with(Map.of("COLUMNS", "132")), () -> 0).getAsInt())
        .isEqualTo(132);
    assertThat(TerminalWidth.parsed("24 99\n")).isEqualTo(99);
    assertThat(TerminalWidth.parsed("0 0\n")).isEqualTo(80);
    assertThat(TerminalWidth.parsed("")).isEqualTo(80);
  }

  @Test
  void linesBreakBetweenWords() {
    String text = "β = 0.1 helps by two nats\nandAWordThatIsTooLong fits nowhere";
    Environment terminal =
        new Environment(Map.of("COLUMNS", "12"), Path.of("/"), true, Path.of("/home/ada"));
    assertThat(terminal.wrapped(text))
        .isEqualTo("β = 0.1\nhelps by two\nnats\nandAWordThatIsTooLong\nfits nowhere");
    assertThat(terminal.wrapped("  two rows of words"))
        .as("indented")
        .isEqualTo("  two rows\n  of words");
    assertThat(with(Map.of("COLUMNS", "12")).wrapped(text)).as("no terminal").isEqualTo(text);
  }
}
