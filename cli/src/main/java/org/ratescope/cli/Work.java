package org.ratescope.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.ratescope.figure.Records;
import org.ratescope.record.RecordStore;
import org.ratescope.report.Report;
import org.ratescope.run.LocalRunner;
import org.ratescope.run.Plan;
import org.ratescope.run.Planner;
import org.ratescope.source.ImageLibrary;
import org.ratescope.study.Study;

/** The one place where commands meet the computing half and the reading half. */
final class Work {
  private Work() {}

  /**
   * Does what a study lacks, and tells what has become of it. When the process is told to stop, a
   * line says how to go on.
   */
  static Status run(
      Study study, RecordStore store, ImageLibrary library, int workers, TerminalProgress progress)
      throws IOException, InterruptedException {
    return carryOut(Planner.of(store, workers).plan(study), store, library, workers, progress);
  }

  /** Estimates again on kept weights, and tells what has become of the study. */
  static Status evaluate(
      Study study, RecordStore store, ImageLibrary library, int workers, TerminalProgress progress)
      throws IOException, InterruptedException {
    return carryOut(
        Planner.of(store, workers).evaluation(study), store, library, workers, progress);
  }

  private static Status carryOut(
      Plan plan, RecordStore store, ImageLibrary library, int workers, TerminalProgress progress)
      throws IOException, InterruptedException {
    Thread farewell = new Thread(() -> sayGoodbye(progress));
    Runtime.getRuntime().addShutdownHook(farewell);
    try {
      int unused = LocalRunner.of(store, library).workers(workers).run(plan, progress);
    } catch (IllegalArgumentException e) {
      Runtime.getRuntime().removeShutdownHook(farewell);
      throw new WrongCall(String.valueOf(e.getMessage())); // such as an impossible split
    }
    Runtime.getRuntime().removeShutdownHook(farewell);
    return Status.of(plan.study(), store);
  }

  private static void sayGoodbye(TerminalProgress progress) {
    progress.note("stopped: the same command goes on from the last checkpoint");
    progress.close();
  }

  /** Draws a study's figures and writes its page. */
  static Report report(Study study, RecordStore store, Path ownFigures, Path folder)
      throws IOException {
    try (Records records = Records.open(study, store)) {
      return Report.write(study, records, ownFigures, folder);
    }
  }
}
