package org.ratescope.cli.option;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ratescope.cli.process.Environment;
import org.ratescope.cli.process.ProgressListeners;
import org.ratescope.cli.process.TerminalProgress;
import org.ratescope.cli.process.UsageException;
import org.ratescope.results.store.RecordStore;
import org.ratescope.study.Suite;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Options that report the progress of a sweep elsewhere; all are off by default. In help texts they
 * follow those of the command, each after the one that it needs.
 */
public final class TrackingOptions {
  private static final int LARGEST_PORT = 65_535;
  private static final String THIS_MACHINE = "127.0.0.1";

  private final Environment surroundings;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  private @Nullable Integer port;
  private @Nullable URI mlflow;

  @Option(
      names = "--serve-host",
      order = 2,
      paramLabel = "HOST",
      description =
          "Listen on this name or address (default: 127.0.0.1, this machine only). On any other"
              + " address, everybody who can connect can read the page: there is no password.")
  private @Nullable String host;

  @Option(
      names = "--tensorboard",
      order = 3,
      paramLabel = "DIR",
      description = "Write losses and estimates as event files for 'tensorboard --logdir DIR'.")
  private @Nullable Path tensorBoard;

  @Option(
      names = "--mlflow-experiment",
      order = 5,
      paramLabel = "NAME",
      description = "The MLflow experiment (default: the study's name).")
  private @Nullable String experiment;

  public TrackingOptions(Environment surroundings) {
    this.surroundings = surroundings;
  }

  @Option(
      names = "--serve",
      order = 1,
      paramLabel = "PORT",
      description =
          "Serve a live page on this port until the sweep ends: curves, losses, failures, remaining"
              + " time. 0 chooses a free port.")
  void serve(int given) {
    if (given < 0 || given > LARGEST_PORT) {
      throw new ParameterException(
          spec.commandLine(), "--serve: got %s; expected a port from 0 to 65535".formatted(given));
    }
    port = given;
  }

  @Option(
      names = "--mlflow",
      order = 4,
      paramLabel = "URL",
      description =
          "Send losses and estimates to this MLflow tracking server, for example"
              + " http://localhost:5000. Sends MLFLOW_TRACKING_TOKEN too if it is set.")
  void mlflow(String given) {
    if (given.contains("@")) { // the message does not repeat it
      throw new ParameterException(
          spec.commandLine(), "--mlflow must not contain a user name or a password");
    }
    mlflow = address(given);
    if (mlflow == null) {
      throw new ParameterException(
          spec.commandLine(),
          "--mlflow: got \"%s\"; expected an http or https address, for example http://localhost:5000"
              .formatted(given.replaceFirst("[?#].*", "?..."))); // a query may contain a secret
    }
  }

  private static @Nullable URI address(String text) {
    try {
      URI address = new URI(text);
      boolean web = List.of("http", "https").contains(String.valueOf(address.getScheme()));
      boolean plain = address.getRawQuery() == null && address.getRawFragment() == null;
      return web && plain && address.getHost() != null ? address : null;
    } catch (URISyntaxException e) {
      return null;
    }
  }

  /**
   * Starts all requested listeners.
   *
   * @param report where the report is or how to write it, in words
   * @throws UsageException if the live page's port is not available, or an option needs another
   */
  public ProgressListeners open(
      Suite suite, RecordStore store, String report, TerminalProgress terminal) {
    require("--serve-host", host, "--serve", port);
    require("--mlflow-experiment", experiment, "--mlflow", mlflow);
    ProgressListeners watching = new ProgressListeners(terminal);
    if (port != null) {
      watching.serve(host == null ? THIS_MACHINE : host, port, suite, store, report);
    }
    if (tensorBoard != null) {
      watching.tensorBoard(tensorBoard);
    }
    if (mlflow != null) {
      String token = surroundings.environment().getOrDefault("MLFLOW_TRACKING_TOKEN", "");
      try {
        watching.mlflow(mlflow, token, experiment == null ? suite.name() : experiment);
      } catch (IllegalArgumentException e) {
        throw new UsageException("MLFLOW_TRACKING_TOKEN: " + e.getMessage());
      }
    }
    return watching;
  }

  private static void require(
      String name, @Nullable Object value, String other, @Nullable Object needed) {
    if (value != null && needed == null) {
      throw new UsageException("%s has no effect without %s".formatted(name, other));
    }
  }
}
