package org.ratescope.cli.results;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ratescope.cli.option.PluginsOption;
import org.ratescope.cli.process.Environment;
import org.ratescope.cli.process.ExitCode;
import org.ratescope.cli.process.Json;
import org.ratescope.cli.process.ShellWord;
import org.ratescope.cli.process.UsageException;
import org.ratescope.spec.RunFields;
import org.ratescope.spec.RunSpec;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code clean}. */
@Command(
    name = "clean",
    description = {
      "List the files of a results folder that no study needs, and with --yes move them away.",
      "These are runs that no study declares, for example after a change of a study file, and"
          + " checkpoints of such runs. The studies and suites are those in the current folder,"
          + " beside the results folder, in the folders of --studies, and the built-in ones, with all"
          + " profiles. Runs that were made with --set belong to no study file, and are listed"
          + " too.",
      "Nothing is deleted: files go to the folder 'removed' in the results folder, and keep their"
          + " names there. Does nothing while a process trains these runs, or if a study file"
          + " cannot be read."
    },
    footer = {
      "",
      "Examples:",
      "  ratescope clean results",
      "  ratescope clean results --studies ~/studies --yes"
    })
public final class CleanCommand implements Callable<Integer> {
  private static final int LISTED = 20;

  private final Environment surroundings;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "The results folder.")
  private Path results = Path.of("results");

  @Option(
      names = "--studies",
      paramLabel = "DIR",
      description = "A folder with further study files; may be repeated.")
  private List<Path> folders = new ArrayList<>();

  @Option(names = "--yes", description = "Move the listed files away.")
  private boolean yes;

  @Mixin private final PluginsOption plugins = new PluginsOption();

  @Option(names = "--json", description = "Print a JSON object.")
  private boolean json;

  public CleanCommand(Environment surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    plugins.estimators(); // first: an architecture may be of a class in a jar
    NearbyStudies nearby = NearbyStudies.in(folders());
    if (!nearby.faults().isEmpty()) {
      throw new UsageException(
          "a study file cannot be read, so its runs are not known, and nothing is cleaned: "
              + nearby.faults().getFirst());
    }
    Unneeded unneeded = Unneeded.of(results, nearby);
    PrintWriter out = spec.commandLine().getOut();
    if (yes) {
      unneeded.requireIdle();
      unneeded.moveTo(results.resolve(Unneeded.REMOVED));
    }
    if (json) {
      out.println(Json.text(fields(unneeded)));
    } else {
      print(out, unneeded);
    }
    return ExitCode.SUCCESS;
  }

  private List<Path> folders() {
    for (Path folder : folders) {
      if (!folder.toFile().isDirectory()) {
        throw new UsageException("--studies: got \"%s\"; expected a folder".formatted(folder));
      }
    }
    if (!results.resolve("records").toFile().isDirectory()) {
      throw new UsageException(
          "got \"%s\"; expected a results folder, which has a folder 'records'".formatted(results));
    }
    Set<Path> all = new LinkedHashSet<>();
    all.add(Path.of("").toAbsolutePath());
    @Nullable Path beside = results.toAbsolutePath().normalize().getParent();
    if (beside != null) {
      all.add(beside);
    }
    folders.forEach(folder -> all.add(folder.toAbsolutePath().normalize()));
    all.add(surroundings.home().resolve("studies").toAbsolutePath().normalize());
    return List.copyOf(all);
  }

  private Map<String, Object> fields(Unneeded unneeded) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("results", results.toString());
    fields.put("runs", unneeded.runs().stream().map(run -> run.record().id().hex()).toList());
    fields.put("unreadable", unneeded.unreadable());
    fields.put("files", unneeded.files().stream().map(Path::toString).toList());
    fields.put("bytes", unneeded.bytes());
    fields.put("moved", yes);
    return fields;
  }

  private void print(PrintWriter out, Unneeded unneeded) {
    unneeded.unreadable().forEach(line -> out.println("left as it is: " + line));
    if (unneeded.files().isEmpty()) {
      out.println("%s: every run belongs to a study; nothing to clean".formatted(results));
      return;
    }
    for (Unneeded.Orphan run : unneeded.runs().stream().limit(LISTED).toList()) {
      out.println(
          "%s  %8s  %s".formatted(run.record().id(), StoredRuns.size(run.bytes()), settings(run)));
    }
    if (unneeded.runs().size() > LISTED) {
      out.println("... and %s more (--json lists all)".formatted(unneeded.runs().size() - LISTED));
    }
    unneeded
        .checkpoints()
        .forEach(
            checkpoint ->
                out.println(
                    "checkpoint %s  %s"
                        .formatted(
                            checkpoint.file().getFileName(), StoredRuns.size(checkpoint.bytes()))));
    out.println();
    out.println(
        "%s runs that no study declares, %s checkpoints that no study needs: %s files, %s"
            .formatted(
                unneeded.runs().size(),
                unneeded.checkpoints().size(),
                unneeded.files().size(),
                StoredRuns.size(unneeded.bytes())));
    Path removed = results.resolve(Unneeded.REMOVED);
    out.println(
        yes
            ? "moved to %s: delete that folder to free the space".formatted(removed)
            : "'ratescope clean %s --yes' moves them to %s"
                .formatted(ShellWord.quoted(results.toString()), removed));
  }

  private static String settings(Unneeded.Orphan orphan) {
    RunSpec run = orphan.record().spec();
    List<String> parts = new ArrayList<>();
    parts.add(RunFields.DATA.phraseOf(run));
    parts.add(RunFields.SPLIT.phraseOf(run));
    parts.add(RunFields.ARCHITECTURE.phraseOf(run));
    if (run.objective().usesClosedFormRate()) {
      parts.add("β = " + RunFields.BETA_KL.labelOf(run));
    } else {
      parts.add(RunFields.BETA_MI.phraseOf(run));
      parts.add(RunFields.BETA_KL.phraseOf(run));
    }
    parts.add(RunFields.ITERATIONS.phraseOf(run));
    parts.add(RunFields.SEED.phraseOf(run));
    return String.join(", ", parts);
  }
}
