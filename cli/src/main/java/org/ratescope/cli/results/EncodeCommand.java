package org.ratescope.cli.results;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ratescope.cli.option.DeviceOption;
import org.ratescope.cli.option.ImagesOption;
import org.ratescope.cli.option.PluginsOption;
import org.ratescope.cli.process.Environment;
import org.ratescope.cli.process.ExitCode;
import org.ratescope.cli.process.Json;
import org.ratescope.cli.process.TerminalProgress;
import org.ratescope.cli.process.UsageException;
import org.ratescope.dataset.ImageSet;
import org.ratescope.evaluate.CodesModel;
import org.ratescope.evaluate.ImageCodes;
import org.ratescope.evaluate.ImagesReference;
import org.ratescope.export.Croissant;
import org.ratescope.model.TensorNames;
import org.ratescope.results.Provenance;
import org.ratescope.results.RunRecord;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.data.DataSpec;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code encode}. */
@Command(
    name = "encode",
    description = {
      "Write the codes of images: mean and log-variance of q(z|x), and samples.",
      "RUN is the beginning of a run's id. Without DATA, the images are the training set and the"
          + " test set of the run; your own images are found through its study file, here or beside"
          + " the results folder. DATA: a split such as mnist:cv:0.1, a .npy file,"
          + " array:FILE.npz,key=NAME, hdf5:FILE,key=NAME or"
          + " images:FOLDER,size=PIXELS,colour=grey.",
      "FILE.npz has arrays mean and logvar [N, L], sample [N, S, L], row (in the data set) and,"
          + " of a split, subset; FILE.parquet has the columns row, subset, mean_0, ..., logvar_0, ...,"
          + " sample_0_0, ... Beside it Ratescope writes FILE.croissant.json, a description for"
          + " programs."
    },
    footer = {
      "",
      "Examples:",
      "  ratescope encode 3fa2 --out codes.npz",
      "  ratescope encode 3fa2 photos.npy --samples 8 --out codes.parquet",
      "  ratescope encode --weights w.safetensors mnist:cv:0.1 --out codes.npz"
    })
public final class EncodeCommand implements Callable<Integer> {
  private final Environment surroundings;

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "1..2",
      paramLabel = "[RUN] [DATA]",
      hideParamSyntax = true,
      description = "The run and the images; with --weights the images alone.")
  private List<String> words = new ArrayList<>();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "The file to write, .npz or .parquet; one of that name is replaced.")
  private Path out = Path.of("");

  @Option(
      names = "--samples",
      paramLabel = "S",
      description = "Samples from each q(z|x), 0 to 1000 (default: 0).")
  private int samples;

  @Option(names = "--seed", paramLabel = "SEED", description = "Seed of the samples (default: 0).")
  private long seed;

  @Option(
      names = "--weights",
      paramLabel = "FILE",
      description =
          "Use a model trained elsewhere: a safetensors file, whose shapes determine the"
              + " architecture (see 'ratescope evaluate --help').")
  private @Nullable Path weights;

  @Option(
      names = "--names",
      paramLabel = "FILE",
      description = "With --weights: YAML file with the names of your tensors and Ratescope's.")
  private @Nullable Path names;

  @Option(names = "--results", paramLabel = "DIR", description = "The results folder.")
  private @Nullable Path results;

  @Mixin private final DeviceOption device = new DeviceOption();

  @Mixin private final ImagesOption images;

  @Mixin private final PluginsOption plugins = new PluginsOption();

  @Option(names = "--json", description = "Print a JSON array of the files.")
  private boolean json;

  public EncodeCommand(Environment surroundings) {
    this.surroundings = surroundings;
    this.images = new ImagesOption(surroundings);
  }

  @Override
  public Integer call() throws IOException {
    CodesFile.Format format = CodesFile.Format.of(out);
    if (!(samples >= 0 && samples <= 1000)) {
      throw new UsageException("--samples: got %s; expected 0 to 1000".formatted(samples));
    }
    if (weights != null && words.size() != 1) {
      throw new UsageException(
          "got --weights and %s words; expected one, the images".formatted(words.size()));
    }
    if (weights == null && names != null) {
      throw new UsageException("--names: expected --weights, a model trained elsewhere");
    }
    plugins.estimators(); // first: the architecture may be of a class in a jar
    try (TerminalProgress progress = surroundings.progress(spec.commandLine().getErr())) {
      CodesModel model;
      ImagesReference data;
      if (weights != null) {
        data = reference(words.getFirst());
        TensorNames renamed = names == null ? TensorNames.SAME : TensorNames.read(names);
        model = new CodesModel.OfFile(weights, renamed);
      } else {
        StoredRuns.Stored stored = StoredRuns.find(words.getFirst(), results);
        RunSpec run = stored.record().spec();
        data = words.size() > 1 ? reference(words.getLast()) : images(stored, progress);
        model = new CodesModel.OfRun(run, stored.weights());
      }
      ImageCodes codes =
          ImageCodes.of(model, data, images.library(), device.get(), progress::preparing);
      CodesFile file = new CodesFile(codes, samples, seed);
      progress.preparing("writing " + out.getFileName(), 0, 1);
      List<Croissant.Column> columns = file.write(out, format);
      Path about = out.resolveSibling(out.getFileName() + ".croissant.json");
      describe(model, data, codes, columns, about);
      Json.print(spec.commandLine().getOut(), List.of(out, about), json);
      return ExitCode.SUCCESS;
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  /** Both sets of a run; the studies near its results know where the user's own images are. */
  private ImagesReference images(StoredRuns.Stored stored, TerminalProgress progress)
      throws IOException {
    RunSpec run = stored.record().spec();
    List<DataSpec> places = NearbyStudies.around(stored.store().root()).data(run);
    IOException fault =
        new IOException(
            "run %s was trained on other images; name the images to encode".formatted(run.id()));
    for (DataSpec data : places.isEmpty() ? List.of(run.data()) : places) {
      try {
        if (wasTrainedOn(images.library().open(data, progress::preparing), stored.record())) {
          return new ImagesReference.Named(data, run.split());
        }
      } catch (IOException e) {
        fault = e;
      }
    }
    throw fault;
  }

  private static boolean wasTrainedOn(ImageSet images, RunRecord record) throws IOException {
    Provenance trained = record.provenance();
    String split = trained.splitSha256(); // empty in old records
    return images.sha256().equals(trained.dataSha256())
        && (split.isEmpty() || split.equals(images.partition(record.spec().split()).sha256()));
  }

  private static ImagesReference reference(String text) {
    try {
      return ImagesReference.parse(text);
    } catch (IllegalArgumentException e) {
      throw new UsageException("DATA: " + e.getMessage());
    }
  }

  private void describe(
      CodesModel model,
      ImagesReference data,
      ImageCodes codes,
      List<Croissant.Column> columns,
      Path file)
      throws IOException {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("model", model.text());
    facts.put("images", data.text());
    facts.put("number of images", Integer.toString(codes.size()));
    facts.put("latent values", Integer.toString(codes.latentSize()));
    facts.put("samples of each", samples + (samples > 0 ? ", seed " + seed : ""));
    StringBuilder text = new StringBuilder("Codes of images: mean and log-variance of q(z|x).");
    facts.forEach((name, value) -> text.append(" %s: %s.".formatted(name, value)));
    new Croissant(
            String.valueOf(out.getFileName()),
            text.toString(),
            List.of(new Croissant.DataFile(out, "The codes, a row for each image.", columns)))
        .write(file);
  }
}
