package org.ratescope.cli.process;

import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.ratescope.live.LivePage;
import org.ratescope.progress.AsyncTracker;
import org.ratescope.progress.Mlflow;
import org.ratescope.progress.Progress;
import org.ratescope.progress.TensorBoard;
import org.ratescope.progress.Tracker;
import org.ratescope.results.store.RecordStore;
import org.ratescope.study.Suite;

/** All who are told how a sweep goes: the terminal, and whoever the options name. */
public final class ProgressListeners implements AutoCloseable {
  /** Event files and MLflow want to know the time of day. */
  private static final Clock CLOCK = Clock.systemUTC();

  private final TerminalProgress terminal;
  private final List<Progress> listeners = new ArrayList<>();
  private final List<Runnable> farewells = new ArrayList<>();

  public ProgressListeners(TerminalProgress terminal) {
    this.terminal = terminal;
    listeners.add(terminal);
  }

  public void serve(String host, int port, Suite suite, RecordStore store, String report) {
    LivePage page = open(host, port, suite, store, report);
    if (page.isPublic()) {
      terminal.note(
          "warning: the live page listens on %s, and whoever reaches it can watch this study"
              .formatted(host));
    }
    terminal.note("live page: " + page.address());
    listeners.add(page.progress());
    farewells.add(page::close);
  }

  private LivePage open(String host, int port, Suite suite, RecordStore store, String report) {
    try {
      return LivePage.open(host, port, suite, store, report, terminal::note);
    } catch (UnknownHostException e) {
      throw new UsageException("--serve-host %s: no such host".formatted(host));
    } catch (BindException e) {
      throw new UsageException(
          "--serve %s: cannot listen on %s: %s (another program may have the port; 0 takes a free one)"
              .formatted(port, host, e.getMessage()));
    } catch (IOException e) {
      throw new UsageException(
          "--serve %s: cannot listen on %s: %s".formatted(port, host, e.getMessage()));
    }
  }

  public void tensorBoard(Path folder) {
    aside(new TensorBoard(folder, CLOCK));
  }

  public void mlflow(URI address, String token, String experiment) {
    aside(Mlflow.to(address, token, experiment, CLOCK));
  }

  private void aside(Tracker sink) {
    AsyncTracker aside = AsyncTracker.of(sink, terminal::note);
    listeners.add(aside);
    farewells.add(aside::close);
  }

  /** Tells all. */
  public Progress progress() {
    return Progress.toAll(listeners);
  }

  /** The process ends before its time. */
  public void stop() {
    terminal.note("stopped: the same command goes on from the last checkpoint");
    close();
    terminal.close();
  }

  /**
   * Lets everyone but the terminal finish, for seconds at most. Nothing that fails ends a sweep.
   */
  @Override
  public void close() {
    farewells.parallelStream().forEach(this::run);
  }

  private void run(Runnable farewell) {
    try {
      farewell.run();
    } catch (RuntimeException | Error e) {
      terminal.note("at the end of watching: " + e);
    }
  }
}
