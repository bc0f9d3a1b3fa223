package org.ratescope.cli.results;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ratescope.cli.option.PluginsOption;
import org.ratescope.cli.option.RunChoice;
import org.ratescope.cli.option.StudyOptions;
import org.ratescope.cli.process.Environment;
import org.ratescope.cli.process.ExitCode;
import org.ratescope.cli.process.Json;
import org.ratescope.cli.process.UsageException;
import org.ratescope.results.RunRecord;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunSpec;
import org.ratescope.sql.QueryResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code compare}. */
@Command(
    name = "compare",
    description = {
      "Compare two runs or two studies: the settings that differ, and the estimates side by side.",
      "Of two studies, compares the means over restarts of runs that agree in all other settings."
          + " Runs that only one study has are left out, as are runs that leave out a fold of the"
          + " training set; standard deviations are over restarts."
    },
    footer = {
      "",
      "Examples:",
      "  ratescope compare 3fa2 9c01",
      "  ratescope compare small.yaml large.yaml",
      "  ratescope compare small.yaml large.yaml --estimate rate --subset train"
    })
public final class CompareCommand implements Callable<Integer> {
  private final Environment surroundings;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "A",
      index = "0",
      description = "The beginning of a run's id, or a study.")
  private String first = "";

  @Parameters(paramLabel = "B", index = "1", description = "The other run or study.")
  private String second = "";

  @Option(
      names = "--estimate",
      paramLabel = "NAME",
      description = "The estimate to compare of studies (default: ${DEFAULT-VALUE}).")
  private String estimate = "distortion";

  @Option(
      names = "--subset",
      paramLabel = "SUBSET",
      description = "train or test (default: ${DEFAULT-VALUE}).")
  private String subset = "test";

  @Option(
      names = "--results",
      paramLabel = "DIR",
      description = "The results folder (default: as of the other commands).")
  private @Nullable Path results;

  @Mixin private final PluginsOption plugins = new PluginsOption();

  @Option(names = "--json", description = "Print a JSON object.")
  private boolean json;

  public CompareCommand(Environment surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    if (!subset.equals("train") && !subset.equals("test")) {
      throw new UsageException("--subset: got \"%s\"; expected train or test".formatted(subset));
    }
    if (isRun(first) != isRun(second)) {
      throw new UsageException(
          "got a run and a study; expected two runs or two studies to compare");
    }
    plugins.estimators(); // first: an architecture may be of a class in a jar
    print(isRun(first) ? runs() : studies());
    return ExitCode.SUCCESS;
  }

  private static boolean isRun(String word) {
    return word.matches("[0-9a-f]{1,16}") || word.endsWith(".json");
  }

  /** The tables of the answer under their names. */
  private Map<String, QueryResult> runs() throws IOException {
    RunRecord a = StoredRuns.find(first, results).record();
    RunRecord b = StoredRuns.find(second, results).record();
    Map<String, QueryResult> tables = new LinkedHashMap<>();
    tables.put("settings", Comparison.settings(List.of(a.spec()), List.of(b.spec())));
    tables.put("estimates", Comparison.estimates(a, b));
    return tables;
  }

  private Map<String, QueryResult> studies() throws IOException {
    StudyOptions a = study(first);
    StudyOptions b = study(second);
    List<RunSpec> runsOfA = runs(a);
    List<RunSpec> runsOfB = runs(b);
    Map<String, QueryResult> tables = new LinkedHashMap<>();
    tables.put("settings", Comparison.settings(runsOfA, runsOfB));
    Comparison comparison = new Comparison(estimate, subset);
    tables.put(
        "estimates",
        comparison.means(
            runsOfA, finished(runsOfA, a.store()), runsOfB, finished(runsOfB, b.store())));
    return tables;
  }

  private StudyOptions study(String name) {
    return new StudyOptions(surroundings, name, null, results, new RunChoice(), plugins);
  }

  /** The runs of a study with its whole training sets. */
  private static List<RunSpec> runs(StudyOptions study) throws IOException {
    return study.read().runs().stream().filter(run -> run.split().fold().isEmpty()).toList();
  }

  private static List<RunRecord> finished(List<RunSpec> runs, RecordStore store)
      throws IOException {
    List<RunRecord> records = new ArrayList<>();
    for (RunSpec run : runs) {
      store.read(run.id()).ifPresent(records::add);
    }
    return records;
  }

  private void print(Map<String, QueryResult> tables) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      Map<String, Object> fields = new LinkedHashMap<>();
      tables.forEach((name, table) -> fields.put(name, rows(table)));
      out.println(Json.text(fields));
      return;
    }
    out.println("A: " + first);
    out.println("B: " + second);
    QueryResult settings = Objects.requireNonNull(tables.get("settings"));
    out.println();
    out.print(settings.rows().isEmpty() ? "no settings differ\n" : settings.toText());
    QueryResult estimates = Objects.requireNonNull(tables.get("estimates"));
    out.println();
    out.print(
        estimates.rows().isEmpty()
            ? "no finished runs that can be compared\n"
            : estimates.toText());
  }

  private static List<Map<String, @Nullable Object>> rows(QueryResult table) {
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    for (List<@Nullable Object> row : table.rows()) {
      Map<String, @Nullable Object> fields = new LinkedHashMap<>();
      for (int c = 0; c < table.columns().size(); c++) {
        Object value = row.get(c);
        if (!"".equals(value)) { // no deviation of one run
          fields.put(table.columns().get(c), value);
        }
      }
      rows.add(fields);
    }
    return rows;
  }
}
