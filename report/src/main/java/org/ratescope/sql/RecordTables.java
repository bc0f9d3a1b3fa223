package org.ratescope.sql;

import java.io.IOException;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;
import org.ratescope.io.Resources;
import org.ratescope.results.Convergence;
import org.ratescope.results.CurvePoint;
import org.ratescope.results.Estimate;
import org.ratescope.results.LossPoint;
import org.ratescope.results.Outcome;
import org.ratescope.results.Picture;
import org.ratescope.results.Provenance;
import org.ratescope.results.RunRecord;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunId;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Split;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;

/**
 * The tables of a suite's records, being filled. Their columns are documented in docs/figures.md.
 */
final class RecordTables {
  private final Suite suite;
  private final DeclarationOrder positions;
  private final List<String> warnings = new ArrayList<>();

  RecordTables(Suite suite) {
    this.suite = suite;
    this.positions = DeclarationOrder.of(suite);
  }

  /** A run beside its record, or beside the reason there is none although there is a file. */
  private record Loaded(
      RunSpec spec,
      @Nullable RunId repeatOf,
      @Nullable RunRecord record,
      @Nullable String warning) {}

  /** Creates and fills the tables; returns what was wrong with damaged records. */
  List<String> fill(DuckDBConnection connection, RecordStore store) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(RunColumns.complete(Resources.text(RecordTables.class, "tables.sql")));
      statement.execute(RunColumns.complete(Resources.text(RecordTables.class, "curves.sql")));
    }
    List<Loaded> runs =
        distinct(suite.runs().parallelStream().flatMap(spec -> withRepeat(store, spec)).toList());
    Map<Partitioned, String> splits = splitLabels(runs);
    addStudies(connection);
    try (TableAppender runRows = new TableAppender(connection, "runs");
        TableAppender members = new TableAppender(connection, "members");
        TableAppender estimates = new TableAppender(connection, "estimates");
        TableAppender trace = new TableAppender(connection, "trace");
        TableAppender curves = new TableAppender(connection, "learning_curves");
        TableAppender pictures = new TableAppender(connection, "pictures")) {
      for (Loaded run : runs) {
        addRun(runRows, run, splits);
        for (Study study : suite.studies(run.spec)) {
          members.add(run.spec.id().hex(), study.name());
        }
        if (run.warning != null) {
          warnings.add(run.warning);
        }
        if (run.record != null) {
          addContents(run.record, estimates, trace, pictures);
          addCurve(run.record, curves);
        }
      }
    }
    return warnings;
  }

  /** A repetition that a study also declares by itself is there once, as a repetition. */
  private static List<Loaded> distinct(List<Loaded> runs) {
    Map<RunSpec, Loaded> byRun = new LinkedHashMap<>();
    runs.forEach(run -> byRun.merge(run.spec, run, (a, b) -> a.repeatOf == null ? b : a));
    return List.copyOf(byRun.values());
  }

  /** A run of the grid and, where it has diverged, the run that repeats it. */
  private Stream<Loaded> withRepeat(RecordStore store, RunSpec spec) {
    Loaded run = load(store, spec, null);
    boolean diverged = run.record != null && run.record.outcome() instanceof Outcome.Diverged;
    return Stream.concat(
        Stream.of(run),
        (diverged ? suite.repeatOf(spec) : Optional.<RunSpec>empty())
            .map(repeat -> load(store, repeat, spec.id())).stream());
  }

  private static Loaded load(RecordStore store, RunSpec spec, @Nullable RunId repeatOf) {
    try {
      Optional<RunRecord> record = store.read(spec.id());
      if (record.isPresent() && !record.get().spec().equals(spec)) {
        return new Loaded(
            spec, repeatOf, null, store.recordFile(spec.id()) + ": holds run " + record.get().id());
      }
      return new Loaded(spec, repeatOf, record.orElse(null), null);
    } catch (IOException e) {
      return new Loaded(spec, repeatOf, null, String.valueOf(e.getMessage()));
    }
  }

  private void addStudies(DuckDBConnection connection) throws SQLException {
    try (TableAppender rows = new TableAppender(connection, "studies")) {
      for (Study study : suite.studies()) {
        rows.add(
            study.name(),
            study.title(),
            suite.studies().indexOf(study),
            study.data().text(),
            study.restarts());
      }
    }
  }

  /** A split of one data set. */
  private record Partitioned(DataSpec data, Split split) {
    static Partitioned of(RunSpec run) {
      return new Partitioned(run.data(), run.split());
    }
  }

  /**
   * Labels with sizes where a record tells them, unless two of one data set would read the same.
   */
  private static Map<Partitioned, String> splitLabels(List<Loaded> runs) {
    Map<Partitioned, @Nullable Provenance> sizes = new LinkedHashMap<>();
    for (Loaded run : runs) {
      Partitioned key = Partitioned.of(run.spec);
      if (sizes.get(key) == null) {
        sizes.put(key, run.record == null ? null : run.record.provenance());
      }
    }
    Map<DataSpec, Set<String>> used = new HashMap<>();
    Set<DataSpec> ambiguous = new HashSet<>();
    Map<Partitioned, String> labels = new HashMap<>();
    sizes.forEach(
        (key, size) -> {
          String label = DisplayNames.split(key.split, size);
          labels.put(key, label);
          if (!used.computeIfAbsent(key.data, d -> new HashSet<>()).add(label)) {
            ambiguous.add(key.data);
          }
        });
    labels.replaceAll((key, label) -> ambiguous.contains(key.data) ? key.split.text() : label);
    return labels;
  }

  private void addRun(TableAppender rows, Loaded run, Map<Partitioned, String> splitLabels)
      throws SQLException {
    RunSpec spec = run.spec;
    RunRecord record = run.record;
    Outcome outcome = record == null ? null : record.outcome();
    Provenance provenance = record == null ? null : record.provenance();
    Convergence convergence =
        record != null && outcome instanceof Outcome.Finished ? Convergence.of(record) : null;
    String splitLabel = Objects.requireNonNull(splitLabels.get(Partitioned.of(spec)));
    rows.addRow(
        RunColumns.values(spec, positions, splitLabel),
        run.repeatOf == null ? null : run.repeatOf.hex(),
        spec.split() instanceof Split.WithoutFold fold ? spec.split(fold.of()).id().hex() : null,
        outcome == null ? "missing" : outcome.word(),
        outcome == null ? null : outcome.step(),
        outcome instanceof Outcome.Finished finished ? finished.weightsOf() : null,
        outcome instanceof Outcome.Failed failed ? failed.message() : null,
        provenance == null ? null : provenance.trainExamples(),
        provenance == null ? null : provenance.testExamples(),
        provenance == null ? null : provenance.ratescope(),
        provenance == null ? null : provenance.jvm(),
        provenance == null ? null : provenance.libtorch(),
        provenance == null ? null : provenance.blas(),
        provenance == null ? null : provenance.device(),
        provenance == null ? null : provenance.dataSha256(),
        provenance == null ? null : provenance.cohort().size(),
        convergence == null ? null : convergence.state().text(),
        convergence == null ? null : finite(convergence.fall()),
        convergence == null ? null : finite(convergence.standardError()));
  }

  private static @Nullable Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }

  private static void addCurve(RunRecord record, TableAppender curves) throws SQLException {
    for (CurvePoint p : record.curve()) {
      curves.add(record.id().hex(), p.step(), p.subset().text(), p.distortion(), p.rate());
    }
  }

  private static void addContents(
      RunRecord record, TableAppender estimates, TableAppender trace, TableAppender pictures)
      throws SQLException {
    String run = record.id().hex();
    for (Estimate e : record.estimates()) {
      estimates.add(
          run,
          e.name(),
          e.subset().text(),
          e.value(),
          e.standardError(),
          e.unit(),
          e.examples(),
          e.settings());
    }
    for (LossPoint p : record.trace()) {
      trace.add(run, p.step(), p.distortion(), p.rate());
    }
    for (Picture p : record.pictures()) {
      pictures.add(
          run,
          p.name(),
          p.subset().text(),
          p.index(),
          p.distance(),
          p.original(),
          p.neighbour(),
          p.reconstruction());
    }
  }
}
