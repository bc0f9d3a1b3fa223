package org.ratescope.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ratescope.plan.Planner;
import org.ratescope.progress.Progress;
import org.ratescope.results.Estimate;
import org.ratescope.results.RunRecord;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunId;
import org.ratescope.spec.RunSpec;
import org.ratescope.study.Study;
import org.ratescope.study.StudyFile;

/**
 * Runs keep their ids, and training and estimation keep their numbers: both are compared with the
 * results of commit 90764f2 (2026-11-24). On the processor that computed them (processor.txt: lines
 * of /proc/cpuinfo), numbers must be equal bit for bit; elsewhere the BLAS chooses other kernels,
 * and values must agree to 1e-3 of their size after the 30 updates of these runs.
 */
class EarlierResultsTest {
  private static final String FOLDER = "earlier/";
  private static final double ELSEWHERE = 1e-3;

  @TempDir static Path folder;
  private static RecordStore store;

  @BeforeAll
  static void train() throws Exception {
    Path file = folder.resolve("study.yaml");
    Files.write(file, bytes("study.yaml"));
    Study study = StudyFile.read(file);
    store = RecordStore.at(folder.resolve("results"));
    LocalRunner.of(store, SharedCache.folder())
        .run(Planner.of(store, 2).plan(study), Progress.SILENT);
  }

  static List<String> ids() throws IOException {
    return text("ids.txt").lines().filter(line -> !line.startsWith("#")).toList();
  }

  @ParameterizedTest
  @MethodSource("ids")
  void runsKeepTheirIds(String line) {
    String canonical = line.substring(line.indexOf(' ') + 1);
    RunSpec run = RunSpec.parse(canonical);
    assertThat(run.canonical()).isEqualTo(canonical);
    assertThat(run.id().hex()).isEqualTo(line.substring(0, line.indexOf(' ')));
  }

  @Test
  void estimatesAndLossesKeepTheirValues() throws Exception {
    double tolerance = sameProcessor() ? 0 : ELSEWHERE;
    List<String> rows = text("estimates.csv").lines().skip(1).toList();
    assertThat(rows).hasSize(84);
    for (String row : rows) {
      String[] cells = row.split(",", -1);
      RunRecord record = store.read(new RunId(cells[0])).orElseThrow();
      double[] now = now(record, cells[1], cells[2]);
      for (int i = 0; i < 2; i++) {
        double then = Double.parseDouble(cells[3 + i]);
        assertThat(now[i]).as(row).isCloseTo(then, within(tolerance * (1 + Math.abs(then))));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("weights")
  void weightsKeepTheirValues(String id) throws Exception {
    double tolerance = sameProcessor() ? 0 : ELSEWHERE;
    Map<String, float[]> then = tensors(bytes(id + ".safetensors"));
    Map<String, float[]> now = tensors(Files.readAllBytes(store.weightsFile(new RunId(id))));
    assertThat(now.keySet()).isEqualTo(then.keySet());
    then.forEach(
        (name, values) -> {
          float[] same = Objects.requireNonNull(now.get(name));
          assertThat(same).as(name).hasSameSizeAs(values);
          for (int i = 0; i < values.length; i++) {
            assertThat((double) same[i])
                .as("%s[%d]", name, i)
                .isCloseTo(values[i], within(tolerance));
          }
        });
  }

  static List<String> weights() {
    return List.of("be6ec01db056df5d", "cf547f89fe9f2052");
  }

  /** A value and its standard error. */
  private static double[] now(RunRecord record, String subset, String name) {
    if (name.equals("lastBatchDistortion")) {
      return new double[] {record.trace().getLast().distortion(), 0};
    }
    Estimate estimate =
        record.estimates().stream()
            .filter(e -> e.name().equals(name) && e.subset().text().equals(subset))
            .findFirst()
            .orElseThrow();
    return new double[] {estimate.value(), estimate.standardError()};
  }

  /** Reads float32 tensors without the code under test. */
  private static Map<String, float[]> tensors(byte[] file) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int header = Math.toIntExact(buffer.getLong(0));
    JsonNode root =
        new ObjectMapper().readTree(new String(file, 8, header, StandardCharsets.UTF_8));
    Map<String, float[]> tensors = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : root.properties()) {
      if (!entry.getKey().equals("__metadata__")) {
        int begin = entry.getValue().get("data_offsets").get(0).intValue();
        int end = entry.getValue().get("data_offsets").get(1).intValue();
        float[] values = new float[(end - begin) / Float.BYTES];
        buffer
            .slice(8 + header + begin, end - begin)
            .order(ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer()
            .get(values);
        tensors.put(entry.getKey(), values);
      }
    }
    return tensors;
  }

  private static boolean sameProcessor() throws IOException {
    Path info = Path.of("/proc/cpuinfo");
    return Files.isReadable(info)
        && Files.readAllLines(info).containsAll(text("processor.txt").lines().toList());
  }

  private static String text(String name) throws IOException {
    return new String(bytes(name), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String name) throws IOException {
    try (InputStream in = EarlierResultsTest.class.getResourceAsStream(FOLDER + name)) {
      return Objects.requireNonNull(in).readAllBytes();
    }
  }
}
