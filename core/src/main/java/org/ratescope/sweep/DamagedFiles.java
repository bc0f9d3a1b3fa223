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
 * Sets aside what is damaged in a results folder, or is not what its name says, before it is made
 * again: such a file is renamed to {@code NAME.damaged-N} beside its place, and never deleted. For
 * processes that hold the lease on what they ask for.
 */
final class DamagedFiles {
  private final RecordStore store;
  private final Consumer<String> notes;

  /**
   * In that results folder.
   *
   * @param notes takes a line for each file that is set aside
   */
  DamagedFiles(RecordStore store, Consumer<String> notes) {
    this.store = store;
    this.notes = notes;
  }

  /** What finds damage. */
  @FunctionalInterface
  public interface Check {
    void run() throws IOException;
  }

  /** Whether a check of a file passed; else the file is set aside. */
  public boolean isWhole(Path file, Check check) throws IOException {
    try {
      check.run();
      return true;
    } catch (IOException e) {
      if (Thread.currentThread().isInterrupted() || isUnopened(e)) {
        throw e; // who could not read has found no damage
      }
      Path aside = AtomicFile.setAside(file);
      notes.accept("%s (renamed to %s)".formatted(e.getMessage(), aside.getFileName()));
      return false;
    }
  }

  /** Whether a file could not be opened, such as for want of rights or of file descriptors. */
  private static boolean isUnopened(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof FileSystemException || cause instanceof FileNotFoundException) {
        return true;
      }
    }
    return false;
  }

  /** A run's record; whether it was whole or is missing. */
  public boolean record(RunId run) throws IOException {
    return isWhole(store.recordFile(run), () -> store.summary(run));
  }

  /** A run's weights; whether they were whole or are missing. */
  public boolean weights(RunSpec run) throws IOException {
    Path file = store.weightsFile(run.id());
    return !Files.exists(file) || isWhole(file, () -> WeightsFile.check(file, run));
  }

  /** Those details of a run that an evaluation asks for. */
  public void details(RunSpec run, Evaluation evaluation) throws IOException {
    for (Detail detail : evaluation.details()) {
      if (detail.appliesTo(run)) {
        boolean unused =
            isWhole(store.detailFile(detail, run.id()), () -> store.checkDetail(detail, run.id()));
      }
    }
  }

  /** The answer to a question about data. */
  public void data(Analysis analysis) throws IOException {
    boolean unused = isWhole(store.dataFile(analysis), () -> store.read(analysis));
  }
}
