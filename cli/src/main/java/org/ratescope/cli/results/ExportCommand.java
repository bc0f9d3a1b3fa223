package org.ratescope.cli.results;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ratescope.cli.option.PluginsOption;
import org.ratescope.cli.option.RunChoice;
import org.ratescope.cli.option.StudyOptions;
import org.ratescope.cli.process.Environment;
import org.ratescope.cli.process.ExitCode;
import org.ratescope.cli.process.Json;
import org.ratescope.cli.process.TerminalProgress;
import org.ratescope.cli.process.UsageException;
import org.ratescope.export.Croissant;
import org.ratescope.export.OnnxModel;
import org.ratescope.export.PyTorchModule;
import org.ratescope.parquet.ParquetTables;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunSpec;
import org.ratescope.study.Suite;
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
      "Write a trained model for PyTorch or ONNX, or the records of a study as Parquet.",
      "--pytorch writes model.py, which needs PyTorch alone, and weights.safetensors: 'import"
          + " model; vae = model.load()' gives encode, decode, the likelihood and the prior.",
      "--onnx writes encoder.onnx (images to mean and logvar) and decoder.onnx (codes to logits, or"
          + " to the mean of a Gaussian likelihood), float32.",
      "RUN is the beginning of the run's id, as tables and file names show it. Without --results,"
          + " looks in all results folders in the current folder. Files of the same names in DIR"
          + " are replaced. See docs/python.md.",
      "--parquet takes a STUDY in place of a RUN: a study file, a folder of study files (a suite),"
          + " or the name of a built-in one. It writes runs, estimates, results (finished runs with"
          + " distortion and rate side by side), curves (means over restarts), trace, and the"
          + " details that the runs have, a .parquet file each. Their metadata contain unit and"
          + " meaning of each column; croissant.json describes them for programs."
    },
    footer = {
      "",
      "Examples:",
      "  ratescope export 3fa2 --pytorch vae",
      "  ratescope export results/records/3fa2b4c6d8e0f123.json --pytorch vae --onnx vae",
      "  ratescope export study.yaml --parquet tables"
    })
public final class ExportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  private final Environment surroundings;

  @Parameters(
      paramLabel = "RUN|STUDY",
      description = "The beginning of an id, or a record file; for --parquet a study.")
  private String subject = "";

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

  @Option(
      names = "--parquet",
      paramLabel = "DIR",
      description = "Write the tables of a study to this folder.")
  private @Nullable Path parquet;

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      description = "With --parquet: use this profile of the study file.")
  private @Nullable String profile;

  @Option(names = "--results", paramLabel = "DIR", description = "The results folder.")
  private @Nullable Path results;

  @Mixin private final PluginsOption plugins = new PluginsOption();

  @Option(names = "--json", description = "Print a JSON array of the files.")
  private boolean json;

  public ExportCommand(Environment surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    boolean ofRun = pytorch != null || onnx != null;
    if (ofRun == (parquet != null)) {
      throw new UsageException(
          ofRun
              ? "got --parquet, which takes a STUDY, and --pytorch or --onnx, which take a RUN;"
                  + " expected one of the two kinds"
              : "got no format; expected --pytorch DIR, --onnx DIR, or for a STUDY --parquet DIR");
    }
    if (ofRun && profile != null) {
      throw new UsageException(
          "--profile: got %s; expected no profile of a RUN".formatted(profile));
    }
    List<Path> files = parquet == null ? models() : tables(parquet);
    Json.print(spec.commandLine().getOut(), files, json);
    return ExitCode.SUCCESS;
  }

  private List<Path> models() throws IOException {
    plugins.estimators(); // first: the architecture may be of a class in a jar
    StoredRuns.Stored stored = StoredRuns.find(subject, results);
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

  private List<Path> tables(Path folder) throws IOException {
    StudyOptions study =
        new StudyOptions(surroundings, subject, profile, results, new RunChoice(), plugins);
    Suite suite = study.read();
    RecordStore store = study.existingStore();
    PrintWriter err = spec.commandLine().getErr();
    try (TerminalProgress progress = surroundings.progress(err)) {
      ParquetTables.Written written =
          ParquetTables.write(suite, store, folder, progress::preparing);
      written.warnings().forEach(warning -> progress.note("warning: " + warning));
      List<Path> files = new ArrayList<>();
      written.tables().forEach(table -> files.add(table.file()));
      Path about = folder.resolve("croissant.json");
      description(suite, written).write(about);
      files.add(about);
      return files;
    }
  }

  private static Croissant description(Suite suite, ParquetTables.Written written) {
    List<Croissant.DataFile> files = new ArrayList<>();
    for (ParquetTables.Table table : written.tables()) {
      List<Croissant.Column> columns = new ArrayList<>();
      table
          .columns()
          .forEach(
              (name, meaning) ->
                  columns.add(new Croissant.Column(name, meaning.sentence(), meaning.type())));
      files.add(new Croissant.DataFile(table.file(), table.rows() + " rows.", columns));
    }
    return new Croissant(
        suite.name(), "Records of the study %s, as tables.".formatted(suite.name()), files);
  }
}
