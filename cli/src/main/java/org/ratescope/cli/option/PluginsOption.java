package org.ratescope.cli.option;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.ratescope.cli.process.ShellWord;
import org.ratescope.estimate.Estimators;
import picocli.CommandLine.Option;

/** Jars of the user's estimators, architectures, likelihoods and priors. */
public final class PluginsOption {
  @Option(
      names = "--plugins",
      paramLabel = "PATH",
      description =
          "Load estimators, architectures, likelihoods and priors from this jar, or from the jars"
              + " of this folder; may be repeated. Their code runs with all your rights: see"
              + " docs/extending.md.")
  private List<Path> paths = new ArrayList<>();

  private @Nullable Estimators loaded;

  /**
   * The built-in estimators and those of the jars, which are loaded once.
   *
   * @throws IOException if a jar cannot be loaded; the message names it
   */
  public Estimators estimators() throws IOException {
    if (loaded == null) {
      loaded = Estimators.standard().withJars(paths);
    }
    return loaded;
  }

  /** This option as words of a command line, each after a space. */
  String words() {
    return paths.stream()
        .map(path -> " --plugins " + ShellWord.quoted(path.toString()))
        .collect(Collectors.joining());
  }

  boolean isGiven() {
    return !paths.isEmpty();
  }
}
