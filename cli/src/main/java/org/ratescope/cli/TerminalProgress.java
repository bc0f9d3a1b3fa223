package org.ratescope.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.ratescope.plan.Plan;
import org.ratescope.record.Outcome;
import org.ratescope.record.RunRecord;
import org.ratescope.run.Progress;
import org.ratescope.study.RunSpec;
import org.ratescope.track.ProgressMeter;
import org.ratescope.track.Stage;

/**
 * Progress for a person: on a terminal one line that is rewritten in place, five times a second at
 * most; elsewhere plain lines, one for each tenth of the work and one when nothing was said for ten
 * seconds (a fiftieth of the elapsed time, once that is longer).
 */
final class TerminalProgress implements Progress, AutoCloseable {
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
  public void preparing(String what, long done, long total) {
    meter.preparing(what, done, total);
  }

  /** Bytes that come or are read; those of the first call of a {@code what} were there before. */
  void transferring(String what, long bytes, long total) {
    meter.transferring(what, bytes, total);
  }

  @Override
  public void begin(Plan plan) {
    meter.begin(plan);
  }

  @Override
  public void started(List<RunSpec> runs) {
    meter.started(runs);
  }

  @Override
  public void resumed(long modelSteps) {
    meter.resumed(modelSteps);
  }

  @Override
  public void advanced(long modelSteps) {
    meter.advanced(modelSteps);
  }

  @Override
  public void recorded(RunRecord record) {
    meter.recorded(record);
    if (record.outcome() instanceof Outcome.Failed failed) {
      note("run %s failed at step %s: %s".formatted(record.id(), failed.step(), failed.message()));
    }
    if (record.outcome() instanceof Outcome.Diverged diverged) {
      note("run %s diverged at step %s".formatted(record.id(), diverged.step()));
    }
  }

  @Override
  public synchronized void note(String message) {
    clear();
    out.println(message);
    out.flush();
  }

  /** Draws what has changed, if it is time to. */
  synchronized void tick() {
    Stage now = meter.stage();
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

  private void log(Stage now) {
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
