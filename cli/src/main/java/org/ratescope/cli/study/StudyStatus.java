package org.ratescope.cli.study;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ratescope.cli.process.Json;
import org.ratescope.cli.process.NamedValues;
import org.ratescope.results.Outcome;
import org.ratescope.results.RunSummary;
import org.ratescope.results.store.RecordStore;
import org.ratescope.results.store.RunSummaries;
import org.ratescope.spec.RunSpec;
import org.ratescope.study.Suite;

/**
 * The status of the runs of a study or a suite.
 *
 * @param suite the studies
 * @param finished finished runs
 * @param troubles runs that diverged or failed, without a successful repetition
 * @param repeated diverged runs whose repetition in another precision finished
 * @param missing runs without a readable record
 * @param damaged faults of unreadable records
 * @param results the folder of the records, if the reader should see it
 */
public record StudyStatus(
    Suite suite,
    int finished,
    List<Trouble> troubles,
    int repeated,
    int missing,
    List<String> damaged,
    Optional<Path> results) {
  public StudyStatus {
    troubles = List.copyOf(troubles);
    damaged = List.copyOf(damaged);
  }

  /** A run that did not finish. */
  record Trouble(RunSpec run, Outcome outcome) {
    String line() {
      String message = outcome instanceof Outcome.Failed failed ? ": " + failed.message() : "";
      return "%s %s at step %s%s (%s)"
          .formatted(run.id(), outcome.word(), outcome.step(), message, run.canonical());
    }

    Map<String, Object> fields() {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("run", run.id().hex());
      fields.put("outcome", outcome.word());
      fields.put("step", outcome.step());
      if (outcome instanceof Outcome.Failed failed) {
        fields.put("message", failed.message());
      }
      fields.put("spec", run.canonical());
      return fields;
    }
  }

  /** Reads the records in a store. */
  static StudyStatus of(Suite suite, RecordStore store) {
    return of(suite, store.summaries(suite.runs()));
  }

  /** Reads the heads of records. */
  static StudyStatus of(Suite suite, RunSummaries records) {
    Counts counts = new Counts(records);
    for (RunSpec run : suite.runs()) {
      Optional<Outcome> outcome = counts.outcome(run);
      Optional<RunSpec> repeat =
          outcome.filter(o -> o instanceof Outcome.Diverged).flatMap(o -> suite.repeatOf(run));
      if (repeat.isEmpty()) {
        counts.add(run, outcome);
      } else if (counts.add(repeat.get(), counts.outcome(repeat.get()))) {
        counts.repeated++;
      } else {
        counts.add(run, outcome);
      }
    }
    return new StudyStatus(
        suite,
        counts.finished,
        counts.troubles,
        counts.repeated,
        counts.missing,
        counts.damaged,
        Optional.empty());
  }

  /** The same, with the folder of the records. */
  StudyStatus in(Path folder) {
    return new StudyStatus(
        suite, finished, troubles, repeated, missing, damaged, Optional.of(folder));
  }

  /** A status during counting. */
  private static final class Counts {
    private final RunSummaries records;
    private final List<Trouble> troubles = new ArrayList<>();
    private int finished;
    private int repeated;
    private int missing;
    private final List<String> damaged = new ArrayList<>();

    Counts(RunSummaries records) {
      this.records = records;
    }

    Optional<Outcome> outcome(RunSpec run) {
      try {
        return records.of(run).map(RunSummary::outcome);
      } catch (IOException e) {
        damaged.add("damaged; 'ratescope run' replaces it: " + e.getMessage());
        return Optional.empty();
      }
    }

    /** Counts a run; returns whether it finished. */
    boolean add(RunSpec run, Optional<Outcome> outcome) {
      if (outcome.isEmpty()) {
        missing++;
      } else if (outcome.get() instanceof Outcome.Finished) {
        finished++;
      } else {
        troubles.add(new Trouble(run, outcome.get()));
      }
      return outcome.isPresent() && outcome.get() instanceof Outcome.Finished;
    }
  }

  /** The numbers under the names that the command line prints, in a fixed order. */
  Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put(suite.isSingle() ? "study" : "suite", suite.name());
    fields.put("runs", finished + repeated + troubles.size() + missing);
    fields.put("finished", finished);
    fields.put("diverged", count("diverged") + repeated);
    if (suite.repeatsDiverged()) {
      fields.put("repeated", repeated);
    }
    fields.put("failed", count("failed"));
    fields.put("missing", missing);
    results.ifPresent(folder -> fields.put("results", folder.toString()));
    return fields;
  }

  /** {@link #fields} and a list of the failed and diverged runs. */
  Map<String, Object> fieldsWithTroubles() {
    Map<String, Object> fields = fields();
    fields.put("troubles", troubles.stream().map(Trouble::fields).toList());
    return fields;
  }

  public void print(PrintWriter out, boolean json) {
    print(out, json, Elsewhere.NOWHERE);
  }

  /** Prints also which other folders have records of the runs. */
  void print(PrintWriter out, boolean json, Elsewhere elsewhere) {
    if (json) {
      Map<String, Object> fields = fieldsWithTroubles();
      if (results.isPresent()) {
        fields.put("elsewhere", elsewhere.fields());
      }
      out.println(Json.text(fields));
      return;
    }
    NamedValues.print(out, fields(), false);
    troubles.forEach(trouble -> out.println(trouble.line()));
    damaged.forEach(out::println);
    elsewhere.lines().forEach(out::println);
  }

  private long count(String word) {
    return troubles.stream().filter(t -> t.outcome().word().equals(word)).count();
  }
}
