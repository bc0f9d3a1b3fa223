package org.ratescope.record;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.ratescope.file.WholeFile;
import org.ratescope.study.RunId;

/**
 * A results folder: one record per run under {@code records/}, its weights under {@code weights/},
 * when it was computed under {@code timings/}, and unfinished cohorts under {@code checkpoints/}.
 * Several studies may share one folder, since a run's file is named by its id.
 */
public final class RecordStore {
  private final Path root;

  private RecordStore(Path root) {
    this.root = root;
  }

  /** The store in that folder, which is created when something is first written. */
  public static RecordStore at(Path root) {
    return new RecordStore(root);
  }

  /** The results folder. */
  public Path root() {
    return root;
  }

  /** The file of a run's record. */
  public Path recordFile(RunId id) {
    return root.resolve("records").resolve(id.hex() + ".json");
  }

  /** The file of a run's trained weights, in safetensors form. */
  public Path weightsFile(RunId id) {
    return root.resolve("weights").resolve(id.hex() + ".safetensors");
  }

  /**
   * The file that says when and how fast a run was computed. It is kept apart, so that a record has
   * no clock in it.
   */
  public Path timingFile(RunId id) {
    return root.resolve("timings").resolve(id.hex() + ".json");
  }

  /** The folder of unfinished cohorts. */
  public Path checkpoints() {
    return root.resolve("checkpoints");
  }

  /**
   * The record of a run, or nothing when there is none.
   *
   * @throws IOException if there is a file that cannot be read as a record, naming it
   */
  public Optional<RunRecord> read(RunId id) throws IOException {
    Path file = recordFile(id);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(RecordJson.read(Files.readString(file)));
    } catch (IOException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /** Writes a record whole: a reader sees the old file or the new one, never a part. */
  public void write(RunRecord record) throws IOException {
    WholeFile.write(
        recordFile(record.id()), RecordJson.write(record).getBytes(StandardCharsets.UTF_8));
  }
}
