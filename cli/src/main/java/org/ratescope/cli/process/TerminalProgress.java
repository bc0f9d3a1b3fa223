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
import org.ratescope.results.RunRecord;

/**
 * Progress for a person: on a terminal one line that is rewritten in place, five times a second at
 * most; elsewhere plain lines, one for each tenth of the work and one when nothing was said for ten
 * seconds (a fiftieth of the elapsed time, once that is longer).
 */
public final class TerminalProgress implements Progress, AutoCloseable {
  static final int DEFAULT_WIDTH = 80;
  private static final String CLEAR_TO_END = "\u001b[K";

  /** A window that was made narrower since its width was asked for must not wrap the line. */
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
  private @Nullable ScheduledFuture<?> drawing;
  private String stage = "";
  private int tenth;
  private double saidAt;
  private boolean drawn;

  private TerminalProgress(
      PrintWriter out, boolean terminal, IntSupplier width, LongSupplier nanoTime) {
    this.out = out;
    this.raw = EscapingWriter.raw(out);
    this.terminal = terminal;
    this.width = width;
    this.meter = new ProgressMeter(nanoTime);
  }

  /**
   * Progress on {@code out}, drawn by a clock of its own until {@link #close}.
   *
   * @param terminal whether a line can be rewritten in place
   * @param width the terminal's columns, asked for before each drawing
   */
  static TerminalProgress ticking(PrintWriter out, boolean terminal, IntSupplier width) {
    TerminalProgress progress = manual(out, terminal, width, System::nanoTime);
    ScheduledExecutorService clock =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("progress").factory());
    progress.clock = clock;
    progress.drawing =
        clock.scheduleAtFixedRate(progress::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    return progress;
  }

  /** Progress that is drawn only when {@link #tick} is called. */
  static TerminalProgress manual(
      PrintWriter out, boolean terminal, IntSupplier width, LongSupplier nanoTime) {
    return new TerminalProgress(out, terminal, width, nanoTime);
  }

  @Override
  public void accept(ProgressEvent event) {
    meter.accept(event);
    if (event instanceof ProgressEvent.Note(String message)) {
      print(message);
    } else if (event instanceof ProgressEvent.RunRecorded(RunRecord record)) {
      switch (record.outcome()) {
        case Outcome.Failed(int step, String message) ->
            print("run %s failed at step %d: %s".formatted(record.id(), step, message));
        case Outcome.Diverged(int step) ->
            print("run %s diverged at step %d".formatted(record.id(), step));
        case Outcome.Finished finished -> {}
      }
    }
  }

  private synchronized void print(String message) {
    clear();
    out.println(message);
    out.flush();
  }

  /** Draws what has changed, if it is time to. */
  synchronized void tick() {
    ProgressSnapshot now = meter.stage();
    if (now.what().isEmpty()) {
      return;
    }
    if (terminal) {
      String line = ProgressLine.forTerminal(now, Math.max(1, width.getAsInt() - 1));
      raw.print("\r" + NO_WRAP);
      out.print(line);
      raw.print(CLEAR_TO_END + WRAP);
      out.flush();
      drawn = true;
    } else {
      log(now);
    }
  }

  private void log(ProgressSnapshot now) {
    boolean fresh = !now.what().equals(stage);
    int newTenth = (int) Math.floor(10 * now.share());
    double quiet = Math.max(QUIET_SECONDS, QUIET_SHARE * now.elapsedSeconds());
    if (fresh || newTenth > tenth || now.elapsedSeconds() - saidAt >= quiet) {
      out.println(ProgressLine.forLog(now));
      out.flush();
      stage = now.what();
      tenth = newTenth;
      saidAt = now.elapsedSeconds();
    }
  }

  private void clear() {
    if (drawn) {
      raw.print("\r" + CLEAR_TO_END);
      drawn = false;
    }
  }

  /** Stops drawing and removes the line; what was printed above it stays. */
  @Override
  public void close() {
    if (drawing != null && clock != null) {
      drawing.cancel(false);
      clock.shutdown();
    }
    synchronized (this) {
      clear();
      out.flush();
    }
  }
}
