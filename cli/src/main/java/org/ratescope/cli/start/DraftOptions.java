package org.ratescope.cli.start;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.ratescope.cli.option.WorkersOption;
import org.ratescope.cli.process.Environment;
import org.ratescope.cli.process.TerminalProgress;
import org.ratescope.cli.process.UsageException;
import org.ratescope.dataset.source.ImageLibrary;
import picocli.CommandLine.Option;

/** How a first study is sized and written. */
final class DraftOptions {
  private static final int MOST_MINUTES = 10_080; // a week

  private final Environment surroundings;

  @Option(
      names = "--minutes",
      paramLabel = "N",
      description = "The time that the study may take (default: ${DEFAULT-VALUE}).")
  private double minutes = 10;

  DraftOptions(Environment surroundings) {
    this.surroundings = surroundings;
  }

  /** The study file of a name: {@code NAME.yaml} in the current folder, or the path itself. */
  static Path file(String name) {
    Path file = Path.of(name.endsWith(".yaml") ? name : name + ".yaml");
    if (!String.valueOf(file.getFileName()).matches("[A-Za-z0-9_-]{1,64}\\.yaml")) {
      throw new UsageException(
          "got study \"%s\"; expected a name of 1 to 64 letters, digits, '-' and '_'"
              .formatted(name));
    }
    return file;
  }

  /**
   * Writes a study of the images; replaces no file.
   *
   * @return the draft with its predicted time
   */
  StudyDraft.Sized write(
      Path file, ImagesGuess images, ImageLibrary library, WorkersOption workers, PrintWriter err)
      throws IOException, InterruptedException {
    if (!(minutes > 0 && minutes <= MOST_MINUTES)) {
      throw new UsageException(
          "--minutes: got %s; expected a number above 0 and at most %s"
              .formatted(minutes, MOST_MINUTES));
    }
    if (Files.exists(file)) {
      throw new UsageException(
          "%s exists and is not replaced; give another name, or use it: 'ratescope plan %s'"
              .formatted(file, file));
    }
    Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
    int count = StudyDraft.count(images, folder, library); // fails first where files are missing
    StudyDraft.Sized sized;
    try (TerminalProgress progress = surroundings.progress(err)) {
      progress.note("measuring the speed of this machine ...");
      sized = StudyDraft.sized(images, folder, count, library, workers.count(), 60 * minutes);
    }
    String text =
        sized
            .draft()
            .text(StudyDraft.predicted(sized, workers.count()))
            .replaceFirst("(?m)^name: .*", "name: " + name(file));
    Files.createDirectories(folder);
    Files.write(file, text.getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE_NEW);
    return sized;
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName()).replaceFirst("\\.yaml$", "");
  }
}
