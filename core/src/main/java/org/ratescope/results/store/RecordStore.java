package org.ratescope.results.store;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ratescope.io.AtomicFile;
import org.ratescope.results.DataRecord;
import org.ratescope.results.ExampleDetails;
import org.ratescope.results.Gallery;
import org.ratescope.results.LatentPlane;
import org.ratescope.results.PriorEstimates;
import org.ratescope.results.RunRecord;
import org.ratescope.results.RunSummary;
import org.ratescope.spec.RunId;
import org.ratescope.spec.RunSpec;
import org.ratescope.study.Analysis;
import org.ratescope.study.Detail;
import org.ratescope.study.Evaluation;

/**
 * A results folder: one record per run under {@code records/}, its weights under {@code weights/},
 * when it was computed under {@code timings/}, details of single examples under {@code details/},
 * and unfinished cohorts under {@code checkpoints/}; what is known of data alone is under {@code
 * data/}. Several studies may share one folder, since a run's file is named by its id.
 */
public final class RecordStore {
  private static final Pattern DAMAGED_WEIGHTS =
      Pattern.compile("([0-9a-f]{16})\\.safetensors" + Pattern.quote(AtomicFile.DAMAGED) + ".*");

  private static final String OF_DATA = "data-";

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

  /**
   * Whether there is a record file for that name of a lease: the id of a run, or {@code data-ID}
   * for an analysis of data.
   */
  public boolean isRecorded(String name) {
    return Files.exists(
        name.startsWith(OF_DATA)
            ? root.resolve("data").resolve(name.substring(OF_DATA.length()) + ".json")
            : root.resolve("records").resolve(name + ".json"));
  }

  /** The name of the lease on an analysis of data. */
  public static String leaseName(Analysis analysis) {
    return OF_DATA + analysis.id();
  }

  /** Names of all record files, listed once; nothing where the folder cannot be listed. */
  Optional<Set<String>> recordFiles() {
    Path records = root.resolve("records");
    if (Files.notExists(records)) {
      return Optional.of(Set.of());
    }
    try (Stream<Path> files = Files.list(records)) {
      return Optional.of(
          files.map(file -> String.valueOf(file.getFileName())).collect(Collectors.toSet()));
    } catch (IOException | UncheckedIOException e) {
      return Optional.empty();
    }
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

  /** The folder through which processes agree who works on what. */
  public Path leases() {
    return root.resolve("leases");
  }

  /** All folders that files are written to. */
  public List<Path> folders() throws IOException {
    List<Path> folders = new ArrayList<>();
    for (String name : List.of("records", "weights", "timings", "checkpoints", "data", "images")) {
      folders.add(root.resolve(name));
    }
    for (Detail detail : Detail.values()) {
      folders.add(details(detail));
    }
    folders.add(leases().resolve("owners"));
    if (Files.isDirectory(priors())) {
      try (Stream<Path> fitted = Files.list(priors())) {
        fitted.forEach(folders::add);
      }
    }
    return folders;
  }

  /**
   * The record of a run, or nothing when there is none.
   *
   * @throws IOException if there is a file that cannot be read as a record, naming it
   */
  public Optional<RunRecord> read(RunId id) throws IOException {
    return read(recordFile(id), bytes -> ofRun(id, bytes));
  }

  /** A record that was copied or renamed to another run's place is not this run's. */
  private static RunRecord ofRun(RunId id, byte[] bytes) throws IOException {
    boolean unused = RecordChecksum.check(bytes);
    RunRecord record = RecordReader.record(new String(bytes, StandardCharsets.UTF_8));
    if (!record.id().equals(id)) {
      throw new IOException("the record is of run " + record.id());
    }
    return record;
  }

  /**
   * The head of a run's record, or nothing when there is none. The whole file's checksum is checked
   * all the same.
   *
   * @throws IOException if there is a file that cannot be read as a record, naming it
   */
  public Optional<RunSummary> summary(RunId id) throws IOException {
    Path file = recordFile(id);
    try {
      byte[] bytes = AtomicFile.read(file);
      return Optional.of(
          RecordChecksum.check(bytes)
              ? RecordReader.summary(bytes, id)
              : RunSummary.of(ofRun(id, bytes)));
    } catch (FileNotFoundException e) {
      if (Files.notExists(file)) {
        return Optional.empty();
      }
      throw e;
    } catch (IOException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /** The heads of the records of many runs. */
  public RunSummaries summaries(Collection<RunSpec> runs) {
    return RunSummaries.read(this, runs);
  }

  /**
   * Runs whose weights were damaged and set aside, and were not made again yet: {@code
   * weights/ID.safetensors.damaged-N} without {@code weights/ID.safetensors}.
   */
  public Set<RunId> lostWeights() throws IOException {
    Set<RunId> lost = new HashSet<>();
    Path weights = root.resolve("weights");
    if (Files.isDirectory(weights)) {
      try (var files = Files.newDirectoryStream(weights, "*" + AtomicFile.DAMAGED + "*")) {
        for (Path file : files) {
          Matcher name = DAMAGED_WEIGHTS.matcher(file.getFileName().toString());
          if (name.matches() && !Files.exists(weightsFile(new RunId(name.group(1))))) {
            lost.add(new RunId(name.group(1)));
          }
        }
      }
    }
    return lost;
  }

  /** Writes a record whole: a reader sees the old file or the new one, never a part. */
  public void write(RunRecord record) throws IOException {
    AtomicFile.write(recordFile(record.id()), RecordChecksum.seal(RecordJson.write(record)));
  }

  /** Forgets a run: its record, that is, which makes it a run that was never trained. */
  public void delete(RunId id) throws IOException {
    Files.deleteIfExists(recordFile(id));
  }

  /** The file of the answer to a question about data alone. */
  public Path dataFile(Analysis analysis) {
    return root.resolve("data").resolve(analysis.id() + ".json");
  }

  /** The folder of details of one kind, one file for each run. */
  public Path details(Detail detail) {
    return root.resolve("details").resolve(detail.text());
  }

  /** The file of a run's details of one kind. */
  public Path detailFile(Detail detail, RunId run) {
    return details(detail).resolve(run.hex() + ".json");
  }

  /** Whether all details that an evaluation asks for, and that this run can have, are kept. */
  public boolean hasDetails(RunSpec run, Evaluation evaluation) {
    return evaluation.details().stream()
        .allMatch(d -> !d.appliesTo(run) || Files.exists(detailFile(d, run.id())));
  }

  /**
   * Checks those details that an evaluation asks for and that are kept.
   *
   * @throws IOException if one is damaged or another run's, naming the file
   */
  public void checkDetails(RunSpec run, Evaluation evaluation) throws IOException {
    for (Detail detail : evaluation.details()) {
      if (detail.appliesTo(run)) {
        checkDetail(detail, run.id());
      }
    }
  }

  /** The same of one detail. */
  public void checkDetail(Detail detail, RunId run) throws IOException {
    Optional<RunId> unused =
        read(detailFile(detail, run), bytes -> DetailJson.check(bytes, detail, run));
  }

  /**
   * The answer to a question about data alone, or nothing when it is not kept.
   *
   * @throws IOException if there is a file that cannot be read as that answer, naming it
   */
  public Optional<DataRecord> read(Analysis analysis) throws IOException {
    return readText(dataFile(analysis), text -> DetailJson.read(text, analysis));
  }

  /** Writes a data record whole. */
  public void write(DataRecord record) throws IOException {
    write(dataFile(record.analysis()), DetailJson.write(record));
  }

  /** The folder of priors that were fitted to finished runs, a folder for each. */
  public Path priors() {
    return root.resolve("priors");
  }

  /** The file of a run's estimates with a fitted prior: {@code priors/mixture-64/ID.json}. */
  public Path priorFile(String prior, RunId run) {
    return priors().resolve(prior.replace(':', '-')).resolve(run.hex() + ".json");
  }

  /**
   * A run's estimates with a fitted prior, or nothing when they are not kept.
   *
   * @throws IOException if there is a file that cannot be read as that, naming it
   */
  public Optional<PriorEstimates> readPrior(String prior, RunId run) throws IOException {
    return readText(priorFile(prior, run), text -> DetailJson.read(text, run, prior));
  }

  /** Writes a run's estimates with a fitted prior, whole. */
  public void write(RunId run, PriorEstimates fitted) throws IOException {
    write(priorFile(fitted.prior(), run), DetailJson.write(run, fitted));
  }

  /**
   * How a run remembers single examples, or nothing when it is not kept.
   *
   * @throws IOException if there is a file that cannot be read as that, naming it
   */
  public Optional<ExampleDetails> readExamples(RunId run) throws IOException {
    return detail(Detail.MEMORISATION, run, ExampleDetails.class);
  }

  /** Writes how a run remembers single examples, whole. */
  public void write(RunId run, ExampleDetails details) throws IOException {
    write(
        detailFile(Detail.MEMORISATION, run), DetailJson.write(Detail.MEMORISATION, run, details));
  }

  /**
   * A run's grid of codes, or nothing when it is not kept.
   *
   * @throws IOException if there is a file that cannot be read as that, naming it
   */
  public Optional<LatentPlane> readPlane(RunId run) throws IOException {
    return detail(Detail.LATENT_PLANE, run, LatentPlane.class);
  }

  /** Writes a run's grid of codes, whole. */
  public void write(RunId run, LatentPlane plane) throws IOException {
    write(detailFile(Detail.LATENT_PLANE, run), DetailJson.write(Detail.LATENT_PLANE, run, plane));
  }

  /**
   * What a run's decoder draws, or nothing when it is not kept.
   *
   * @throws IOException if there is a file that cannot be read as that, naming it
   */
  public Optional<Gallery> readGallery(RunId run) throws IOException {
    return detail(Detail.GALLERY, run, Gallery.class);
  }

  /** Writes what a run's decoder draws, whole. */
  public void write(RunId run, Gallery gallery) throws IOException {
    write(detailFile(Detail.GALLERY, run), DetailJson.write(Detail.GALLERY, run, gallery));
  }

  private <T> Optional<T> detail(Detail detail, RunId run, Class<T> type) throws IOException {
    return readText(detailFile(detail, run), text -> DetailJson.read(text, detail, run, type));
  }

  private interface Reader<S, T> {
    T of(S source) throws IOException;
  }

  private static <T> Optional<T> readText(Path file, Reader<String, T> reader) throws IOException {
    return read(
        file,
        bytes -> {
          boolean unused = RecordChecksum.check(bytes); // older files have none
          return reader.of(new String(bytes, StandardCharsets.UTF_8));
        });
  }

  private static <T> Optional<T> read(Path file, Reader<byte[], T> reader) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(reader.of(AtomicFile.read(file)));
    } catch (IOException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  private static void write(Path file, String text) throws IOException {
    AtomicFile.write(file, RecordChecksum.seal(text));
  }
}
