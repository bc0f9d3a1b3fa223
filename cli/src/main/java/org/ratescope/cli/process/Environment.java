package org.ratescope.cli.process;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * What the process finds around it. Read once, so that commands are functions of their options.
 *
 * @param environment environment variables
 * @param home where the launcher stands, with {@code studies/} beside it
 * @param terminal whether standard error is a terminal whose lines can be rewritten
 * @param userHome the person's home folder
 */
public record Environment(
    Map<String, String> environment, Path home, boolean terminal, Path userHome) {
  private static final String APPLICATION = "ratescope";

  /** Those of this process; the launcher tells what Java cannot find out by itself. */
  public static Environment ofProcess() {
    Properties properties = System.getProperties();
    return new Environment(
        System.getenv(),
        Path.of(properties.getProperty("ratescope.home", "")),
        Boolean.parseBoolean(properties.getProperty("ratescope.terminal")),
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

  /** The folder that native libraries are unpacked to. */
  public Path nativeLibraries() {
    return cache().resolve("native").toAbsolutePath();
  }

  /** The folder of named data sets' raw files, if the cache is there. */
  public Path datasets(Path cache) {
    String own = environment.getOrDefault("RATESCOPE_DATA", "");
    return own.isEmpty() ? cache.resolve("datasets") : Path.of(own);
  }

  /** Progress on standard error, as a line or as a log, until it is closed. */
  public TerminalProgress progress(PrintWriter err) {
    return TerminalProgress.ticking(err, terminal, new TerminalWidth(this, System::nanoTime));
  }

  /** A study file that comes with Ratescope. */
  public Path bundledStudy(String name) {
    return home.resolve("studies").resolve(name + ".yaml");
  }

  /** A study file or a folder of study files that comes with Ratescope, if there is one. */
  public Optional<Path> bundled(String name) {
    Path folder = home.resolve("studies").resolve(name);
    return Stream.of(bundledStudy(name), folder).filter(Files::exists).findFirst();
  }
}
