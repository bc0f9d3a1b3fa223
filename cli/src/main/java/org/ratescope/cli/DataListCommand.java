package org.ratescope.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ratescope.data.ImageSource;
import org.ratescope.study.DataSpec;
import org.ratescope.tetromino.Tetrominoes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code data list}. */
@Command(
    name = "list",
    description = "List the data sets that a study can name.",
    footer = {"", "Example:", "  ratescope data list --json"})
final class DataListCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Mixin private final ImagesOption images;

  @Option(names = "--json", description = "Print a JSON array.")
  private boolean json;

  DataListCommand(Surroundings surroundings) {
    this.images = new ImagesOption(surroundings);
  }

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    List<Map<String, Object>> sets = List.of(fields(DataSpec.Tetrominoes.published()));
    if (json) {
      out.println(Json.text(sets));
      return;
    }
    sets.forEach(set -> Table.print(out, set, false));
  }

  private Map<String, Object> fields(DataSpec.Tetrominoes spec) {
    ImageSource source = Tetrominoes.of(spec);
    Path folder = images.library().folder(source);
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", spec.name());
    fields.put("default", spec.text());
    fields.put("images", source.size());
    fields.put("shape", List.of(spec.channels(), spec.height(), spec.width()));
    fields.put("factors", source.factorNames());
    fields.put("allowed", DataSpec.ALLOWED);
    fields.put("folder", folder.toString());
    fields.put("built", Files.isDirectory(folder));
    return fields;
  }
}
