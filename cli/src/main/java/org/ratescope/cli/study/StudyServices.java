package org.ratescope.cli.study;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.List;
import org.ratescope.answer.Answer;
import org.ratescope.claim.Claim;
import org.ratescope.claim.ClaimEffects;
import org.ratescope.claim.Claims;
import org.ratescope.claim.ClaimsTable;
import org.ratescope.claim.Verdict;
import org.ratescope.cli.option.DeviceOption;
import org.ratescope.cli.option.TimeBudget;
import org.ratescope.cli.option.WorkersOption;
import org.ratescope.cli.process.GracefulShutdown;
import org.ratescope.cli.process.ProgressListeners;
import org.ratescope.cli.process.TerminalProgress;
import org.ratescope.cli.process.UsageException;
import org.ratescope.dataset.source.ImageLibrary;
import org.ratescope.estimate.Estimators;
import org.ratescope.figure.Figure;
import org.ratescope.page.Report;
import org.ratescope.page.Section;
import org.ratescope.plan.Plan;
import org.ratescope.plan.Planner;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.Prior;
import org.ratescope.sql.Records;
import org.ratescope.study.Suite;
import org.ratescope.sweep.LocalRunner;
import org.ratescope.sweep.PriorFits;
import org.ratescope.sweep.Runner;
import org.ratescope.train.PriorFit;

/** The only class that connects commands with the computing side and the reading side. */
public final class StudyServices {
  private StudyServices() {}

  /**
   * Trains and evaluates the missing runs of a study or a suite, and prints its status. If the
   * process is told to stop, a line says how to resume.
   */
  public static SweepEnd run(
      Suite suite,
      RecordStore store,
      ImageLibrary library,
      WorkersOption workers,
      DeviceOption device,
      ProgressListeners watching)
      throws IOException, InterruptedException {
    int count = device.workers(workers);
    Runner runner = device.applyTo(LocalRunner.of(store, library).workers(count));
    return run(
        suite,
        store,
        device.applyTo(Planner.of(store, count)),
        runner,
        watching,
        TimeBudget.UNLIMITED);
  }

  /**
   * The same with any plan and any runner, which stops when the time budget is used up: cohorts
   * write checkpoints, as after Ctrl-C.
   */
  static SweepEnd run(
      Suite suite,
      RecordStore store,
      Planner planner,
      Runner runner,
      ProgressListeners watching,
      TimeBudget budget)
      throws IOException, InterruptedException {
    TimeBudget.Countdown countdown = budget.start(Thread.currentThread());
    try {
      Plan left =
          interruptibly(watching, () -> runner.complete(suite, planner, watching.progress()));
      return SweepEnd.ofRun(suite, store, left);
    } catch (InterruptedException | IOException e) {
      if (!countdown.hasStopped()) {
        throw e;
      }
      boolean unused = Thread.interrupted(); // the plan below reads files
      return SweepEnd.ofRun(suite, store, planner.plan(suite))
          .saying("the time budget of %s is used up%s".formatted(budget.text(), fault(e)));
    } finally {
      countdown.cancel();
    }
  }

  /** What an interrupt does not explain, for example a full disk. */
  private static String fault(Exception e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof InterruptedException
          || cause instanceof InterruptedIOException
          || cause instanceof ClosedByInterruptException) {
        return "";
      }
    }
    return ", and " + e.getMessage();
  }

  /** Estimates again on the stored weights, and reports the state of the study. */
  public static SweepEnd evaluate(
      Suite suite,
      RecordStore store,
      ImageLibrary library,
      Estimators estimators,
      WorkersOption workers,
      DeviceOption device,
      TerminalProgress progress)
      throws IOException, InterruptedException {
    int count = device.workers(workers);
    Planner planner = device.applyTo(Planner.of(store, count));
    Runner runner =
        device.applyTo(LocalRunner.of(store, library).workers(count).estimators(estimators));
    Plan last =
        interruptibly(
            new ProgressListeners(progress), () -> runner.evaluate(suite, planner, progress));
    return SweepEnd.ofEvaluation(suite, store, last);
  }

  /** The values that are computed with a fitted prior, where no others are requested. */
  private static final List<String> OF_A_PRIOR =
      List.of("distortion", "rate", "elbo", "mutualInformation", "marginalKl", "logMarginal");

  /**
   * Fits a prior to the finished runs of a suite, with the estimators of these names, or of a few
   * if none.
   */
  public static List<PriorFits.Result> fitPriors(
      Suite suite,
      Prior prior,
      List<String> names,
      RecordStore store,
      ImageLibrary library,
      Estimators estimators,
      WorkersOption workers,
      DeviceOption device,
      TerminalProgress progress)
      throws IOException, InterruptedException {
    return new PriorFits(
            store, library, estimators, device.get(), device.workers(workers), PriorFit.UPDATES)
        .run(suite, prior, names.isEmpty() ? OF_A_PRIOR : names, progress::preparing);
  }

  /** Work that a signal may stop. */
  private interface Stoppable {
    Plan run() throws IOException, InterruptedException;
  }

  private static Plan interruptibly(ProgressListeners watching, Stoppable work)
      throws IOException, InterruptedException {
    GracefulShutdown farewell = GracefulShutdown.of(Thread.currentThread(), watching::stop);
    try {
      return work.run();
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage())); // for example an impossible split
    } finally {
      farewell.workHasEnded();
    }
  }

  /** The verdicts on the claims of a suite; a single study has those of its own folder only. */
  private static List<Section> claims(Suite suite, Records records, Path folder)
      throws IOException {
    List<Claim> claims = suite.isSingle() ? Claims.own(folder, suite) : Claims.of(folder, suite);
    List<Verdict> verdicts = Claims.judge(claims, records);
    return verdicts.isEmpty()
        ? List.of()
        : List.of(new Section("claims", "Claims", ClaimsTable.html(verdicts)));
  }

  /** The answer in the records of a study, which are read for it. */
  static Answer answer(Suite suite, RecordStore store) {
    try (Records records = Records.open(suite, store)) {
      return Answer.of(records);
    }
  }

  /** Draws a study's figures and writes its page. */
  public static Report report(Suite suite, RecordStore store, Path ownFigures, Path folder)
      throws IOException {
    Figure.prepare();
    Path ownClaims = ownFigures.resolveSibling("claims");
    try (Records records = Records.open(suite, store)) {
      ClaimEffects.offer(ownClaims, suite, records);
      return Report.write(suite, records, ownFigures, folder, claims(suite, records, ownClaims));
    }
  }
}
