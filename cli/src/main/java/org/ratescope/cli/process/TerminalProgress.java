package org.ratescope.cli.process;

import java.io.PrintWriter;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.ratescope.progress.Progress;
import org.ratescope.progress.ProgressEvent;
import org.ratescope.progress.ProgressMeter;
import org.ratescope.progress.ProgressSnapshot;
import org.ratescope.results.Outcome;

/**
 * Progress for a person. On a terminal: one line that is rewritten in place, five times a second at
 * most. Elsewhere: a line for each tenth of the work, and one after ten seconds without a line (a
 * fiftieth of the elapsed time, once that is longer).
 */
public final class TerminalProgress implements Progress, AutoCloseable {
  private static final String CLEAR_TO_END = "\u001b[K";

  /** Terminals do not wrap the line when a person makes the window narrower. */
  private static final String NO_WRAP = "\u001b[?7l";

  private static final String WRAP = "\u001b[?7h";
  private static final long TICK_MILLIS = 200;
  private static final double QUIET_SECONDS = 10;
  private static final double QUIET_SHARE = 0.02;

  private final PrintWriter out;
  private final PrintWriter raw; // for control characters
  private final boolean terminal;
  private final IntSupplier width;
  private final ProgressMeter meter;
  private @Nullable ScheduledExecutorService clock;
  private String stage = "";
  private int tenth;
  private double loggedAt;
  private boolean drawn;

  /**
   * Progress that is drawn when {@link #tick} is called.
   *
   * @param terminal whether a line can be rewritten in place
   * @param width the terminal's columns, read before each drawing
   */
  TerminalProgress(PrintWriter out, boolean terminal, IntSupplier width, LongSupplier nanoTime) {
    this.out = out;
    this.raw = EscapingWriter.raw(out);
    this.terminal = terminal;
    this.width = width;
    this.meter = new ProgressMeter(nanoTime);
  }

  /** Progress that a thread of its own draws until {@link #close}. */
  static TerminalProgress ticking(PrintWriter out, boolean terminal, IntSupplier width) {
    TerminalProgress progress = new TerminalProgress(out, terminal, width, System::nanoTime);
    ScheduledExecutorService clock =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("progress").factory());
    progress.clock = clock;
    ScheduledFuture<?> unused =
        clock.scheduleAtFixedRate(progress::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    return progress;
  }

  @Override
  public void accept(ProgressEvent event) {
    meter.accept(event);
    if (event instanceof ProgressEvent.Note note) {
      print(note.message());
    } else if (event instanceof ProgressEvent.RunRecorded runRecorded) {
      switch (runRecorded.record().outcome()) {
        case Outcome.Failed failed ->
            print(
                "run %s failed at step %s: %s"
                    .formatted(runRecorded.record().id(), failed.step(), failed.message()));
        case Outcome.Diverged diverged ->
            print(
                "run %s diverged at step %s".formatted(runRecorded.record().id(), diverged.step()));
        case Outcome.Finished finished -> {}
      }
    }
  }

  private synchronized void print(String message) {
    clear();
    out.println(message);
    out.flush();
  }

  /** Prints something on another stream of the same terminal, above the line that is drawn. */
  public synchronized void above(Runnable printing, PrintWriter stream) {
    clear();
    out.flush();
    printing.run();
    stream.flush();
  }

  /** Draws what has changed, if it is time to. */
  synchronized void tick() {
    ProgressSnapshot now = meter.stage();
    if (now.what().isEmpty()) {
      return;
    }
    if (terminal) {
      raw.print("\r" + NO_WRAP);
      out.print(ProgressLine.forTerminal(now, Math.max(1, width.getAsInt() - 1)));
      raw.print(CLEAR_TO_END + WRAP);
      drawn = true;
    } else if (isWorthALine(now)) {
      out.println(ProgressLine.forLog(now));
      stage = now.what();
      tenth = tenth(now);
      loggedAt = now.elapsedSeconds();
    }
    out.flush();
  }

  private boolean isWorthALine(ProgressSnapshot now) {
    double quiet = Math.max(QUIET_SECONDS, QUIET_SHARE * now.elapsedSeconds());
    return !now.what().equals(stage)
        || tenth(now) > tenth
        || now.elapsedSeconds() - loggedAt >= quiet;
  }

  private static int tenth(ProgressSnapshot now) {
    return (int) Math.floor(10 * now.share());
  }

  private void clear() {
    if (drawn) {
      raw.print("\r" + CLEAR_TO_END);
      drawn = false;
    }
  }

  /** Stops drawing and removes the line; the lines above it stay. */
  @Override
  public void close() {
    if (clock != null) {
      clock.shutdown(); // the periodic drawing ends with it
    }
    synchronized (this) {
      clear();
      out.flush();
    }
  }
}
