package org.ratescope.cli.results;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.ratescope.cli.option.PluginsOption;
import org.ratescope.cli.process.Environment;
import org.ratescope.cli.process.ExitCode;
import org.ratescope.cli.process.Json;
import org.ratescope.cli.process.UsageException;
import org.ratescope.cli.study.ResultsFolders;
import org.ratescope.sql.QueryResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code ls}. */
@Command(
    name = "ls",
    description = {
      "List the studies and the results folders in a folder.",
      "Shows for each study, and each of its profiles with records, how many of its runs have a"
          + " record, and where."
    },
    footer = {"", "Examples:", "  ratescope ls", "  ratescope ls experiments --json"})
public final class ListCommand implements Callable<Integer> {
  private final Environment surroundings;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "DIR",
      arity = "0..1",
      description = "The folder (default: the current one).")
  private Path folder = Path.of("");

  @Mixin private final PluginsOption plugins = new PluginsOption();

  @Option(names = "--json", description = "Print a JSON object.")
  private boolean json;

  public ListCommand(Environment surroundings) {
    this.surroundings = surroundings;
  }

  /** The runs of a study that have a record in a folder; the folder is empty if none has. */
  private record Row(NearbyStudies.Named study, String results, long records) {
    Map<String, Object> fields() {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("file", study.place().toString());
      fields.put("name", study.suite().name());
      fields.put("profile", study.profile().orElse(""));
      fields.put("runs", study.suite().runs().size());
      fields.put("records", records);
      fields.put("results", results);
      return fields;
    }
  }

  @Override
  public Integer call() throws IOException {
    if (!folder.toString().isEmpty() && !Files.isDirectory(folder)) {
      throw new UsageException("got \"%s\"; expected a folder".formatted(folder));
    }
    plugins.estimators(); // first: an architecture may be of a class in a jar
    List<Path> folders = ResultsFolders.under(folder);
    NearbyStudies nearby = NearbyStudies.in(List.of(folder));
    List<Row> rows = new ArrayList<>(rows(nearby, folders));
    Path bundled = surroundings.home().resolve("studies");
    for (Row row : rows(NearbyStudies.in(List.of(bundled)), folders)) {
      if (row.records() > 0) {
        rows.add(row);
      }
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("studies", rows.stream().map(Row::fields).toList());
      fields.put("results", folders.stream().map(ListCommand::fields).toList());
      fields.put("faults", nearby.faults());
      out.println(Json.text(fields));
    } else {
      print(out, rows, folders);
      nearby.faults().forEach(fault -> out.println("not read: " + fault));
    }
    return ExitCode.SUCCESS;
  }

  /** A row for each study and results folder with records of it, else one without a folder. */
  private static List<Row> rows(NearbyStudies nearby, List<Path> folders) {
    Map<Path, Set<String>> recorded = new LinkedHashMap<>();
    folders.forEach(folder -> recorded.put(folder, new HashSet<>(StoredRuns.ids(folder))));
    List<Row> rows = new ArrayList<>();
    for (NearbyStudies.Named study : nearby.studies()) {
      List<Row> found = new ArrayList<>();
      recorded.forEach(
          (folder, ids) -> {
            long records =
                study.suite().runs().stream().filter(run -> ids.contains(run.id().hex())).count();
            if (records > 0) {
              found.add(new Row(study, folder.toString(), records));
            }
          });
      if (found.isEmpty() && study.profile().isEmpty() && !study.ofSuite()) {
        found.add(new Row(study, "", 0));
      }
      rows.addAll(found);
    }
    return rows;
  }

  private static Map<String, Object> fields(Path folder) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("folder", folder.toString());
    fields.put("records", StoredRuns.ids(folder).size());
    fields.put("checkpointBytes", StoredRuns.bytes(folder.resolve("checkpoints")));
    fields.put("bytes", StoredRuns.bytes(folder));
    return fields;
  }

  private void print(PrintWriter out, List<Row> rows, List<Path> folders) {
    if (rows.isEmpty()) {
      out.println("no studies here; 'ratescope init' writes one");
    } else {
      List<List<Object>> cells = new ArrayList<>();
      for (Row row : rows) {
        cells.add(
            List.of(
                shown(row.study()),
                row.study().suite().runs().size(),
                row.records(),
                row.results().isEmpty() ? "-" : row.results()));
      }
      out.print(new QueryResult(List.of("study", "runs", "recorded", "in"), cells).toText());
    }
    if (!folders.isEmpty()) {
      out.println();
      List<List<Object>> cells = new ArrayList<>();
      for (Path folder : folders) {
        cells.add(
            List.of(
                folder.toString(),
                StoredRuns.ids(folder).size(),
                StoredRuns.size(StoredRuns.bytes(folder))));
      }
      out.print(new QueryResult(List.of("results folder", "records", "size"), cells).toText());
    }
    out.println();
    out.println("Built-in studies: " + String.join(", ", surroundings.bundled()) + ".");
  }

  private String shown(NearbyStudies.Named study) {
    Path studies = surroundings.home().resolve("studies");
    String words = study.words();
    return study.place().startsWith(studies)
        ? words.replace(study.place().toString(), study.suite().name())
        : words;
  }
}
