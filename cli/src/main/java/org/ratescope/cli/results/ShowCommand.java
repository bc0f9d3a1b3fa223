package org.ratescope.cli.results;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ratescope.cli.option.PluginsOption;
import org.ratescope.cli.process.Environment;
import org.ratescope.cli.process.ExitCode;
import org.ratescope.cli.process.Json;
import org.ratescope.cli.process.NamedValues;
import org.ratescope.results.Estimate;
import org.ratescope.results.Outcome;
import org.ratescope.results.Provenance;
import org.ratescope.results.RunRecord;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunField;
import org.ratescope.spec.RunFields;
import org.ratescope.spec.RunId;
import org.ratescope.sql.QueryResult;
import org.ratescope.study.Detail;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code show}. */
@Command(
    name = "show",
    description = {
      "Show one run: its study, settings, estimates, files and provenance.",
      "RUN is the beginning of the run's id, as tables and file names show it. Without --results,"
          + " looks in all results folders in the current folder."
    },
    footer = {
      "",
      "Examples:",
      "  ratescope show 3fa2",
      "  ratescope show results/records/3fa2b4c6d8e0f123.json --json"
    })
public final class ShowCommand implements Callable<Integer> {
  private final Environment surroundings;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "RUN", description = "The beginning of an id, or a record file.")
  private String run = "";

  @Option(names = "--results", paramLabel = "DIR", description = "The results folder.")
  private @Nullable Path results;

  @Mixin private final PluginsOption plugins = new PluginsOption();

  @Option(names = "--json", description = "Print a JSON object.")
  private boolean json;

  public ShowCommand(Environment surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    plugins.estimators(); // first: the architecture may be of a class in a jar
    StoredRuns.Stored stored = StoredRuns.find(run, results);
    RunRecord record = stored.record();
    List<String> studies = studies(stored);
    PrintWriter out = spec.commandLine().getOut();
    if (!json) {
      print(out, stored, studies);
      return ExitCode.SUCCESS;
    }
    Map<String, Object> head = head(stored);
    head.put("studies", studies);
    Map<String, Object> sections = new LinkedHashMap<>();
    sections.put("run", head);
    sections.put("settings", settings(record));
    sections.put("estimates", record.estimates().stream().map(Estimate::fields).toList());
    sections.put("files", files(stored.store(), record.id()));
    sections.put("provenance", provenance(record.provenance()));
    out.println(Json.text(sections));
    return ExitCode.SUCCESS;
  }

  private static Map<String, Object> head(StoredRuns.Stored stored) {
    RunRecord record = stored.record();
    Map<String, Object> head = new LinkedHashMap<>();
    head.put("run", record.id().hex());
    head.put("results", stored.store().root().toString());
    Outcome outcome = record.outcome();
    head.put("outcome", outcome.word());
    head.put("step", outcome.step());
    if (outcome instanceof Outcome.Failed failed) {
      head.put("message", failed.message());
    }
    return head;
  }

  /** The studies here or beside the results, or else the built-in ones, that declare the run. */
  private List<String> studies(StoredRuns.Stored stored) {
    List<String> near = words(NearbyStudies.around(stored.store().root()), stored.record());
    return near.isEmpty()
        ? words(NearbyStudies.in(List.of(surroundings.home().resolve("studies"))), stored.record())
        : near;
  }

  private static List<String> words(NearbyStudies nearby, RunRecord record) {
    return nearby.of(record.spec()).stream().map(NearbyStudies.Named::words).toList();
  }

  private static Map<String, Object> settings(RunRecord record) {
    Map<String, Object> settings = new LinkedHashMap<>();
    for (RunField<?> field : RunFields.ALL) {
      settings.put(field.name(), field.plain(record.spec()));
    }
    return settings;
  }

  private static List<String> files(RecordStore store, RunId id) {
    Stream<Path> details = Stream.of(Detail.values()).map(d -> store.detailFile(d, id));
    return Stream.concat(
            Stream.of(store.recordFile(id), store.weightsFile(id), store.timingFile(id)), details)
        .filter(Files::exists)
        .map(Path::toString)
        .toList();
  }

  private static Map<String, Object> provenance(Provenance from) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("ratescope", from.ratescope());
    fields.put("jvm", from.jvm());
    fields.put("libtorch", from.libtorch());
    fields.put("blas", from.blas());
    fields.put("device", from.device());
    fields.put("trainExamples", from.trainExamples());
    fields.put("testExamples", from.testExamples());
    fields.put("dataSha256", from.dataSha256());
    fields.put("splitSha256", from.splitSha256());
    fields.put("cohort", from.cohort().stream().map(RunId::hex).toList());
    return fields;
  }

  private static void print(PrintWriter out, StoredRuns.Stored stored, List<String> studies) {
    RunRecord record = stored.record();
    Map<String, Object> head = head(stored);
    head.put("studies", studies.isEmpty() ? "no study file here" : String.join(", ", studies));
    NamedValues.print(out, head, false);
    out.println();
    for (RunField<?> field : RunFields.ALL) {
      out.println("%-14s  %s".formatted(field.title(), field.labelOf(record.spec())));
    }
    out.println();
    List<List<Object>> rows = new ArrayList<>();
    for (Estimate e : record.estimates()) {
      rows.add(List.of(e.subset().text(), e.name(), e.value(), e.standardError(), e.unit()));
    }
    out.print(
        new QueryResult(List.of("subset", "estimate", "value", "standard error", "unit"), rows)
            .toText());
    out.println();
    files(stored.store(), record.id()).forEach(out::println);
    out.println();
    Map<String, Object> provenance = provenance(record.provenance());
    provenance.put(
        "cohort", record.provenance().cohort().size() + " runs that were trained together");
    NamedValues.print(out, provenance, false);
  }
}
