package org.ratescope.cli.option;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.ratescope.cli.process.HumanTime;
import org.ratescope.spec.text.Wording;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The time after which a command that trains stops, as after Ctrl-C. */
public final class TimeBudget {
  /** No end. */
  public static final TimeBudget UNLIMITED = new TimeBudget();

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  private String text = "";
  private long seconds;

  @Option(
      names = "--time-budget",
      paramLabel = "TIME",
      description =
          "Stop after this time, for example 30m, 2h or 1h30m; unfinished runs keep a checkpoint,"
              + " and the same command resumes there.")
  void set(String given) {
    seconds =
        HumanTime.parse(given)
            .orElseThrow(
                () ->
                    new ParameterException(
                        spec.commandLine(),
                        "--time-budget: "
                            + Wording.unexpected(given, "a time such as 90s, 30m, 2h or 1h30m")));
    text = given;
  }

  /** The time as the user gave it. */
  public String text() {
    return text;
  }

  /** Starts the time, after which the thread is interrupted. */
  public Countdown start(Thread working) {
    return new Countdown(working, seconds);
  }

  /** A running time budget. */
  public static final class Countdown {
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final ScheduledExecutorService clock =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("time-budget").factory());

    private Countdown(Thread working, long seconds) {
      if (seconds > 0) {
        ScheduledFuture<?> unused =
            clock.schedule(
                () -> {
                  stopped.set(true);
                  working.interrupt();
                },
                seconds,
                TimeUnit.SECONDS);
      }
    }

    /** Whether the time is used up. */
    public boolean hasStopped() {
      return stopped.get();
    }

    /** Ends the countdown, and clears an interrupt that came too late to stop anything. */
    public void cancel() {
      clock.shutdownNow();
      if (hasStopped()) {
        boolean unused = Thread.interrupted();
      }
    }
  }
}
