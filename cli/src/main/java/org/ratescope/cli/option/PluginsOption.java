package org.ratescope.cli.option;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ratescope.estimate.Estimators;
import picocli.CommandLine.Option;

/** Jars of the user's estimators, architectures and likelihoods. */
public final class PluginsOption {
  @Option(
      names = "--plugins",
      paramLabel = "PATH",
      description =
          "Load estimators, architectures and likelihoods from this jar, or from the jars of this"
              + " folder; may be repeated. Their code runs with all your rights: see"
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

  boolean isGiven() {
    return !paths.isEmpty();
  }
}
