package org.ratescope.cli.results;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ratescope.cli.option.PluginsOption;
import org.ratescope.cli.process.ExitCode;
import org.ratescope.cli.process.Json;
import org.ratescope.cli.process.UsageException;
import org.ratescope.export.OnnxModel;
import org.ratescope.export.PyTorchModule;
import org.ratescope.spec.RunSpec;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code export}. */
@Command(
    name = "export",
    description = {
      "Write a trained model for PyTorch or ONNX.",
      "--pytorch writes model.py, which needs PyTorch alone, and weights.safetensors: 'import model;"
          + " vae = model.load()' gives encode, decode, the likelihood and the prior.",
      "--onnx writes encoder.onnx (images to mean and logvar) and decoder.onnx (codes to logits, or"
          + " to the mean of a Gaussian likelihood), float32.",
      "RUN is the beginning of the run's id, as tables and file names show it. Without --results,"
          + " looks in all results folders in the current folder. Files of the same names in DIR are"
          + " replaced. See docs/python.md."
    },
    footer = {
      "",
      "Examples:",
      "  ratescope export 3fa2 --pytorch vae",
      "  ratescope export results/records/3fa2b4c6d8e0f123.json --pytorch vae --onnx vae"
    })
public final class ExportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "RUN", description = "The beginning of an id, or a record file.")
  private String run = "";

  @Option(
      names = "--pytorch",
      paramLabel = "DIR",
      description = "Write model.py and weights.safetensors to this folder.")
  private @Nullable Path pytorch;

  @Option(
      names = "--onnx",
      paramLabel = "DIR",
      description = "Write encoder.onnx and decoder.onnx to this folder.")
  private @Nullable Path onnx;

  @Option(names = "--results", paramLabel = "DIR", description = "The results folder.")
  private @Nullable Path results;

  @Mixin private final PluginsOption plugins = new PluginsOption();

  @Option(names = "--json", description = "Print a JSON array of the files.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    if (pytorch == null && onnx == null) {
      throw new UsageException("got no format; expected --pytorch DIR, --onnx DIR or both");
    }
    List<Path> files = models();
    if (json) {
      spec.commandLine().getOut().println(Json.text(files.stream().map(Path::toString).toList()));
    } else {
      files.forEach(spec.commandLine().getOut()::println);
    }
    return ExitCode.SUCCESS;
  }

  private List<Path> models() throws IOException {
    plugins.estimators(); // first: the architecture may be of a class in a jar
    StoredRuns.Stored stored = StoredRuns.find(run, results);
    RunSpec trained = stored.record().spec();
    Path weights = stored.weights();
    List<Path> files = new ArrayList<>();
    try {
      if (pytorch != null) {
        files.addAll(PyTorchModule.write(trained, weights, pytorch));
      }
      if (onnx != null) {
        files.addAll(OnnxModel.write(trained, weights, onnx));
      }
    } catch (IllegalArgumentException e) {
      throw new UsageException("run %s: %s".formatted(trained.id(), e.getMessage()));
    }
    return files;
  }
}
