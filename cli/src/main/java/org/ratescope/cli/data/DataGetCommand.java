package org.ratescope.cli.data;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ratescope.cli.option.CatalogueOption;
import org.ratescope.cli.option.ImagesOption;
import org.ratescope.cli.process.Environment;
import org.ratescope.cli.process.ExitCode;
import org.ratescope.cli.process.Json;
import org.ratescope.cli.process.TerminalProgress;
import org.ratescope.cli.process.UsageException;
import org.ratescope.dataset.catalogue.Catalogue;
import org.ratescope.dataset.catalogue.KnownSet;
import org.ratescope.dataset.download.Download;
import org.ratescope.dataset.download.DownloadListener;
import org.ratescope.dataset.download.PlacedFile;
import org.ratescope.dataset.download.Timeouts;
import org.ratescope.progress.ProgressEvent;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code data get}. */
@Command(
    name = "get",
    description = {
      "Download the files of public data sets, or take them from files that you have.",
      "Existing files are verified and not downloaded again. Tries the mirrors in turn. An"
          + " interrupted download resumes. Verifies the checksum of the content, not of the"
          + " archive."
    },
    footer = {
      "",
      "Examples:",
      "  ratescope data get mnist",
      "  ratescope data get mnist fashion-mnist --data /srv/datasets --json",
      "  ratescope data get smallnorb --from ~/Downloads/norb",
      "  ratescope data get 3dshapes --from ~/Downloads/3dshapes.h5",
      "  ratescope data get mnist --catalogue our-mirrors.yaml",
      "",
      "Behind a proxy: JAVA_TOOL_OPTIONS='-Dhttps.proxyHost=HOST -Dhttps.proxyPort=PORT'."
    })
final class DataGetCommand implements Callable<Integer> {
  private final Environment surroundings;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "NAME",
      arity = "1..*",
      description =
          "Data sets: mnist, fashion-mnist, smallnorb, 3dshapes, hangul, or one of your catalogue.")
  private List<String> names = new ArrayList<>();

  @Option(
      names = "--from",
      paramLabel = "PATH",
      description = "Take the files from this folder or file, plain or .gz, and download nothing.")
  private @Nullable Path from;

  @Mixin private final ImagesOption images;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description =
          "Give up a mirror that sends nothing for this time, 1 to 3600 (default:"
              + " ${DEFAULT-VALUE}).")
  private int timeout;

  @Option(names = "--json", description = "Print a JSON array of the files.")
  private boolean json;

  DataGetCommand(Environment surroundings) {
    this.surroundings = surroundings;
    this.images = new ImagesOption(surroundings);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Catalogue known = images.library().catalogue();
    List<KnownSet> sets = names.stream().map(name -> CatalogueOption.find(known, name)).toList();
    if (from != null && sets.size() > 1) {
      throw new UsageException(
          "--from: got %s; expected one data set".formatted(String.join(", ", names)));
    }
    if (!(timeout >= 1 && timeout <= 3600)) {
      throw new UsageException("--timeout: got %s; expected 1 to 3600 seconds".formatted(timeout));
    }
    List<Map<String, Object>> files = new ArrayList<>();
    for (KnownSet set : sets) {
      for (PlacedFile file : get(set)) {
        files.add(fields(set, file));
      }
    }
    print(files);
    return ExitCode.SUCCESS;
  }

  private List<PlacedFile> get(KnownSet set) throws IOException, InterruptedException {
    Timeouts timeouts = new Timeouts(Timeouts.DEFAULT.connect(), Duration.ofSeconds(timeout));
    try (TerminalProgress progress = surroundings.progress(spec.commandLine().getErr())) {
      Download download = Download.of(set, images.datasets(), timeouts, listener(progress));
      return from == null ? download.fromMirrors() : download.fromPath(from);
    }
  }

  private static DownloadListener listener(TerminalProgress progress) {
    return new DownloadListener() {
      @Override
      public void advanced(String what, long bytes, long total) {
        progress.accept(new ProgressEvent.Transferring(what, bytes, total));
      }

      @Override
      public void noted(String message) {
        progress.note(message);
      }
    };
  }

  private static Map<String, Object> fields(KnownSet set, PlacedFile placed) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("data", set.name());
    fields.put("file", placed.path().toString());
    fields.put("bytes", placed.file().bytes());
    fields.put("how", placed.how().text());
    fields.put("from", placed.origin());
    fields.put("sha256", placed.sha256());
    fields.put("verified", placed.file().verifiedBy());
    return fields;
  }

  private void print(List<Map<String, Object>> files) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.text(files));
      return;
    }
    for (Map<String, Object> file : files) {
      out.printf(
          "%s  %s (%s), verified by %s%n",
          file.get("file"), file.get("how"), file.get("bytes"), file.get("verified"));
    }
  }
}
