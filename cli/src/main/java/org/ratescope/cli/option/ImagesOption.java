package org.ratescope.cli.option;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ratescope.cli.process.Environment;
import org.ratescope.cli.process.TerminalProgress;
import org.ratescope.dataset.ImageSet;
import org.ratescope.dataset.ImageSource;
import org.ratescope.dataset.source.ImageLibrary;
import org.ratescope.plan.DataComparison;
import org.ratescope.plan.DataComparison.Answer;
import org.ratescope.plan.DataComparison.Answer.Kind;
import org.ratescope.results.store.RecordStore;
import org.ratescope.results.store.RunSummaries;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.study.Suite;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The folders of data sets: raw files, and the images built from them. */
public final class ImagesOption {
  private final Environment surroundings;

  @Option(
      names = "--cache",
      paramLabel = "DIR",
      description =
          "Folder for the images of data sets (default: RATESCOPE_CACHE, else ratescope in"
              + " XDG_CACHE_HOME, else ~/.cache/ratescope).")
  private @Nullable Path cache;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Folder with a folder of raw files for each named data set (default: RATESCOPE_DATA, else"
              + " datasets in the cache folder).")
  private @Nullable Path datasets;

  @Mixin private final CatalogueOption catalogue = new CatalogueOption();

  public ImagesOption(Environment surroundings) {
    this.surroundings = surroundings;
  }

  Path folder() {
    return cache == null ? surroundings.cache() : cache;
  }

  /** The data folder: raw files of each data set in its own folder. */
  public Path datasets() {
    return datasets == null ? surroundings.datasets(folder()) : datasets;
  }

  /** The access to all images. */
  public ImageLibrary library() {
    return ImageLibrary.at(folder()).datasets(datasets()).catalogue(catalogue.file());
  }

  /**
   * Prints which records of a suite belong to data other than the current data, and which were not
   * compared.
   *
   * @return whether none belongs to other data
   */
  public boolean compare(Suite suite, RecordStore store, PrintWriter err) {
    return compare(suite, store, store.summaries(suite.runs()), err);
  }

  /** The same if the heads of the records have been read. */
  public boolean compare(Suite suite, RecordStore store, RunSummaries records, PrintWriter err) {
    List<Answer> answers = DataComparison.of(suite, store, library(), records).answers();
    answers.forEach(answer -> err.println("warning: " + answer.sentence()));
    err.flush();
    return answers.stream().noneMatch(answer -> answer.kind() == Kind.OTHER);
  }

  /**
   * The same for a command that makes no sense with records of other data.
   *
   * @throws IOException if there are such records
   */
  public void requireSame(Suite suite, RecordStore store, PrintWriter err) throws IOException {
    if (!compare(suite, store, err)) {
      throw new IOException("refused, since the records belong to other data");
    }
  }

  /** The images of a data set, built first if necessary, with a message on {@code err}. */
  public ImageSet open(DataSpec data, PrintWriter err) throws IOException {
    try (TerminalProgress progress = surroundings.progress(err)) {
      ImageSet images = library().open(data, progress::preparing);
      Optional.ofNullable(images.source().notes().get(ImageSource.SKIPPED))
          .ifPresent(skipped -> err.println("files skipped: " + skipped));
      return images;
    }
  }
}
