package org.ratescope.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.ratescope.dataset.format.WrittenFiles;
import org.ratescope.dataset.hdf5.Hdf5Resources;
import org.ratescope.plan.Planner;
import org.ratescope.progress.Progress;
import org.ratescope.results.store.RecordStore;
import org.ratescope.study.Study;
import org.ratescope.study.StudyFile;
import org.ratescope.sweep.LocalRunner;
import org.ratescope.tensor.Device;
import org.ratescope.train.Checkpoint;
import org.ratescope.train.Cohort;
import org.ratescope.train.TrainingState;

/**
 * The coverage-guided fuzzer Jazzer mutates a small file of every form that Ratescope reads. Each
 * mutation is read, or refused with an {@link IOException}: another exception, an input that takes
 * more than {@value #INPUT_SECONDS} s, or more memory than the limit fails the test. The default
 * build tries {@value #RUNS} inputs; {@code -Dgroups=long -DexcludedGroups= -Dfuzz.minutes=N}
 * spends N minutes on each form, or on those that {@code -Dfuzz.forms=record,details} names.
 */
class CoverageFuzzTest {
  private static final int RUNS = 1_000;
  private static final int INPUT_SECONDS = 20;
  private static final String MINUTES = System.getProperty("fuzz.minutes", "1");
  private static final String FORMS =
      System.getProperty("fuzz.forms", String.join(",", FuzzTarget.FORMS));

  @TempDir static Path folder;
  private static Map<String, byte[]> seeds = Map.of();

  static synchronized Map<String, byte[]> seeds() throws Exception {
    if (seeds.isEmpty()) {
      seeds = made();
    }
    return seeds;
  }

  private static Map<String, byte[]> made() throws Exception {
    byte[] pixels = new byte[5 * 4 * 4];
    new SplittableRandom(1).nextBytes(pixels);
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("npy", WrittenFiles.npy("|u1", pixels, 5, 4, 4));
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("images.npy", WrittenFiles.npy("|u1", pixels, 5, 4, 4));
    entries.put("labels.npy", WrittenFiles.npy("<i8", new byte[40], 5));
    files.put("npz", WrittenFiles.zip(entries));
    files.put("idx", WrittenFiles.idx(pixels, 5, 4, 4));
    files.put("mat", WrittenFiles.matrix(0x1E3D4C55, new int[] {5, 4, 4}, pixels));
    for (String form : List.of("png", "jpg", "gif", "bmp", "tif")) {
      Path picture =
          WrittenFiles.picture(folder.resolve("picture"), WrittenFiles.colourful(3, 8, 9), form);
      files.put(form, Files.readAllBytes(picture));
    }
    files.put("h5", Files.readAllBytes(Hdf5Resources.file("earliest.h5", folder)));
    trained(files);
    files.put("catalogue", CATALOGUE.getBytes(StandardCharsets.UTF_8));
    return files;
  }

  /** One run is trained: its weights, checkpoint, record and details are the seeds. */
  private static void trained(Map<String, byte[]> files) throws Exception {
    Path home = Files.createDirectories(folder.resolve("home"));
    Path file = Files.writeString(home.resolve("study.yaml"), STUDY);
    files.put("study", Files.readAllBytes(file));
    Study study = StudyFile.read(file);
    assertThat(study.runs()).containsExactly(FuzzTarget.RUN);
    RecordStore store = RecordStore.at(home.resolve("results"));
    LocalRunner.of(store, home.resolve("cache"))
        .run(Planner.of(store, 1).plan(study), Progress.SILENT);
    files.put("safetensors", Files.readAllBytes(store.weightsFile(FuzzTarget.RUN.id())));
    for (String form : List.of("record", "details")) {
      files.put(form, withoutChecksum(FuzzTarget.file(store.root(), form)));
    }
    Cohort cohort = new Cohort(List.of(FuzzTarget.RUN));
    try (PointerScope scope = new PointerScope()) {
      Checkpoint.of(store.checkpoints(), cohort, Duration.ZERO)
          .write(TrainingState.initial(cohort, Device.CPU));
    }
    files.put("checkpoint", Files.readAllBytes(FuzzTarget.file(store.root(), "checkpoint")));
  }

  /** Earlier records and details had no checksum: without it, mutations reach the reader. */
  private static byte[] withoutChecksum(Path file) throws IOException {
    String text = Files.readString(file);
    int comma = text.lastIndexOf(',');
    if (!text.substring(comma + 1).contains("crc32")) {
      return Files.readAllBytes(file);
    }
    return (text.substring(0, comma) + "\n}\n").getBytes(StandardCharsets.UTF_8);
  }

  static Stream<String> forms() {
    return FuzzTarget.FORMS.stream();
  }

  @ParameterizedTest
  @MethodSource("forms")
  void theSeedsAreRead(String form) throws Exception {
    Path home = Files.createDirectories(folder.resolve("seed-" + form));
    Path file = FuzzTarget.file(home, form);
    Files.createDirectories(file.getParent());
    Files.write(file, seeds().get(form));
    FuzzTarget.read(home, form);
  }

  /** Files that the fuzzer found: each once ended in another exception than a refusal. */
  @ParameterizedTest
  @CsvSource({
    "record, ewogICJmb3JtYXQiIBkiZXJtb21jMzJVImNyYzMyIiAgImp2bSIgOiAzMzQ5IkVjbGk=",
    "details, eyIiY3JjMzIiZg==",
    "study, ISVB",
    "catalogue, ISVB"
  })
  void findingsAreRefused(String form, String base64) throws Exception {
    Path home = Files.createDirectories(folder.resolve("finding-" + form));
    Path file = FuzzTarget.file(home, form);
    Files.createDirectories(file.getParent());
    Files.write(file, Base64.getDecoder().decode(base64));
    assertThatThrownBy(() -> FuzzTarget.read(home, form)).isInstanceOf(IOException.class);
  }

  @Test
  @Timeout(600)
  void mutatedFilesOfEveryFormAreReadOrRefused() throws Exception {
    Path corpus = Files.createDirectories(folder.resolve("all"));
    for (Map.Entry<String, byte[]> seed : seeds().entrySet()) {
      byte[] input = new byte[seed.getValue().length + 1];
      input[0] = (byte) FuzzTarget.FORMS.indexOf(seed.getKey());
      System.arraycopy(seed.getValue(), 0, input, 1, seed.getValue().length);
      Files.write(corpus.resolve(seed.getKey()), input);
    }
    fuzz("", corpus, "-runs=" + RUNS, "-seed=1");
  }

  static Stream<String> chosenForms() {
    return Stream.of(FORMS.split(","));
  }

  /** Minutes for each form. */
  @Tag("long")
  @ParameterizedTest
  @MethodSource("chosenForms")
  void mutatedFilesOfOneFormAreReadOrRefused(String form) throws Exception {
    Path corpus = Files.createDirectories(folder.resolve("corpus-" + form));
    Files.write(corpus.resolve(form), seeds().get(form));
    fuzz(form, corpus, "-max_total_time=" + Math.round(60 * Double.parseDouble(MINUTES)));
  }

  private static void fuzz(String form, Path corpus, String... options) throws Exception {
    Path findings = Files.createDirectories(Path.of("target", "fuzz"));
    List<String> command =
        new ArrayList<>(
            List.of(
                "sh", // which forks: the kernel counts the peak memory of this process for its
                // child
                "-c",
                "\"$@\"; exit $?",
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dfuzz.form=" + form,
                "-Dfuzz.seeds=" + corpus,
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + FuzzTarget.class.getName(),
                "--instrumentation_includes=org.ratescope.**",
                "--reproducer_path=" + findings,
                "-artifact_prefix=" + findings + "/",
                "-timeout=" + INPUT_SECONDS,
                "-rss_limit_mb=4096",
                "-max_len=65536"));
    command.addAll(List.of(options));
    command.add(corpus.toString());
    Path log = folder.resolve("jazzer-" + form + ".log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    int exit = process.waitFor();
    String said = Files.readString(log, StandardCharsets.ISO_8859_1);
    assertThat(exit).as(said.substring(Math.max(0, said.length() - 6000))).isZero();
    assertThat(said).contains("Done ");
  }

  private static final String STUDY =
      """
      name: fuzz
      title: One run
      data: {set: tetrominoes, resolution: 4}
      splits: [cv:0.05]
      architectures: [mlp:1x8]
      latent: 2
      objective: {beta: [1]}
      restarts: 1
      training: {iterations: 4, batch: 16}
      evaluation: {estimators: [distortion, rate], examples: 8, details: [memorisation]}
      """;

  private static final String CATALOGUE =
      """
      mine:
        about: A set of one's own
        terms: CC0
        mirrors: [https://example.org/]
        files:
          images.idx:
            bytes: 96
            sha256: 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
            begins: 00000803
            download: images.idx.gz
            also: [images-idx]
      """;
}
