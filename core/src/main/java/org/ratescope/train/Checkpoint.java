package org.ratescope.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;
import org.ratescope.dataset.format.FormatException;
import org.ratescope.io.AtomicFile;
import org.ratescope.model.ParameterLayout;
import org.ratescope.model.Parameters;
import org.ratescope.model.Safetensors;
import org.ratescope.model.safetensors.FileChecksum;
import org.ratescope.model.safetensors.FloatType;
import org.ratescope.model.safetensors.SafetensorsFile;
import org.ratescope.model.safetensors.StoredTensor;
import org.ratescope.spec.RunId;
import org.ratescope.tensor.Device;

/**
 * The file that keeps a cohort's training state, written whole at intervals of wall-clock time.
 * When it is written has no influence on the result: a resumed cohort ends with the bits of an
 * uninterrupted one.
 */
public final class Checkpoint {
  private static final String PROGRESS = "progress";
  private static final String SUFFIX = ".safetensors";
  private static final int SHARE = 20;

  private final Path file;
  private final Cohort cohort;
  private final long intervalNanos;
  private long writtenAt;
  private long writing; // how long it took last

  private Checkpoint(Path file, Cohort cohort, Duration interval) {
    this.file = file;
    this.cohort = cohort;
    this.intervalNanos = interval.toNanos();
    this.writtenAt = System.nanoTime();
  }

  /** The checkpoint of that cohort in that folder. */
  public static Checkpoint of(Path folder, Cohort cohort, Duration interval) {
    return new Checkpoint(folder.resolve(cohort.id().hex() + SUFFIX), cohort, interval);
  }

  /**
   * Whether the interval has passed since the last write, and {@value #SHARE} times as long as that
   * took: the state of hundreds of models on a GPU is tens of gigabytes.
   */
  boolean isDue() {
    return System.nanoTime() - writtenAt >= Math.max(intervalNanos, SHARE * writing);
  }

  /**
   * Writes the state whole, in place of an older one.
   *
   * @throws IOException if it cannot be written, or the folder that holds all results is gone
   */
  public void write(TrainingState state) throws IOException {
    requireResults();
    long start = System.nanoTime();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    state.parts().forEach((name, part) -> tensors.put(name, part.rows()));
    Map<String, String> metadata = Map.of(PROGRESS, ProgressText.of(state, cohort));
    Safetensors.write(file, new Safetensors.Content(tensors, metadata));
    writtenAt = System.nanoTime();
    writing = writtenAt - start;
  }

  /** No folder is made anew under the name of one that was renamed while a sweep ran. */
  private void requireResults() throws IOException {
    Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
    Path results = folder.getParent();
    if (results != null && !Files.isDirectory(results)) {
      throw new IOException(
          results
              + ": the results folder is gone, it was renamed or removed while runs were trained;"
              + " the same call with its new name resumes from the last checkpoint");
    }
  }

  /**
   * The state that was written last, or nothing when there is none.
   *
   * @param device where it is from now on, wherever it was written
   * @throws FormatException if the file is damaged, is that of another cohort or was written by
   *     another version, saying which
   * @throws IOException if it cannot be read
   */
  public Optional<TrainingState> read(Device device) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try (SafetensorsFile in = SafetensorsFile.open(file)) {
      ProgressText progress = ProgressText.parse(in.metadata().getOrDefault(PROGRESS, "{}"));
      progress.requireCohort(cohort);
      requireParts(in);
      FormatException.require(
          in.metadata().keySet().equals(Set.of(PROGRESS, FileChecksum.KEY)),
          in.where(),
          "its metadata has other keys than this version writes");
      in.requireChecksum();
      TrainingState state = TrainingState.empty(cohort, device);
      for (Map.Entry<String, Parameters> part : state.parts().entrySet()) {
        StoredTensor stored = Objects.requireNonNull(in.tensors().get(part.getKey()));
        Safetensors.read(in, stored, part.getValue().rows());
      }
      progress.restore(state);
      return Optional.of(state);
    } catch (IllegalArgumentException e) {
      throw new FormatException(file.toString(), String.valueOf(e.getMessage()), e);
    }
  }

  /** The tensors must be those of this cohort, before memory is asked for. */
  private void requireParts(SafetensorsFile in) throws FormatException {
    FloatType type =
        switch (cohort.first().training().precision()) {
          case FLOAT32 -> FloatType.F32;
          case FLOAT64 -> FloatType.F64;
        };
    List<Long> shape = List.of((long) cohort.size(), ParameterLayout.of(cohort.first()).size());
    FormatException.require(
        in.tensors().keySet().equals(TrainingState.partNames(cohort)),
        in.where(),
        "its tensors have other names than %s".formatted(TrainingState.partNames(cohort)));
    for (StoredTensor tensor : in.tensors().values()) {
      FormatException.require(
          tensor.type() == type && tensor.shape().equals(shape),
          in.where(),
          "tensor %s is %s of shape %s; expected %s of shape %s"
              .formatted(tensor.name(), tensor.type(), tensor.shownShape(), type, shape));
    }
  }

  /** Whether that folder has a checkpoint of a cohort, be it damaged. */
  public static boolean exists(Path folder, Cohort cohort) {
    return Files.exists(folder.resolve(cohort.id().hex() + SUFFIX));
  }

  /** Renames the file to a place beside it, since it cannot be read; where it is now. */
  public Path setAside() throws IOException {
    return AtomicFile.setAside(file);
  }

  /** Removes the file, once the cohort's records are written. */
  public void delete() throws IOException {
    Files.deleteIfExists(file);
  }

  /**
   * The runs of every checkpoint in a folder, in their cohorts' order. Files that cannot be read,
   * and those under the name of another cohort, are left out.
   */
  public static List<List<RunId>> cohorts(Path folder) throws IOException {
    List<List<RunId>> cohorts = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return cohorts;
    }
    try (var files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
      for (Path file : files) {
        try {
          List<RunId> runs = runs(file);
          if (file.getFileName().toString().equals(Cohort.id(runs).hex() + SUFFIX)) {
            cohorts.add(runs);
          }
        } catch (IllegalArgumentException | IOException e) {
          // no checkpoint of ours, or cut short: its runs are planned as if it were not there
        }
      }
    }
    return cohorts;
  }

  /** The file that keeps, or would keep, the state of these runs in a folder. */
  public static Path file(Path folder, List<RunId> runs) {
    return folder.resolve(Cohort.id(runs).hex() + SUFFIX);
  }

  /** What decides that a cohort has ended. */
  @FunctionalInterface
  public interface Ended {
    /** Whether these runs, a cohort, are whole, and nobody works on them. */
    boolean test(List<RunId> runs) throws IOException;
  }

  /**
   * Deletes checkpoints of cohorts that have ended, of which nobody needs them: their process was
   * killed just before it would have.
   */
  public static void deleteFinished(Path folder, Ended ended) throws IOException {
    for (List<RunId> runs : cohorts(folder)) {
      if (!runs.isEmpty() && ended.test(runs)) {
        Files.deleteIfExists(file(folder, runs));
      }
    }
  }

  private static List<RunId> runs(Path file) throws IOException {
    try (SafetensorsFile in = SafetensorsFile.open(file)) {
      return ProgressText.parse(in.metadata().getOrDefault(PROGRESS, "{}")).runs().stream()
          .map(run -> new RunId(run.run()))
          .toList();
    }
  }
}
