package org.ratescope.cli.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ratescope.analysis.DataDescription;
import org.ratescope.cli.option.ImagesOption;
import org.ratescope.cli.process.Environment;
import org.ratescope.cli.process.ExitCode;
import org.ratescope.cli.process.TerminalProgress;
import org.ratescope.cli.process.UsageException;
import org.ratescope.dataset.ImageSet;
import org.ratescope.estimate.detail.SplitDifficulty;
import org.ratescope.spec.data.DataSpec;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code data describe}. */
@Command(
    name = "describe",
    description = {
      "Describe the training set and the test set of a data set under a split.",
      "Prints sizes, values of the factors or counts of the classes, and checksums of the labels."
          + " With these you can check that two machines have the same data."
    },
    footer = {
      "",
      "Examples:",
      "  ratescope data describe tetrominoes --split cv:0.1 --json",
      "  ratescope data describe tetrominoes:preset=paper-text --split checkerboard --images",
      "  ratescope data describe tetrominoes:resolution=16 --split cd:0.1 --picture near.png"
    })
final class DataDescribeCommand implements Callable<Integer> {
  private final Environment surroundings;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DATA", description = "The data set, for example tetrominoes.")
  private DataSpec data;

  @Mixin private final SplitOption split = new SplitOption();

  @Option(
      names = "--images",
      description = "Describe the images too; builds them first if necessary.")
  private boolean withImages;

  @Option(
      names = "--difficulty",
      description =
          "Print the distances of test images (at most 2,000, drawn at random) to their nearest"
              + " training images, and how many of them are also training images.")
  private boolean withDifficulty;

  @Option(
      names = "--picture",
      paramLabel = "FILE",
      description =
          "Draw pairs of test images and nearest training images, and a histogram of the distances,"
              + " as a PNG file; implies --difficulty.")
  private @Nullable Path picture;

  @Option(names = "--json", description = "Print a JSON object.")
  private boolean json;

  @Mixin private final ImagesOption images;

  DataDescribeCommand(Environment surroundings) {
    this.surroundings = surroundings;
    this.images = new ImagesOption(surroundings);
  }

  @Override
  public Integer call() throws IOException {
    Optional<SplitDifficulty> difficulty = Optional.empty();
    DataDescription description;
    try {
      if (withImages || withDifficulty || picture != null) {
        ImageSet set = images.open(data, spec.commandLine().getErr());
        description =
            withImages
                ? DataDescription.ofImages(set, split.split())
                : DataDescription.ofLabels(set.source(), split.split());
        difficulty = withDifficulty || picture != null ? Optional.of(search(set)) : difficulty;
      } else {
        description = DataDescription.ofLabels(images.library().source(data), split.split());
      }
    } catch (IllegalArgumentException e) {
      throw new UsageException("split " + split.split().text() + ": " + e.getMessage());
    }
    DescriptionText.print(spec.commandLine().getOut(), description, difficulty, json);
    difficulty
        .flatMap(DescriptionText::warning)
        .ifPresent(warning -> spec.commandLine().getErr().println(warning));
    return ExitCode.SUCCESS;
  }

  private SplitDifficulty search(ImageSet set) throws IOException {
    try (TerminalProgress progress = surroundings.progress(spec.commandLine().getErr())) {
      SplitDifficulty difficulty =
          SplitDifficulty.of(set, split.split(), SplitDifficulty.SEARCHED, progress::preparing);
      if (picture != null) {
        progress.preparing("drawing " + picture, 0, 1);
        DifficultyPicture.write(set, split.split(), difficulty, picture);
      }
      return difficulty;
    }
  }
}
