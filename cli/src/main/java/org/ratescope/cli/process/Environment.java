package org.ratescope.cli.process;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.IntSupplier;
import java.util.stream.Stream;

/**
 * The environment of the process. It is read once, so that commands are functions of their options.
 *
 * @param environment environment variables
 * @param home the folder of the launcher, with {@code studies/} in it
 * @param terminal whether standard error is a terminal whose lines can be rewritten
 * @param output whether standard output is a terminal, whose lines have a width
 * @param userHome the user's home folder
 */
public record Environment(
    Map<String, String> environment, Path home, boolean terminal, boolean output, Path userHome) {
  private static final String APPLICATION = "ratescope";

  /** The environment of a process whose standard output is a file. */
  public Environment(Map<String, String> environment, Path home, boolean terminal, Path userHome) {
    this(environment, home, terminal, false, userHome);
  }

  /** The environment of this process; the launcher passes values that Java cannot determine. */
  public static Environment ofProcess() {
    Properties properties = System.getProperties();
    return new Environment(
        System.getenv(),
        Path.of(properties.getProperty("ratescope.home", "")),
        Boolean.parseBoolean(properties.getProperty("ratescope.terminal")),
        Boolean.parseBoolean(properties.getProperty("ratescope.output")),
        Path.of(properties.getProperty("user.home", "")));
  }

  /**
   * The cache folder: {@code RATESCOPE_CACHE}, else {@code ratescope} in {@code XDG_CACHE_HOME} (if
   * that is absolute, as the XDG specification asks), else {@code ~/.cache/ratescope}.
   */
  public Path cache() {
    String own = environment.getOrDefault("RATESCOPE_CACHE", "");
    if (!own.isEmpty()) {
      return Path.of(own);
    }
    Path shared = Path.of(environment.getOrDefault("XDG_CACHE_HOME", ""));
    return (shared.isAbsolute() ? shared : userHome.resolve(".cache")).resolve(APPLICATION);
  }

  /** The folder into which native libraries are unpacked. */
  public Path nativeLibraries() {
    return cache().resolve("native").toAbsolutePath();
  }

  /** The folder of named data sets' raw files, for that cache folder. */
  public Path datasets(Path cache) {
    String own = environment.getOrDefault("RATESCOPE_DATA", "");
    return own.isEmpty() ? cache.resolve("datasets") : Path.of(own);
  }

  /** Progress on standard error, as a line or as a log, until it is closed. */
  public TerminalProgress progress(PrintWriter err) {
    return TerminalProgress.ticking(err, terminal, new TerminalWidth(this, System::nanoTime));
  }

  /** The columns of the terminal. */
  public IntSupplier columns() {
    return new TerminalWidth(this, System::nanoTime);
  }

  /** A text in lines that break between words, at the width of the terminal if there is one. */
  public String wrapped(String text) {
    return terminal ? Words.wrapped(text, columns().getAsInt()) : text;
  }

  /** A built-in study file. */
  public Path bundledStudy(String name) {
    return home.resolve("studies").resolve(name + ".yaml");
  }

  /** The names of all built-in studies and suites. */
  public List<String> bundled() {
    try (Stream<Path> entries = Files.list(home.resolve("studies"))) {
      return entries
          .map(entry -> String.valueOf(entry.getFileName()).replaceFirst("\\.yaml$", ""))
          .filter(name -> bundled(name).filter(Environment::isStudy).isPresent())
          .sorted()
          .toList();
    } catch (IOException | UncheckedIOException e) {
      return List.of();
    }
  }

  private static boolean isStudy(Path place) {
    return Files.isRegularFile(place) || Files.exists(place.resolve("suite.yaml"));
  }

  /** A built-in study file or folder of study files, if it exists. */
  public Optional<Path> bundled(String name) {
    Path folder = home.resolve("studies").resolve(name);
    return Stream.of(bundledStudy(name), folder).filter(Files::exists).findFirst();
  }
}
