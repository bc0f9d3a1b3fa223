package org.ratescope.evaluate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.PointerScope;
import org.ratescope.dataset.source.ArrayImages;
import org.ratescope.dataset.source.ImageLibrary;
import org.ratescope.dataset.store.BuildListener;
import org.ratescope.estimate.Estimators;
import org.ratescope.estimate.EvaluationData;
import org.ratescope.estimate.TrainedModel;
import org.ratescope.model.InferredShape;
import org.ratescope.model.ParameterLayout;
import org.ratescope.model.Parameters;
import org.ratescope.model.TensorNames;
import org.ratescope.model.WeightsFile;
import org.ratescope.model.architecture.NetworkArchitecture;
import org.ratescope.model.layer.ImageShape;
import org.ratescope.results.Estimate;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.Precision;
import org.ratescope.spec.Prior;
import org.ratescope.spec.Subset;
import org.ratescope.study.Evaluation;
import org.ratescope.tensor.Device;
import org.ratescope.tensor.Libtorch;

/**
 * A VAE trained elsewhere: its shape and a safetensors file with PyTorch's names and shapes, as
 * {@link WeightsFile} describes them. It can be evaluated like a run of a study.
 *
 * @param architecture encoder and decoder
 * @param latentSize L, number of values of a code, at least 1
 * @param likelihood the decoder's distribution
 * @param prior the distribution of the codes; its parameters are in the weights
 * @param precision floating-point format of the evaluation; float32 weights may be used in float64
 * @param weights the safetensors file
 * @param names what its tensors are called here
 */
public record ModelFile(
    Architecture architecture,
    int latentSize,
    Likelihood likelihood,
    Prior prior,
    Precision precision,
    Path weights,
    TensorNames names) {
  public ModelFile {
    if (!(latentSize >= 1)) {
      throw new IllegalArgumentException("latent size must be at least 1; got " + latentSize);
    }
  }

  /**
   * The architecture and latent size that the shapes in a weight file tell, for the images of a
   * reference.
   *
   * @throws IOException if a file cannot be read
   * @throws IllegalArgumentException if no architecture has these shapes, or more than one
   */
  public static InferredShape infer(
      Path weights, TensorNames names, ImagesReference images, ImageLibrary library)
      throws IOException {
    ImageShape shape = shape(images, library);
    List<InferredShape> found = InferredShape.of(weights, names, shape);
    if (found.size() != 1) {
      throw new IllegalArgumentException(
          "%s: the shapes of its tensors are those of %s for images of %s values; 'ratescope evaluate' takes --architecture (%s) and --latent"
              .formatted(
                  weights,
                  found.isEmpty()
                      ? "no architecture"
                      : found.stream()
                          .map(each -> each.architecture().text())
                          .collect(Collectors.joining(" and of ")),
                  shape.dimensions(),
                  Architecture.allowed()));
    }
    return found.getFirst();
  }

  /** The shape of the images of a reference; that of vectors if the file does not tell it. */
  static ImageShape shape(ImagesReference images, ImageLibrary library) throws IOException {
    return switch (images) {
      case ImagesReference.Named named -> ImageShape.of(named.data());
      case ImagesReference.Whole whole -> ImageShape.of(whole.data());
      case ImagesReference.Stored stored -> {
        ArrayImages.Stored array = library.open(stored.images());
        yield array
            .shape()
            .map(chw -> new ImageShape(chw[0], chw[1], chw[2]))
            .orElse(ImageShape.vector(array.dimensions()));
      }
    };
  }

  /**
   * Evaluates the model on the training set and the test set.
   *
   * @param train the source of the training set
   * @param test the source of the test set
   * @param evaluation the estimators, and the number of examples of each subset
   * @param estimators the available estimators
   * @param seed the only source of randomness
   * @param device where it is evaluated
   * @param library the source of named data sets
   * @param listener receives progress while a named data set is built, and before each estimator
   * @param found receives each estimate as soon as it is there
   * @throws IOException if a file is missing, damaged or does not fit, with its name and the fault
   * @throws IllegalArgumentException if an estimator is unknown or a split is impossible
   */
  public ModelEvaluation evaluate(
      ImagesReference train,
      ImagesReference test,
      Evaluation evaluation,
      Estimators estimators,
      long seed,
      Device device,
      ImageLibrary library,
      BuildListener listener,
      Consumer<Estimate> found)
      throws IOException {
    Libtorch.useOneThread();
    Device there = device.require();
    estimators.check(evaluation);
    try (PointerScope scope = new PointerScope()) {
      TrainTestImages data = TrainTestImages.open(train, test, library, listener);
      Parameters parameters = parameters(data, there);
      TrainedModel model = TrainedModel.of(parameters, 0, likelihood);
      EvaluationData setting =
          EvaluationData.of(data.pool().on(there), data.partition(), evaluation.examples());
      List<Estimate> estimates = new ArrayList<>();
      for (Subset subset : Subset.values()) {
        estimates.addAll(
            estimators.estimate(evaluation, model, setting, subset, seed, listener, found));
      }
      return new ModelEvaluation(
          this,
          train,
          test,
          data.stored(),
          data.skipped(),
          data.partition().size(Subset.TRAIN),
          data.partition().size(Subset.TEST),
          seed,
          estimates);
    }
  }

  private Parameters parameters(TrainTestImages data, Device device) throws IOException {
    ImageShape shape =
        NetworkArchitecture.of(architecture).readsPlanes()
            ? data.shape()
            : ImageShape.vector(data.dimensions());
    ParameterLayout layout = ParameterLayout.of(architecture, shape, latentSize, prior);
    Parameters parameters = Parameters.zeros(layout, precision, 1, device);
    WeightsFile.read(weights, names, parameters, 0);
    return parameters;
  }
}
