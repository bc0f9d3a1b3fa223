package org.ratescope.cli.start;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ratescope.cli.option.StudyOptions;
import org.ratescope.cli.process.Environment;
import org.ratescope.cli.process.ShellWord;
import org.ratescope.cli.process.UsageException;
import org.ratescope.cli.study.ReportedSweep;
import org.ratescope.spec.data.CustomImages;
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
          + " and writes a report. You can stop at any time; the same command resumes. A study file"
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

  @Mixin private final ReportedSweep sweep;

  public AskCommand(Environment surroundings) {
    this.surroundings = surroundings;
    this.draft = new DraftOptions(surroundings);
    this.sweep = new ReportedSweep(surroundings);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    ImagesGuess guess = ImagesGuess.of(data, sweep.library());
    Path file = DraftOptions.file(name == null ? guess.name() : name);
    StudyOptions options = new StudyOptions(surroundings, file.toString(), null, results);
    String line = study(file, guess, options);
    Suite suite = options.read();
    return sweep.call(
        suite, options.store(), options.figureFolder(), options.folder(suite), line, spec);
  }

  /** Writes the study file if there is none; what was done, in words. */
  private String study(Path file, ImagesGuess guess, StudyOptions options)
      throws IOException, InterruptedException {
    if (!Files.exists(file)) {
      StudyDraft.Sized sized =
          draft.write(file, guess, sweep.library(), sweep.workers(), spec.commandLine().getErr());
      return "%s: %s".formatted(file, StudyDraft.predicted(sized, sweep.workers().count()));
    }
    DataSpec asked = guess.spec(file.toAbsolutePath().resolveSibling(""));
    for (Study study : options.read().studies()) {
      if (!origin(study.data()).equals(origin(asked))) {
        // records know images by their name, so namesakes cannot share a results folder
        String apart = study.data().name().equals(asked.name()) ? " --results DIR" : "";
        throw new UsageException(
            "%s is a study of %s, not of %s; give the study another name: 'ratescope ask %s NAME%s'"
                .formatted(
                    file, origin(study.data()), origin(asked), ShellWord.quoted(data), apart));
      }
    }
    return "%s exists and is used as it is".formatted(file);
  }

  /** Where images come from, whatever their size and colour: a file or folder, or a named set. */
  private static String origin(DataSpec data) {
    return data instanceof CustomImages own
        ? own.kind().text()
            + Suite.place(own).map(place -> ":" + place).orElse("")
            + own.contents().key().map(key -> ",key=" + key).orElse("")
        : data.name();
  }
}
