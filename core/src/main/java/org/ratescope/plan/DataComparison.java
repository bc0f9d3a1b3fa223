package org.ratescope.plan;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.ratescope.dataset.ImageSet;
import org.ratescope.dataset.ImageSource;
import org.ratescope.dataset.Partition;
import org.ratescope.dataset.RenderedSource;
import org.ratescope.dataset.source.ImageLibrary;
import org.ratescope.dataset.store.BuildListener;
import org.ratescope.results.Outcome;
import org.ratescope.results.Provenance;
import org.ratescope.results.RunSummary;
import org.ratescope.results.store.RecordStore;
import org.ratescope.results.store.RunSummaries;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Split;
import org.ratescope.spec.Subset;
import org.ratescope.spec.data.CustomImages;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.study.Analysis;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;

/**
 * Compares the data of the records in a results folder with the current data: images by their hash,
 * splits by the hash of their rows. Reads images only if the files have changed since their hash
 * was computed, and only for commands that add records.
 */
public final class DataComparison {
  private final Suite suite;
  private final RecordStore store;
  private final ImageLibrary library;
  private final Map<DataSpec, List<RecordedData>> seen = new LinkedHashMap<>();

  private DataComparison(Suite suite, RecordStore store, ImageLibrary library) {
    this.suite = suite;
    this.store = store;
    this.library = library;
  }

  /** For the records of a suite's runs. */
  public static DataComparison of(Suite suite, RecordStore store, ImageLibrary library) {
    return of(suite, store, library, store.summaries(suite.runs()));
  }

  /** For unfinished work in a results folder; does not read records. */
  public static DataComparison ofBegun(Suite suite, RecordStore store, ImageLibrary library) {
    return new DataComparison(suite, store, library);
  }

  /** The same, if the heads of these records have been read. */
  public static DataComparison of(
      Suite suite, RecordStore store, ImageLibrary library, RunSummaries records) {
    DataComparison comparison = new DataComparison(suite, store, library);
    suite.runs().forEach(run -> comparison.add(run, records));
    return comparison;
  }

  /** Adds the data of a record; others report unreadable records. */
  private void add(RunSpec run, RunSummaries records) {
    try {
      Optional<RunSummary> record = records.of(run);
      if (record.isPresent()) {
        Provenance from = record.get().provenance();
        add(
            run.data(),
            new RecordedData(
                store.recordFile(run.id()),
                from.dataSha256(),
                Optional.of(run.split()),
                from.splitSha256(),
                from.trainExamples(),
                from.testExamples()));
        if (record.get().outcome() instanceof Outcome.Diverged) {
          suite.repeatOf(run).ifPresent(repeat -> add(repeat, records));
        }
      }
    } catch (IOException e) {
      // damaged: will be replaced
    }
  }

  /** Keeps one of several equal entries. */
  private void add(DataSpec data, RecordedData record) {
    List<RecordedData> others = seen.computeIfAbsent(data, d -> new ArrayList<>());
    if (others.stream().noneMatch(record::saysTheSameAs)) {
      others.add(record);
    }
  }

  /**
   * The result of a comparison.
   *
   * @param kind whether the data are the same
   * @param sentence the difference, or the reason why it is unknown; empty if the data are the same
   */
  public record Answer(Kind kind, String sentence) {
    /** Whether the data are the same. */
    public enum Kind {
      /** They are the same. */
      SAME,
      /** They are the same as far as records of earlier versions can show. */
      PARTLY_SAME,
      /** They differ: the records are not valid for the current data. */
      OTHER,
      /**
       * The files have changed, or were never read here; only reading them would show whether the
       * data are the same.
       */
      UNREAD,
      /** The data are not on this machine. */
      ABSENT
    }

    private static final Answer SAME = new Answer(Kind.SAME, "");
  }

  /** Compares each data set that has records, without reading images. */
  public List<Answer> answers() {
    return seen.keySet().stream()
        .map(this::answer)
        .filter(a -> a.kind != Answer.Kind.SAME)
        .toList();
  }

  /**
   * Compares all data sets that have records, except those that are opened anyway. Reads images,
   * and stores their hash, only if nothing else can show the result.
   *
   * @param opened data sets for {@link #requireSame(ImageSet)}
   * @return the data sets that are missing on this machine, and so were not compared
   * @throws IOException if there are records of other data, with their names and advice
   */
  public List<String> requireSame(Collection<DataSpec> opened, BuildListener listener)
      throws IOException {
    List<String> notes = new ArrayList<>();
    for (DataSpec data : seen.keySet()) {
      Answer answer = opened.contains(data) ? Answer.SAME : answer(data);
      switch (answer.kind) {
        case SAME -> {}
        case OTHER -> throw new IOException(answer.sentence);
        case UNREAD -> requireSame(library.open(data, listener));
        case PARTLY_SAME, ABSENT -> notes.add(answer.sentence);
      }
    }
    return notes;
  }

  /**
   * Compares opened images, and stores their hash for later calls.
   *
   * @throws IOException if there are records of other data, with their names and advice
   * @throws IllegalArgumentException if the data set does not support the split of a study
   */
  public void requireSame(ImageSet images) throws IOException {
    DataSpec data = images.spec();
    Answer answer = compare(data, images.source(), Optional.of(images.sha256()));
    if (answer.kind == Answer.Kind.OTHER) {
      throw new IOException(answer.sentence);
    }
    Map<String, String> splits = new HashMap<>();
    suite.studies().stream()
        .filter(study -> study.data().equals(data))
        .flatMap(study -> study.splits().stream())
        .forEach(s -> splits.computeIfAbsent(s.text(), t -> images.partition(s).sha256()));
    DatasetFingerprint.of(images.source(), images.sha256(), splits).write(store, data);
  }

  private Answer answer(DataSpec data) {
    try {
      ImageSource source = library.source(data);
      Optional<String> kept =
          DatasetFingerprint.read(store, data)
              .filter(fingerprint -> fingerprint.isOf(source))
              .map(DatasetFingerprint::sha256);
      return compare(data, source, kept.or(() -> library.sha256(source)));
    } catch (IOException | IllegalArgumentException e) {
      return new Answer(
          Answer.Kind.ABSENT,
          "%s: the data are not on this machine, so they were not compared with the records in %s: %s"
              .formatted(data.text(), store.root(), reason(e)));
    }
  }

  private static String reason(Exception e) {
    return e instanceof NoSuchFileException
        ? "no such file or folder: " + e.getMessage()
        : String.valueOf(e.getMessage());
  }

  private Answer compare(DataSpec data, ImageSource source, Optional<String> sha256) {
    Optional<DatasetFingerprint> kept = DatasetFingerprint.read(store, data);
    List<RecordedData> records = new ArrayList<>(seen.getOrDefault(data, List.of()));
    records.addAll(analyses(data));
    records.addAll(begun(data, kept));
    SplitRows splitRows = new SplitRows(source);
    for (RecordedData record : records) {
      Optional<String> difference = images(record, sha256).or(() -> splitRows.difference(record));
      if (difference.isPresent()) {
        return other(data, source, kept, record, difference.get());
      }
    }
    if (sha256.isEmpty() && !(source instanceof RenderedSource)) {
      return new Answer(
          Answer.Kind.UNREAD,
          ("%s: the files have changed since the records in %s were written, or were not read on"
                  + " this machine yet; 'ratescope run' reads them and checks whether the images are"
                  + " the same")
              .formatted(data.text(), store.root()));
    }
    Set<Optional<Split>> hashed =
        records.stream()
            .filter(record -> !record.splitSha256().isEmpty())
            .map(RecordedData::split)
            .collect(Collectors.toSet());
    boolean vague =
        !(source instanceof RenderedSource) // whose splits are functions of their text
            && records.stream().anyMatch(r -> r.isVague() && !hashed.contains(r.split()));
    return vague
        ? new Answer(
            Answer.Kind.PARTLY_SAME,
            ("%s: records of an earlier version in %s do not name their images; the current images"
                    + " and the sizes of the subsets are the same; labels were not compared")
                .formatted(data.text(), store.root()))
        : Answer.SAME;
  }

  private static Optional<String> images(RecordedData record, Optional<String> now) {
    return now.filter(sha256 -> !sha256.equals(record.sha256()))
        .map(
            sha256 ->
                "the SHA-256 of the images was %s and is now %s"
                    .formatted(record.sha256(), sha256));
  }

  private Answer other(
      DataSpec data,
      ImageSource source,
      Optional<DatasetFingerprint> kept,
      RecordedData record,
      String difference) {
    String before = kept.map(DatasetFingerprint::place).filter(p -> !p.isEmpty()).orElse("");
    return new Answer(
        Answer.Kind.OTHER,
        "%s: the records in %s belong to other data: %s%s (%s). Use another --results folder, restore the data%s"
            .formatted(
                data.text(),
                store.root(),
                places(before, source.origin().place()),
                difference,
                store.root().relativize(record.file()),
                data instanceof CustomImages
                    ? ", or give this data another name in the study (data.name)"
                    : ""));
  }

  private static String places(String before, String now) {
    if (before.isEmpty()) {
      return "";
    }
    return before.equals(now)
        ? "%s has changed since they were written; ".formatted(now)
        : "they were computed from %s, the study now reads %s; ".formatted(before, now);
  }

  /** The folder's data about runs that were started, and may have no record yet. */
  private List<RecordedData> begun(DataSpec data, Optional<DatasetFingerprint> kept) {
    List<RecordedData> begun = new ArrayList<>();
    Path file = DatasetFingerprint.file(store, data);
    kept.ifPresent(
        k -> {
          begun.add(RecordedData.images(file, k.sha256()));
          k.splits()
              .forEach(
                  (split, hash) ->
                      begun.add(
                          new RecordedData(
                              file, k.sha256(), Optional.of(Split.parse(split)), hash, -1, -1)));
        });
    return begun;
  }

  /** The folder's data about images alone. */
  private List<RecordedData> analyses(DataSpec data) {
    List<RecordedData> answers = new ArrayList<>();
    for (Study study : suite.studies()) {
      for (Analysis analysis : Analysis.of(study)) {
        if (!analysis.data().equals(data)) {
          continue; // samples and sensitivities are those of 32×32 pixels
        }
        try {
          store
              .read(analysis)
              .ifPresent(record -> answers.add(RecordedData.of(store.dataFile(analysis), record)));
        } catch (IOException e) {
          // damaged: will be replaced
        }
      }
    }
    return answers;
  }

  /** The splits of the current data, each computed once. */
  private static final class SplitRows {
    private final ImageSource source;
    private final Map<Split, Partition> partitions = new HashMap<>();
    private final Map<Split, String> hashes = new HashMap<>();

    SplitRows(ImageSource source) {
      this.source = source;
    }

    /** Computed data sets and their splits are functions of their text. */
    Optional<String> difference(RecordedData record) {
      if (source instanceof RenderedSource || record.split().isEmpty()) {
        return Optional.empty();
      }
      Split split = record.split().get();
      try {
        Partition now = partitions.computeIfAbsent(split, source::partition);
        int train = now.size(Subset.TRAIN);
        int test = now.size(Subset.TEST);
        if (record.train() >= 0 && (record.train() != train || record.test() != test)) {
          return Optional.of(
              "split %s had %d training and %d test images and now has %d and %d"
                  .formatted(split.text(), record.train(), record.test(), train, test));
        }
        String hash = hashes.computeIfAbsent(split, s -> now.sha256());
        return record.splitSha256().isEmpty() || record.splitSha256().equals(hash)
            ? Optional.empty()
            : Optional.of(
                "split %s now selects other images, since the labels or the number of images changed"
                    .formatted(split.text()));
      } catch (IllegalArgumentException e) {
        return Optional.of(String.valueOf(e.getMessage()));
      }
    }
  }
}
