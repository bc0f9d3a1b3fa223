package org.ratescope.cli.option;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ratescope.cli.process.UsageException;
import org.ratescope.dataset.source.ImageLibrary;
import org.ratescope.dataset.store.BuildListener;
import org.ratescope.estimate.Estimators;
import org.ratescope.evaluate.ImagesReference;
import org.ratescope.evaluate.ModelEvaluation;
import org.ratescope.evaluate.ModelFile;
import org.ratescope.model.InferredShape;
import org.ratescope.model.TensorNames;
import org.ratescope.results.Estimate;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.Precision;
import org.ratescope.spec.Prior;
import org.ratescope.study.Evaluation;
import org.ratescope.tensor.Device;
import picocli.CommandLine.Option;

/** A model trained elsewhere, and its training and test images. */
public final class ModelOptions {
  @Option(
      names = "--weights",
      paramLabel = "FILE",
      description =
          "Safetensors file of your model. Names: encoder.0.weight, encoder.0.bias, ..., mean.*,"
              + " logvar.*, decoder.0.*, ..., also with the prefix module. or _orig_mod.; shapes as"
              + " PyTorch's Linear, [out, in], Conv2d and ConvTranspose2d; F16, BF16, F32 or F64.")
  private @Nullable Path weights;

  @Option(
      names = "--names",
      paramLabel = "FILE",
      description =
          "YAML file with the names of your tensors and Ratescope's, a line each: 'fc21: mean'"
              + " renames fc21.weight and fc21.bias; 'head:' leaves head.* out.")
  private @Nullable Path names;

  @Option(
      names = "--architecture",
      paramLabel = "SHAPE",
      description =
          "Encoder and decoder of the model, for example mlp:1x512, cnn:3x64 or resmlp:4x256"
              + " (default: determined by the shapes in the weight file).")
  private @Nullable String architecture;

  @Option(
      names = "--latent",
      paramLabel = "L",
      description =
          "Number of latent values (default: as the weight file has; with --architecture 10).")
  private @Nullable Integer latent;

  @Option(
      names = "--likelihood",
      paramLabel = "NAME",
      completionCandidates = Likelihoods.class,
      description = "Distribution of the decoder: ${COMPLETION-CANDIDATES} (default: bernoulli).")
  private String likelihood = "bernoulli";

  @Option(
      names = "--precision",
      paramLabel = "FORMAT",
      completionCandidates = Precisions.class,
      description = "${COMPLETION-CANDIDATES} (default: float32).")
  private Precision precision = Precision.FLOAT32;

  @Option(
      names = "--train",
      paramLabel = "DATA",
      description =
          "Training images: a .npy file, array:FILE.npz,key=NAME, hdf5:FILE,key=NAME or"
              + " images:FOLDER,size=PIXELS,colour=grey, with the settings of a study file, such as"
              + " white=1; or a split such as tetrominoes:cv:0.1.")
  private @Nullable ImagesReference train;

  @Option(names = "--test", paramLabel = "DATA", description = "Test images, in the same form.")
  private @Nullable ImagesReference test;

  @Option(
      names = "--examples",
      paramLabel = "N",
      description =
          "Number of training and of test examples to use, drawn at random (default: all).")
  private int examples = Evaluation.ALL;

  @Option(
      names = "--seed",
      paramLabel = "SEED",
      description = "Seed of the estimates (default: 0).")
  private long seed;

  /** Whether a model was given. */
  public boolean given() {
    return weights != null;
  }

  /** The values of --likelihood. */
  static final class Likelihoods implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Likelihood.forms().iterator();
    }
  }

  /** The values of --precision. */
  static final class Precisions implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Stream.of(Precision.values()).map(Precision::text).iterator();
    }
  }

  /**
   * The model: its weights, and its shape as given or as the file tells it. The jars of the user
   * must be open, since an architecture or a likelihood may be theirs.
   *
   * @param prior its prior, whose parameters are among its weights
   */
  public ModelFile file(ImageLibrary library, Prior prior) throws IOException {
    Path file = required("--weights", weights);
    ImagesReference images = required("--train", train);
    ImagesReference unused = required("--test", test);
    Likelihood pixels = parsed("--likelihood", likelihood, Likelihood::parse);
    TensorNames renamed = names == null ? TensorNames.SAME : TensorNames.read(names);
    if (architecture != null) {
      Architecture given = parsed("--architecture", architecture, Architecture::parse);
      return new ModelFile(
          given, latent == null ? 10 : latent, pixels, prior, precision, file, renamed);
    }
    InferredShape shape = ModelFile.infer(file, renamed, images, library);
    if (latent != null && latent != shape.latentSize()) {
      throw new UsageException(
          "--latent: got %s; expected %s, the rows of mean.weight in %s"
              .formatted(latent, shape.latentSize(), file));
    }
    return new ModelFile(
        shape.architecture(), shape.latentSize(), pixels, prior, precision, file, renamed);
  }

  /**
   * Evaluates the model with the estimators of these names, with all if none.
   *
   * @param found gets each estimate as soon as it is there
   */
  public ModelEvaluation evaluate(
      ModelFile model,
      List<String> names,
      Estimators estimators,
      Device device,
      ImageLibrary library,
      BuildListener listener,
      Consumer<Estimate> found)
      throws IOException {
    Evaluation evaluation = new Evaluation(names.isEmpty() ? estimators.names() : names, examples);
    return model.evaluate(
        required("--train", train),
        required("--test", test),
        evaluation,
        estimators,
        seed,
        device,
        library,
        listener,
        found);
  }

  private static <T> T parsed(String option, String text, Function<String, T> parse) {
    try {
      return parse.apply(text);
    } catch (IllegalArgumentException e) {
      throw new UsageException(option + ": " + e.getMessage());
    }
  }

  private static <T> T required(String option, @Nullable T value) {
    if (value == null) {
      throw new UsageException("a model needs " + option + ": see 'ratescope evaluate --help'");
    }
    return value;
  }
}
