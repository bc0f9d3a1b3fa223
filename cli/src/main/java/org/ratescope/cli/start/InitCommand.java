package org.ratescope.cli.start;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ratescope.cli.option.ImagesOption;
import org.ratescope.cli.option.WorkersOption;
import org.ratescope.cli.process.Environment;
import org.ratescope.cli.process.ExitCode;
import org.ratescope.cli.process.ShellWord;
import org.ratescope.cli.study.NextCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code init}. */
@Command(
    name = "init",
    description = {
      "Write a study file with comments, as a start.",
      "Measures the speed of this machine for some seconds, and chooses the sizes such that the"
          + " study takes about ten minutes. Replaces no file."
    },
    footer = {
      "",
      "Examples:",
      "  ratescope init                         my-study.yaml, on Tetrominoes",
      "  ratescope init --data photos/          photos.yaml, on the pictures in a folder",
      "  ratescope init digits --data mnist --minutes 60"
    })
public final class InitCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "NAME",
      arity = "0..1",
      description =
          "The name of the study: NAME.yaml is written (default: the name of the images).")
  private @Nullable String name;

  @Option(
      names = "--data",
      paramLabel = "DATA",
      description =
          "A folder of pictures, a .npy file, array:FILE.npz,key=NAME, hdf5:FILE,key=NAME, or a"
              + " data set: tetrominoes, mnist, fashion-mnist, smallnorb, 3dshapes, hangul"
              + " (default: tetrominoes).")
  private @Nullable String data;

  @Mixin private final DraftOptions draft;

  @Mixin private final WorkersOption workers = new WorkersOption();

  private final ImagesOption images; // its --data is the folder of raw files

  public InitCommand(Environment surroundings) {
    this.draft = new DraftOptions(surroundings);
    this.images = new ImagesOption(surroundings);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    ImagesGuess guess = ImagesGuess.of(data == null ? "tetrominoes" : data, images.library());
    String chosen = name != null ? name : data == null ? "my-study" : guess.name();
    Path file = DraftOptions.file(chosen);
    StudyDraft.Sized sized =
        draft.write(file, guess, images.library(), workers, spec.commandLine().getErr());
    PrintWriter out = spec.commandLine().getOut();
    out.println(file + ": " + StudyDraft.predicted(sized, workers.count()));
    String word = ShellWord.quoted(file.toString());
    new NextCommand(
            List.of(
                new NextCommand.Line("plan " + word, "show the cost by split and architecture"),
                new NextCommand.Line("run " + word, "train; you can stop and resume it"),
                new NextCommand.Line("report " + word, "write the results as one page")))
        .print(out);
    return ExitCode.SUCCESS;
  }
}
