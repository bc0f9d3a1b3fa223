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

/** The listeners to a sweep: the terminal, and the trackers that the options name. */
public final class ProgressListeners implements AutoCloseable {
  /** Event files and MLflow store the time of day. */
  private static final Clock CLOCK = Clock.systemUTC();

  private final TerminalProgress terminal;
  private final List<Progress> listeners = new ArrayList<>();
  private final List<Runnable> closings = new ArrayList<>();

  public ProgressListeners(TerminalProgress terminal) {
    this.terminal = terminal;
    listeners.add(terminal);
  }

  public void serve(String host, int port, Suite suite, RecordStore store, String report) {
    LivePage page = open(host, port, suite, store, report);
    if (page.isPublic()) {
      terminal.note(
          "warning: the live page listens on %s; everybody who can connect can read this study"
              .formatted(host));
    }
    terminal.note("live page: " + page.address());
    listeners.add(page.progress());
    closings.add(page::close);
  }

  private LivePage open(String host, int port, Suite suite, RecordStore store, String report) {
    try {
      return LivePage.open(host, port, suite, store, report, terminal::note);
    } catch (UnknownHostException e) {
      throw new UsageException("--serve-host %s: no such host".formatted(host));
    } catch (BindException e) {
      throw new UsageException(
          "--serve %s: cannot listen on %s: %s (another program may use the port; 0 chooses a free port)"
              .formatted(port, host, e.getMessage()));
    } catch (IOException e) {
      throw new UsageException(
          "--serve %s: cannot listen on %s: %s".formatted(port, host, e.getMessage()));
    }
  }

  public void tensorBoard(Path folder) {
    add(new TensorBoard(folder, CLOCK));
  }

  public void mlflow(URI address, String token, String experiment) {
    add(Mlflow.to(address, token, experiment, CLOCK));
  }

  private void add(Tracker tracker) {
    AsyncTracker async = AsyncTracker.of(tracker, terminal::note);
    listeners.add(async);
    closings.add(async::close);
  }

  /** Passes each event on to all listeners. */
  public Progress progress() {
    return Progress.toAll(listeners);
  }

  /** Ends everything before the sweep has ended. */
  public void stop() {
    terminal.note("stopped: the same command resumes from the last checkpoint");
    close();
    terminal.close();
  }

  /** Lets all trackers finish, for seconds at most. No failure of a tracker ends a sweep. */
  @Override
  public void close() {
    closings.parallelStream().forEach(this::run);
  }

  private void run(Runnable closing) {
    try {
      closing.run();
    } catch (RuntimeException | Error e) {
      terminal.note("while a tracker ended: " + e);
    }
  }
}
