package org.ratescope.cli.study;

import java.io.IOException;
import java.nio.file.Path;
import org.ratescope.cli.option.DeviceOption;
import org.ratescope.cli.option.ImagesOption;
import org.ratescope.cli.option.TrackingOptions;
import org.ratescope.cli.option.WorkersOption;
import org.ratescope.cli.process.Environment;
import org.ratescope.cli.process.ProgressListeners;
import org.ratescope.cli.process.TerminalProgress;
import org.ratescope.dataset.source.ImageLibrary;
import org.ratescope.results.store.RecordStore;
import org.ratescope.study.Suite;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Trains a suite and writes its report: what {@code ask}, {@code paper} and {@code quickstart}
 * share.
 */
public final class ReportedSweep {
  private final Environment surroundings;

  @Mixin private final WorkersOption workers = new WorkersOption();

  @Mixin private final DeviceOption device = new DeviceOption();

  @Mixin private final ImagesOption images;

  @Mixin private final TrackingOptions watch;

  public ReportedSweep(Environment surroundings) {
    this.surroundings = surroundings;
    this.images = new ImagesOption(surroundings);
    this.watch = new TrackingOptions(surroundings);
  }

  /** The number of cohorts computed at the same time. */
  public WorkersOption workers() {
    return workers;
  }

  /** The access to all images. */
  public ImageLibrary library() {
    return images.library();
  }

  /**
   * Does both.
   *
   * @param figures the folder of the user's figures
   * @param folder the folder of the report
   * @param note the first line of the progress
   * @return the exit code
   */
  public int call(
      Suite suite, RecordStore store, Path figures, Path folder, String note, CommandSpec spec)
      throws IOException, InterruptedException {
    SweepEnd end = run(suite, store, folder, note, spec);
    ReportCommand.print(
        StudyServices.report(suite, store, figures, folder), spec, surroundings, false);
    return end.codeOfRun(spec.commandLine().getErr());
  }

  private SweepEnd run(Suite suite, RecordStore store, Path folder, String note, CommandSpec spec)
      throws IOException, InterruptedException {
    String report = "The report: %s".formatted(folder.resolve("report.html"));
    try (TerminalProgress terminal = surroundings.progress(spec.commandLine().getErr())) {
      terminal.note(note);
      SweepEnd end;
      try (ProgressListeners watching = watch.open(suite, store, report, terminal)) {
        end = StudyServices.run(suite, store, images.library(), workers, device, watching);
      }
      terminal.note("drawing figures ...");
      return end;
    }
  }
}
