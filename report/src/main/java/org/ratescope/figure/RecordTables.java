package org.ratescope.figure;

import java.io.IOException;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;
import org.ratescope.record.Estimate;
import org.ratescope.record.Outcome;
import org.ratescope.record.Picture;
import org.ratescope.record.Provenance;
import org.ratescope.record.RecordStore;
import org.ratescope.record.RunRecord;
import org.ratescope.record.TracePoint;
import org.ratescope.study.Objective;
import org.ratescope.study.RunId;
import org.ratescope.study.RunSpec;
import org.ratescope.study.Split;
import org.ratescope.study.Study;
import org.ratescope.study.Training;

/** The tables of a study's records, being filled. Their columns are documented in tables.sql. */
final class RecordTables {
  private final Study study;
  private final List<String> warnings = new ArrayList<>();

  RecordTables(Study study) {
    this.study = study;
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
      statement.execute(Resources.text("tables.sql"));
      statement.execute(Resources.text("curves.sql"));
    }
    List<Loaded> runs =
        study.runs().parallelStream().flatMap(spec -> withRepeat(store, spec)).toList();
    Map<Split, String> splits = splitLabels(runs);
    try (Rows runRows = new Rows(connection, "runs");
        Rows estimates = new Rows(connection, "estimates");
        Rows trace = new Rows(connection, "trace");
        Rows pictures = new Rows(connection, "pictures")) {
      for (Loaded run : runs) {
        addRun(runRows, run, splits);
        if (run.warning != null) {
          warnings.add(run.warning);
        }
        if (run.record != null) {
          addContents(run.record, estimates, trace, pictures);
        }
      }
    }
    return warnings;
  }

  /** A run of the grid and, where it has diverged, the run that repeats it. */
  private Stream<Loaded> withRepeat(RecordStore store, RunSpec spec) {
    Loaded run = load(store, spec, null);
    boolean diverged = run.record != null && run.record.outcome() instanceof Outcome.Diverged;
    return Stream.concat(
        Stream.of(run),
        (diverged ? study.repeatOf(spec) : Optional.<RunSpec>empty())
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

  /** Labels with sizes where a record tells them, unless two splits would read the same. */
  private Map<Split, String> splitLabels(List<Loaded> runs) {
    Map<Split, Provenance> sizes = new HashMap<>();
    for (Loaded run : runs) {
      if (run.record != null) {
        sizes.putIfAbsent(run.spec.split(), run.record.provenance());
      }
    }
    Map<Split, String> labels = new HashMap<>();
    study.splits().forEach(s -> labels.put(s, Labels.split(s, sizes.get(s))));
    boolean distinct = labels.values().stream().distinct().count() == labels.size();
    study.splits().forEach(s -> labels.merge(s, s.text(), (full, text) -> distinct ? full : text));
    return labels;
  }

  private void addRun(Rows rows, Loaded run, Map<Split, String> splitLabels) throws SQLException {
    RunSpec spec = run.spec;
    Objective objective = spec.objective();
    Outcome outcome = run.record == null ? null : run.record.outcome();
    Provenance provenance = run.record == null ? null : run.record.provenance();
    rows.add(
        spec.id().hex(),
        spec.data().text(),
        spec.split().text(),
        splitLabels.get(spec.split()),
        study.splits().indexOf(spec.split()),
        spec.architecture().text(),
        Labels.architecture(spec.architecture()),
        study.architectures().indexOf(spec.architecture()),
        spec.architecture().layers(),
        spec.latentSize(),
        spec.likelihood().text(),
        Labels.likelihood(spec.likelihood()),
        study.likelihoods().indexOf(spec.likelihood()),
        objective.family().text(),
        objective.family().label(),
        objective.betaMi(),
        objective.betaKl(),
        objective.usesClosedFormRate() ? objective.betaKl() : null,
        weight(objective),
        spec.training().stopping().text(),
        Labels.stopping(spec.training().stopping()),
        study.trainings().stream()
            .map(Training::stopping)
            .toList()
            .indexOf(spec.training().stopping()),
        spec.training().iterations(),
        spec.training().batch(),
        spec.training().learningRate(),
        spec.training().precision().text(),
        spec.seed(),
        run.repeatOf == null ? null : run.repeatOf.hex(),
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
        provenance == null ? null : provenance.cohort().size());
  }

  private static @Nullable Double weight(Objective objective) {
    return switch (objective.family()) {
      case BETA, MARGINAL_KL -> objective.betaKl();
      case MUTUAL_INFORMATION -> objective.betaMi();
      case BOTH -> null;
    };
  }

  private static void addContents(RunRecord record, Rows estimates, Rows trace, Rows pictures)
      throws SQLException {
    String run = record.id().hex();
    for (Estimate e : record.estimates()) {
      estimates.add(
          run,
          e.name(),
          e.half().text(),
          e.value(),
          e.standardError(),
          e.unit(),
          e.examples(),
          e.settings());
    }
    for (TracePoint p : record.trace()) {
      trace.add(run, p.step(), p.distortion(), p.rate());
    }
    for (Picture p : record.pictures()) {
      pictures.add(
          run,
          p.name(),
          p.half().text(),
          p.index(),
          p.distance(),
          p.original(),
          p.neighbour(),
          p.reconstruction());
    }
  }
}
