package org.ratescope.sql;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;
import org.ratescope.results.DataRecord;
import org.ratescope.results.Estimate;
import org.ratescope.results.ExampleDetails;
import org.ratescope.results.Gallery;
import org.ratescope.results.LatentPlane;
import org.ratescope.results.PriorEstimates;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunId;
import org.ratescope.spec.RunSpec;
import org.ratescope.study.Analysis;
import org.ratescope.study.Detail;
import org.ratescope.study.Study;

/**
 * The tables about data alone and about single examples. Their files are large, so each group of
 * tables is read when a query first names one of them: opening the records of thousands of runs
 * costs nothing for them.
 */
final class DetailTables {
  private static final Pattern COMMENTS = Pattern.compile("--[^\\n]*|/\\*.*?\\*/", Pattern.DOTALL);

  private final List<Study> studies;
  private final RecordStore store;
  private final Set<Group> filled = EnumSet.noneOf(Group.class);
  private final List<String> warnings = new ArrayList<>();

  DetailTables(List<Study> studies, RecordStore store) {
    this.studies = List.copyOf(studies);
    this.store = store;
  }

  /** Tables that are filled together, and how a query can name them. */
  private enum Group {
    DATA(
        "\\b(splits|split_points|neighbour_summary|neighbour_distances|data_pictures|sensitivity)\\b"),
    /** {@code examples} is a column of other tables too: as a table it follows one of these. */
    EXAMPLES(
        "\\bexample_pictures\\b|(\\b(from|join|describe|summarize|pivot|unpivot|show|table)\\s+|[,.]\\s*)['\"]?examples\\b"),
    PLANES("\\b(latent_plane|latent_codes)\\b"),
    PRIORS("\\bprior_estimates\\b"),
    GALLERY("\\b(gallery|sheets)\\b");

    private final Pattern named;

    Group(String named) {
      this.named = Pattern.compile(named, Pattern.CASE_INSENSITIVE);
    }
  }

  /** What was wrong with files that were read, each naming its file. */
  List<String> warnings() {
    return List.copyOf(warnings);
  }

  /** Fills the tables that the SQL may name and that are still empty. */
  void fillFor(String sql, DuckDBConnection connection) throws SQLException {
    String code = COMMENTS.matcher(sql).replaceAll(" ");
    for (Group group : Group.values()) {
      if (group.named.matcher(code).find() && filled.add(group)) {
        switch (group) {
          case DATA -> fillData(connection);
          case EXAMPLES -> fillExamples(connection);
          case PLANES -> fillPlanes(connection);
          case PRIORS -> fillPriors(connection);
          case GALLERY -> fillGallery(connection);
        }
      }
    }
  }

  private void fillData(DuckDBConnection connection) throws SQLException {
    try (DataTables rows = new DataTables(connection)) {
      for (DataRecord record : dataRecords()) {
        rows.add(record);
      }
    }
  }

  /**
   * The kept answers to the studies' questions. Where studies ask the same of different numbers of
   * examples, the one with the most.
   */
  private List<DataRecord> dataRecords() {
    LinkedHashSet<Analysis> analyses = new LinkedHashSet<>();
    studies.forEach(study -> analyses.addAll(Analysis.of(study)));
    Map<String, DataRecord> best = new LinkedHashMap<>();
    for (Analysis analysis : analyses) {
      read(() -> store.read(analysis))
          .ifPresent(record -> best.merge(subject(analysis), record, DetailTables::larger));
    }
    return List.copyOf(best.values());
  }

  private static String subject(Analysis analysis) {
    return analysis.canonical().replaceFirst(";examples=.*", "");
  }

  private static DataRecord larger(DataRecord a, DataRecord b) {
    return examples(a.analysis()) >= examples(b.analysis()) ? a : b;
  }

  private static int examples(Analysis analysis) {
    return switch (analysis) {
      case Analysis.Neighbours neighbours -> neighbours.examples();
      case Analysis.Sensitivity sensitivity -> sensitivity.examples();
      case Analysis.Samples samples -> 0;
      case Analysis.Sizes sizes -> 0;
      case Analysis.Plane plane -> 0;
    };
  }

  private void fillExamples(DuckDBConnection connection) throws SQLException {
    try (TableAppender examples = new TableAppender(connection, "examples");
        TableAppender pictures = new TableAppender(connection, "example_pictures")) {
      for (Kept<ExampleDetails> kept : kept(Detail.MEMORISATION, store::readExamples)) {
        for (ExampleDetails.Example e : kept.detail.examples()) {
          examples.add(
              kept.run.hex(),
              "test",
              e.index(),
              e.neighbourDistance(),
              e.imageToMu(),
              e.reconstructionToImage(),
              e.reconstructionToMu(),
              e.distortionOfImage(),
              e.distortionOfMu(),
              e.perplexity(),
              e.largestWeight(),
              e.heaviest());
        }
        for (ExampleDetails.Sheet sheet : kept.detail.pictures()) {
          addSheet(pictures, kept.run.hex(), sheet);
        }
      }
    }
  }

  private static void addSheet(TableAppender rows, String run, ExampleDetails.Sheet sheet)
      throws SQLException {
    rows.add(run, sheet.name(), sheet.index(), "original", null, sheet.original());
    rows.add(run, sheet.name(), sheet.index(), "reconstruction", null, sheet.reconstruction());
    rows.add(run, sheet.name(), sheet.index(), "mu", null, sheet.mu());
    for (int i = 0; i < sheet.heaviest().size(); i++) {
      ExampleDetails.Heavy heavy = sheet.heaviest().get(i);
      rows.add(
          run, sheet.name(), sheet.index(), "heaviest " + (i + 1), heavy.weight(), heavy.image());
    }
  }

  private void fillPlanes(DuckDBConnection connection) throws SQLException {
    try (TableAppender cells = new TableAppender(connection, "latent_plane");
        TableAppender codes = new TableAppender(connection, "latent_codes")) {
      for (Kept<LatentPlane> kept : kept(Detail.LATENT_PLANE, store::readPlane)) {
        LatentPlane plane = kept.detail;
        for (int cell = 0; cell < plane.size() * plane.size(); cell++) {
          cells.add(
              kept.run.hex(),
              plane.centre(cell % plane.size()),
              plane.centre(cell / plane.size()),
              (double) plane.logDensity().get(cell),
              plane.heaviest().get(cell),
              (double) plane.largestWeight().get(cell));
        }
        for (LatentPlane.Code code : plane.codes()) {
          codes.add(kept.run.hex(), code.index(), code.x(), code.y());
        }
      }
    }
  }

  private void fillPriors(DuckDBConnection connection) throws SQLException {
    try (TableAppender rows = new TableAppender(connection, "prior_estimates")) {
      for (String folder : new TreeSet<>(files(store.priors()))) {
        String prior = folder.replace('-', ':');
        for (Kept<PriorEstimates> kept :
            kept(store.priors().resolve(folder), run -> store.readPrior(prior, run))) {
          for (Estimate e : kept.detail.estimates()) {
            rows.add(
                kept.run.hex(),
                prior,
                e.name(),
                e.subset().text(),
                e.value(),
                e.standardError(),
                e.unit(),
                e.examples(),
                e.settings());
          }
        }
      }
    }
  }

  private void fillGallery(DuckDBConnection connection) throws SQLException {
    try (TableAppender rows = new TableAppender(connection, "gallery")) {
      for (Kept<Gallery> kept : kept(Detail.GALLERY, store::readGallery)) {
        for (Gallery.Sheet s : kept.detail.sheets()) {
          rows.add(kept.run.hex(), s.kind(), s.rows(), s.columns(), s.image(), s.about());
        }
      }
    }
  }

  private record Kept<T>(RunId run, T detail) {}

  private interface Source<T> {
    Optional<T> read() throws IOException;
  }

  private interface DetailSource<T> {
    Optional<T> read(RunId run) throws IOException;
  }

  /** The details of one kind of all runs of the studies that have them. */
  private <T> List<Kept<T>> kept(Detail detail, DetailSource<T> source) {
    return kept(store.details(detail), source);
  }

  private <T> List<Kept<T>> kept(Path folder, DetailSource<T> source) {
    Set<String> files = files(folder);
    Set<RunId> runs =
        studies.stream()
            .flatMap(study -> study.runs().stream().flatMap(run -> withRepeat(study, run)))
            .collect(Collectors.toCollection(LinkedHashSet::new));
    List<Answer<T>> answers =
        runs.stream().filter(run -> files.contains(run.hex() + ".json")).toList().parallelStream()
            .map(run -> Answer.of(run, () -> source.read(run)))
            .toList();
    answers.stream().map(Answer::warning).filter(Objects::nonNull).forEach(warnings::add);
    return answers.stream().map(Answer::kept).filter(Objects::nonNull).toList();
  }

  private static Stream<RunId> withRepeat(Study study, RunSpec run) {
    return Stream.concat(Stream.of(run.id()), study.repeatOf(run).map(RunSpec::id).stream());
  }

  /** Details that were read, or what was wrong with their file. */
  private record Answer<T>(@Nullable Kept<T> kept, @Nullable String warning) {
    static <T> Answer<T> of(RunId run, Source<T> source) {
      try {
        Optional<T> detail = source.read();
        return new Answer<>(detail.map(found -> new Kept<>(run, found)).orElse(null), null);
      } catch (IOException e) {
        return new Answer<>(null, String.valueOf(e.getMessage()));
      }
    }
  }

  private <T> Optional<T> read(Source<T> source) {
    try {
      return source.read();
    } catch (IOException e) {
      warnings.add(String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private Set<String> files(Path folder) {
    String[] names = folder.toFile().list();
    return names == null ? Set.of() : Arrays.stream(names).collect(Collectors.toSet());
  }
}
