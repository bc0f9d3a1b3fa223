package org.ratescope.cli.start;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ratescope.cli.option.DeviceOption;
import org.ratescope.cli.option.ImagesOption;
import org.ratescope.cli.option.StudyOptions;
import org.ratescope.cli.option.TrackingOptions;
import org.ratescope.cli.option.WorkersOption;
import org.ratescope.cli.process.Environment;
import org.ratescope.cli.process.ProgressListeners;
import org.ratescope.cli.process.TerminalProgress;
import org.ratescope.cli.process.UsageException;
import org.ratescope.cli.study.ReportCommand;
import org.ratescope.cli.study.StudyServices;
import org.ratescope.cli.study.SweepEnd;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code ask}. */
@Command(
    name = "ask",
    description = {
      "Ask whether the rate term helps on some images: init, run and report in one.",
      "Writes a study file, NAME.yaml, sized for about ten minutes on this machine, trains its runs,"
          + " and writes a report. You can stop at any time; the same command goes on. A study file"
          + " that exists is used as it is."
    },
    footer = {
      "",
      "Examples:",
      "  ratescope ask photos/                   a folder of pictures; sub-folders are classes",
      "  ratescope ask images.npy",
      "  ratescope ask mnist --minutes 60        after 'ratescope data get mnist'"
    })
public final class AskCommand implements Callable<Integer> {
  private final Environment surroundings;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "DATA",
      index = "0",
      description =
          "A folder of pictures, a .npy file, array:FILE.npz,key=NAME, hdf5:FILE,key=NAME, or a"
              + " data set: tetrominoes, mnist, fashion-mnist, smallnorb, 3dshapes, hangul.")
  private String data = "";

  @Parameters(
      paramLabel = "NAME",
      index = "1",
      arity = "0..1",
      description = "The name of the study (default: the name of the images).")
  private @Nullable String name;

  @Mixin private final DraftOptions draft;

  @Option(
      names = "--results",
      paramLabel = "DIR",
      description = "Folder of records, weights and reports (default: results).")
  private @Nullable Path results;

  @Mixin private final WorkersOption workers = new WorkersOption();

  @Mixin private final DeviceOption device = new DeviceOption();

  @Mixin private final ImagesOption images;

  @Mixin private final TrackingOptions watch;

  public AskCommand(Environment surroundings) {
    this.surroundings = surroundings;
    this.draft = new DraftOptions(surroundings);
    this.images = new ImagesOption(surroundings);
    this.watch = new TrackingOptions(surroundings);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    ImagesGuess guess = ImagesGuess.of(data, images.library());
    Path file = DraftOptions.file(name == null ? guess.name() : name);
    StudyOptions options = new StudyOptions(surroundings, file.toString(), null, results);
    String line = study(file, guess, options);
    Suite suite = options.read();
    SweepEnd end = run(suite, options, line);
    ReportCommand.print(
        StudyServices.report(suite, options.store(), options.figureFolder(), options.folder(suite)),
        spec,
        surroundings,
        false);
    return end.codeOfRun(spec.commandLine().getErr());
  }

  /** Writes the study file if there is none; what was done, in words. */
  private String study(Path file, ImagesGuess guess, StudyOptions options)
      throws IOException, InterruptedException {
    if (!Files.exists(file)) {
      StudyDraft.Sized sized =
          draft.write(file, guess, images.library(), workers, spec.commandLine().getErr());
      return "%s: %s".formatted(file, StudyDraft.predicted(sized, workers.count()));
    }
    Path folder = file.toAbsolutePath().resolveSibling("");
    DataSpec asked = guess.spec(folder);
    for (Study study : options.read().studies()) {
      if (!study.data().equals(asked)) {
        throw new UsageException(
            "%s is a study of %s, not of %s; give the study another name: 'ratescope ask %s NAME'"
                .formatted(file, study.data().text(), asked.text(), data));
      }
    }
    return "%s exists and is used as it is".formatted(file);
  }

  private SweepEnd run(Suite suite, StudyOptions options, String line)
      throws IOException, InterruptedException {
    String report = "The report: %s".formatted(options.folder(suite).resolve("report.html"));
    try (TerminalProgress terminal = surroundings.progress(spec.commandLine().getErr())) {
      terminal.note(line);
      SweepEnd end;
      try (ProgressListeners watching = watch.open(suite, options.store(), report, terminal)) {
        end =
            StudyServices.run(suite, options.store(), images.library(), workers, device, watching);
      }
      terminal.note("drawing figures ...");
      return end;
    }
  }
}
