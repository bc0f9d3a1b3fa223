package org.ratescope.cli.model;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ratescope.cli.option.DeviceOption;
import org.ratescope.cli.option.ImagesOption;
import org.ratescope.cli.option.ModelOptions;
import org.ratescope.cli.option.PluginsOption;
import org.ratescope.cli.option.RunChoice;
import org.ratescope.cli.option.StudyOptions;
import org.ratescope.cli.option.WorkersOption;
import org.ratescope.cli.process.Environment;
import org.ratescope.cli.process.ExitCode;
import org.ratescope.cli.process.Json;
import org.ratescope.cli.process.TerminalProgress;
import org.ratescope.cli.process.UsageException;
import org.ratescope.cli.study.StudyServices;
import org.ratescope.cli.study.SweepEnd;
import org.ratescope.estimate.Estimators;
import org.ratescope.evaluate.ModelEvaluation;
import org.ratescope.evaluate.ModelFile;
import org.ratescope.results.Estimate;
import org.ratescope.spec.Prior;
import org.ratescope.spec.Subset;
import org.ratescope.study.Evaluation;
import org.ratescope.study.Suite;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code evaluate}. */
@Command(
    name = "evaluate",
    description = {
      "Compute estimates from trained weights.",
      "With a STUDY: uses the stored weights of its finished runs, and writes the values into their"
          + " records. Renames weights that are damaged or belong to another run, and trains that"
          + " run again. If weights were deleted, the exit code is 1.",
      "With --weights: uses a model trained elsewhere, for example in PyTorch, and prints each"
          + " value with its standard error over the examples.",
      "With a STUDY and --prior: fits that prior to the codes of each finished run's training"
          + " examples, and prints the test values with it. Encoder and decoder stay as they are."
          + " Writes the values to DIR/priors, and changes no record."
    },
    footer = {
      "",
      "Examples:",
      "  ratescope evaluate study.yaml --only mutualInformation,marginalKl",
      "  ratescope evaluate study.yaml --prior mixture:64 --where prior=normal",
      "  ratescope evaluate --weights w.safetensors --train train.npy --test test.npy",
      "  ratescope evaluate --weights w.safetensors --train tetrominoes:cv:0.1 --test"
          + " tetrominoes:cv:0.1 --only distortion,rate --json",
      "  ratescope evaluate --architecture mlp:3x400 --latent 50 --weights w.safetensors --train"
          + " array:sprites.npz,key=imgs,white=1 --test hdf5:test.h5,key=images"
    })
public final class EvaluateCommand implements Callable<Integer> {
  /** The options that only stored weights of a study need. */
  private static final List<String> OF_A_STUDY =
      List.of("--profile", "--set", "--where", "--results", "--workers");

  /** The options that only a model trained elsewhere needs. */
  private static final List<String> OF_A_MODEL =
      List.of(
          "--names",
          "--architecture",
          "--latent",
          "--likelihood",
          "--precision",
          "--train",
          "--test",
          "--examples",
          "--seed");

  private final Environment surroundings;

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "STUDY",
      description =
          "A study file, a folder of study files (a suite), or the name of a built-in one:"
              + " quickstart, paper.")
  private @Nullable String study;

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      description = "Use this profile of the study file.")
  private @Nullable String profile;

  @Mixin private final RunChoice choice = new RunChoice();

  @Option(
      names = "--results",
      paramLabel = "DIR",
      description =
          "Folder of records and weights (default: results; of the built-in study quickstart:"
              + " quickstart).")
  private @Nullable Path results;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "NAME",
      description =
          "Compute only these estimators: ${COMPLETION-CANDIDATES}; and for a study these details:"
              + " memorisation, latent-plane, gallery (default: those of the study; with --weights"
              + " all estimators).",
      completionCandidates = EstimatorNames.class)
  private List<String> only = new ArrayList<>();

  @Option(
      names = "--prior",
      paramLabel = "PRIOR",
      description =
          "With a STUDY: the prior to fit, for example mixture:64. With --weights: the prior of the"
              + " model (default: normal).")
  private @Nullable Prior prior;

  @Mixin private final ModelOptions model = new ModelOptions();

  @Mixin private final WorkersOption workers = new WorkersOption();

  @Mixin private final DeviceOption device = new DeviceOption();

  @Mixin private final ImagesOption images;

  @Mixin private final PluginsOption plugins = new PluginsOption();

  @Option(names = "--json", description = "Print a JSON object.")
  private boolean json;

  public EvaluateCommand(Environment surroundings) {
    this.surroundings = surroundings;
    this.images = new ImagesOption(surroundings);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if ((study == null) == !model.given()) {
      throw new UsageException(
          "got %s; expected either a STUDY or --weights: see 'ratescope evaluate --help'"
              .formatted(study == null ? "neither" : "both"));
    }
    if (study == null) {
      UnusedOptions.refuse(spec, OF_A_STUDY, "with --weights");
    } else {
      UnusedOptions.refuse(spec, OF_A_MODEL, "with a STUDY");
    }
    try (TerminalProgress progress = surroundings.progress(spec.commandLine().getErr())) {
      return study == null ? ofModel(progress) : ofStudy(study, progress);
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  /** The values of --only. */
  static final class EstimatorNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Estimators.standard().names().iterator();
    }
  }

  private int ofStudy(String name, TerminalProgress progress)
      throws IOException, InterruptedException {
    StudyOptions options = new StudyOptions(surroundings, name, profile, results, choice, plugins);
    Suite asked = options.read();
    if (!only.isEmpty()) {
      asked = asked.with(s -> s.evaluation(Evaluation.named(only, s.evaluation().examples())));
    }
    if (prior != null) {
      return new FittedPriors(
              StudyServices.fitPriors(
                  asked,
                  prior,
                  only,
                  options.store(),
                  images.library(),
                  plugins.estimators(),
                  workers,
                  device,
                  progress),
              prior)
          .print(spec.commandLine(), json);
    }
    SweepEnd end =
        StudyServices.evaluate(
            asked,
            options.store(),
            images.library(),
            plugins.estimators(),
            workers,
            device,
            progress);
    end.status().print(spec.commandLine().getOut(), json);
    return end.codeOfEvaluation(spec.commandLine().getErr());
  }

  private int ofModel(TerminalProgress progress) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    Estimators estimators = plugins.estimators(); // first: the model may be of a class in a jar
    ModelFile file = model.file(images.library(), prior == null ? Prior.normal() : prior);
    if (!json) {
      printHead(out, file);
    }
    ModelEvaluation found =
        model.evaluate(
            file,
            only,
            estimators,
            device.get(),
            images.library(),
            progress::preparing,
            estimate -> {
              if (!json) {
                progress.above(() -> out.println(line(estimate)), out);
              }
            });
    PrintWriter err = spec.commandLine().getErr();
    new TreeMap<>(found.skipped())
        .forEach((subset, files) -> err.println(subset.text() + ": files skipped: " + files));
    err.flush();
    if (json) {
      out.println(Json.text(found.fields()));
      return ExitCode.SUCCESS;
    }
    for (Subset subset : Subset.values()) {
      String stored = found.stored().get(subset);
      if (stored != null) {
        out.println("%-5s  images: %s".formatted(subset.text(), stored));
      }
    }
    return ExitCode.SUCCESS;
  }

  /** What is evaluated, and the names of the columns. */
  private static void printHead(PrintWriter out, ModelFile file) {
    out.println(
        "%s, %s latent values, %s, %s"
            .formatted(
                file.architecture().displayName(),
                file.latentSize(),
                file.likelihood().displayName(),
                file.precision().text()));
    out.println(
        "%-5s  %-34s %14s   %-11s %s".formatted("set", "estimate", "value", "std. error", "unit"));
    out.flush();
  }

  static String line(Estimate e) {
    return String.format(
        Locale.ROOT,
        "%-5s  %-34s %14.6g ± %-11.3g %s%s",
        e.subset().text(),
        e.name(),
        e.value(),
        e.standardError(),
        e.unit(),
        e.settings().isEmpty() ? "" : " (" + e.settings() + ")");
  }
}
