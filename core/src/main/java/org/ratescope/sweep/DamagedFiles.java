package org.ratescope.sweep;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.ratescope.io.AtomicFile;
import org.ratescope.model.WeightsFile;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunId;
import org.ratescope.spec.RunSpec;
import org.ratescope.study.Analysis;
import org.ratescope.study.Detail;
import org.ratescope.study.Evaluation;

/**
 * Renames damaged files, and files of another run, in a results folder before they are replaced: to
 * {@code NAME.damaged-N} in the same folder. It never deletes such a file. For processes that hold
 * the lease on the names.
 */
public final class DamagedFiles {
  private final RecordStore store;
  private final Consumer<String> notes;

  /**
   * For that results folder.
   *
   * @param notes receives a line for each renamed file
   */
  public DamagedFiles(RecordStore store, Consumer<String> notes) {
    this.store = store;
    this.notes = notes;
  }

  /** A check that finds damage. */
  @FunctionalInterface
  public interface Check {
    void run() throws IOException;
  }

  /** Whether a check of a file passed; otherwise the file is renamed. */
  public boolean isWhole(Path file, Check check) throws IOException {
    try {
      check.run();
      return true;
    } catch (IOException e) {
      if (Thread.currentThread().isInterrupted() || isUnopened(e)) {
        throw e; // a file that cannot be opened is not damaged
      }
      Path aside = AtomicFile.setAside(file);
      notes.accept("%s (renamed to %s)".formatted(e.getMessage(), aside.getFileName()));
      return false;
    }
  }

  /**
   * Whether a file could not be opened, for example because of permissions or missing file
   * descriptors.
   */
  private static boolean isUnopened(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof FileSystemException || cause instanceof FileNotFoundException) {
        return true;
      }
    }
    return false;
  }

  /** Checks the record of a run; true if it is undamaged or missing. */
  public boolean record(RunId run) throws IOException {
    return isWhole(store.recordFile(run), () -> store.summary(run));
  }

  /** Checks the weights of a run; true if they are undamaged or missing. */
  public boolean weights(RunSpec run) throws IOException {
    Path file = store.weightsFile(run.id());
    return !Files.exists(file) || isWhole(file, () -> WeightsFile.check(file, run));
  }

  /** Checks the details of a run that an evaluation requests. */
  public void details(RunSpec run, Evaluation evaluation) throws IOException {
    for (Detail detail : evaluation.details()) {
      if (detail.appliesTo(run)) {
        boolean unused =
            isWhole(store.detailFile(detail, run.id()), () -> store.checkDetail(detail, run.id()));
      }
    }
  }

  /** Checks the record of an analysis of the data. */
  public void data(Analysis analysis) throws IOException {
    boolean unused = isWhole(store.dataFile(analysis), () -> store.read(analysis));
  }
}
