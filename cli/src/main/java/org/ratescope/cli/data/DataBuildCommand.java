package org.ratescope.cli.data;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.ratescope.cli.option.ImagesOption;
import org.ratescope.cli.process.Environment;
import org.ratescope.cli.process.ExitCode;
import org.ratescope.cli.process.NamedValues;
import org.ratescope.dataset.ImageSet;
import org.ratescope.spec.data.DataSpec;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code data build}. */
@Command(
    name = "build",
    description = {
      "Build the images of a data set in the cache folder.",
      "'run' does this automatically. Existing images are verified and not built again."
    },
    footer = {"", "Example:", "  ratescope data build tetrominoes:resolution=16"})
final class DataBuildCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DATA", description = "The data set, for example tetrominoes.")
  private DataSpec data;

  @Mixin private final ImagesOption images;

  @Option(names = "--json", description = "Print a JSON object.")
  private boolean json;

  DataBuildCommand(Environment surroundings) {
    this.images = new ImagesOption(surroundings);
  }

  @Override
  public Integer call() throws IOException {
    ImageSet set = images.open(data, spec.commandLine().getErr());
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("data", data.text());
    fields.put("images", set.size());
    fields.put("file", set.file().toString());
    fields.put("sha256", set.sha256());
    NamedValues.print(spec.commandLine().getOut(), fields, json);
    return ExitCode.SUCCESS;
  }
}
