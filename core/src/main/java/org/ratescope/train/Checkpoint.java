package org.ratescope.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.zip.CRC32C;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.ratescope.record.TracePoint;
import org.ratescope.study.RunId;
import org.ratescope.torch.Device;
import org.ratescope.vae.Parameters;
import org.ratescope.vae.Safetensors;

/**
 * The file that keeps a cohort's training state, written whole at intervals of wall-clock time.
 * When it is written has no influence on the result: a resumed cohort ends with the bits of an
 * uninterrupted one.
 */
public final class Checkpoint {
  private static final ObjectMapper MAPPER = new ObjectMapper();
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

  /** Writes the state whole, in place of an older one. */
  public void write(TrainingState state) throws IOException {
    long start = System.nanoTime();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    state.parts().forEach((name, part) -> tensors.put(name, part.rows()));
    ObjectNode progress = MAPPER.createObjectNode().put("step", state.step());
    progress.put("places", state.places());
    ArrayNode runAt = progress.putArray("runAt");
    ArrayNode runs = progress.putArray("runs");
    for (int k = 0; k < cohort.size(); k++) {
      runAt.add(state.runAt(k));
      RunProgress p = state.progress(k);
      ObjectNode run = runs.addObject().put("run", cohort.runs().get(k).id().hex());
      run.put("endedAt", p.endedAt()).put("diverged", p.hasDiverged());
      run.put("bestStep", p.bestStep()).put("bestLoss", p.bestLoss());
      run.put("measuredAt", p.measuredAt()).put("sinceBest", p.sinceBest());
      ArrayNode trace = run.putArray("trace");
      for (TracePoint point : state.trace(k)) {
        trace.addArray().add(point.step()).add(point.distortion()).add(point.rate());
      }
    }
    String text = MAPPER.writeValueAsString(progress);
    Map<String, String> metadata =
        Map.of("progress", text, "crc32c", Long.toString(checksum(text, state)));
    Safetensors.write(file, new Safetensors.Content(tensors, metadata));
    writtenAt = System.nanoTime();
    writing = writtenAt - start;
  }

  /**
   * The state that was written last, or nothing when there is none.
   *
   * @throws IOException if the file is damaged, saying how
   */
  public Optional<TrainingState> read() throws IOException {
    return read(Device.CPU);
  }

  /** The same on a device, whichever it was written from. */
  public Optional<TrainingState> read(Device device) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    TrainingState state = TrainingState.empty(cohort, device);
    try (PointerScope scope = new PointerScope()) {
      Safetensors.Content content = Safetensors.read(file);
      for (Map.Entry<String, Parameters> part : state.parts().entrySet()) {
        Tensor tensor = content.tensors().get(part.getKey());
        if (tensor == null || tensor.numel() != part.getValue().rows().numel()) {
          throw new IOException(file + ": " + part.getKey() + " is missing or of another shape");
        }
        part.getValue().rows().copy_(tensor);
      }
      String text = content.metadata().getOrDefault("progress", "");
      if (!Long.toString(checksum(text, state)).equals(content.metadata().get("crc32c"))) {
        throw new IOException(file + ": the checksum does not match");
      }
      readProgress(MAPPER.readTree(text), state);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": written by another version: " + e.getMessage(), e);
    }
    return Optional.of(state);
  }

  private void readProgress(JsonNode progress, TrainingState state) throws IOException {
    state.step(progress.required("step").intValue());
    int[] runAt = new int[cohort.size()];
    Arrays.setAll(runAt, place -> progress.required("runAt").path(place).intValue());
    state.places(runAt, progress.required("places").intValue());
    for (int k = 0; k < cohort.size(); k++) {
      JsonNode run = progress.required("runs").path(k);
      if (!run.path("run").asText().equals(cohort.runs().get(k).id().hex())) {
        throw new IOException(file + ": belongs to another cohort");
      }
      state
          .progress(k)
          .restore(
              run.required("endedAt").intValue(),
              run.required("diverged").booleanValue(),
              run.required("bestStep").intValue(),
              run.required("bestLoss").asDouble(),
              run.required("measuredAt").intValue(),
              run.required("sinceBest").intValue());
      for (JsonNode p : run.required("trace")) {
        state
            .trace(k)
            .add(new TracePoint(p.path(0).intValue(), p.path(1).asDouble(), p.path(2).asDouble()));
      }
    }
  }

  /** Whether that folder has a checkpoint of a cohort, be it damaged. */
  public static boolean exists(Path folder, Cohort cohort) {
    return Files.exists(folder.resolve(cohort.id().hex() + SUFFIX));
  }

  /** Removes the file, once the cohort's records are written. */
  public void delete() throws IOException {
    Files.deleteIfExists(file);
  }

  /**
   * The runs of every checkpoint in a folder, in their cohorts' order. Files that cannot be read
   * are left out.
   */
  public static List<List<RunId>> cohorts(Path folder) throws IOException {
    List<List<RunId>> cohorts = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return cohorts;
    }
    try (var files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
      for (Path file : files) {
        try {
          String text = Safetensors.metadata(file).getOrDefault("progress", "");
          List<RunId> runs = new ArrayList<>();
          MAPPER
              .readTree(text)
              .path("runs")
              .forEach(run -> runs.add(new RunId(run.path("run").asText())));
          cohorts.add(runs);
        } catch (IllegalArgumentException | IOException e) {
          // no checkpoint of ours, or cut short: its runs are planned as if it were not there
        }
      }
    }
    return cohorts;
  }

  /**
   * Deletes checkpoints of cohorts whose runs all have a record: their process was killed just
   * before it would have.
   */
  public static void deleteFinished(Path folder, Predicate<RunId> recorded) throws IOException {
    for (List<RunId> runs : cohorts(folder)) {
      if (!runs.isEmpty() && runs.stream().allMatch(recorded)) {
        Files.deleteIfExists(folder.resolve(Cohort.id(runs).hex() + SUFFIX));
      }
    }
  }

  private static long checksum(String text, TrainingState state) throws IOException {
    CRC32C crc = new CRC32C();
    crc.update(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    for (Parameters part : state.parts().values()) {
      Safetensors.slices(part.rows(), crc::update);
    }
    return crc.getValue();
  }
}
