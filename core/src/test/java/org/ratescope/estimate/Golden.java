package org.ratescope.estimate;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.ratescope.dataset.Partition;
import org.ratescope.estimate.posterior.Examples;
import org.ratescope.estimate.posterior.Posteriors;
import org.ratescope.model.Npy;
import org.ratescope.model.ParameterLayout;
import org.ratescope.model.Parameters;
import org.ratescope.model.WeightsFile;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.Subset;
import org.ratescope.tensor.ImageTensor;
import org.ratescope.tensor.Libtorch;
import org.ratescope.tensor.Tensors;

/**
 * The model trained with PyTorch and the values computed from it in float64 with NumPy. They are no
 * part of this repository; where they are absent the tests that need them are skipped.
 */
final class Golden {
  static final Path FOLDER = Path.of("..", "..", "shared", "golden");
  static final int DIMENSIONS = 3072;
  static final int LATENT = 10;

  private Golden() {}

  static void require() {
    assumeTrue(
        Files.exists(FOLDER.resolve("weights.safetensors")),
        "skipped: the golden PyTorch model is not beside this checkout");
    Libtorch.useOneThread();
  }

  static double[] array(String name) throws IOException {
    return Npy.read(FOLDER.resolve("arrays").resolve(name + ".npy"));
  }

  static JsonNode scalars() throws IOException {
    return new ObjectMapper().readTree(FOLDER.resolve("scalars.json").toFile());
  }

  static TrainedModel model(ScalarType type) throws IOException {
    ParameterLayout layout =
        ParameterLayout.of(Architecture.parse("mlp:1x512"), DIMENSIONS, LATENT);
    Parameters parameters = Parameters.zeros(layout, type, 1);
    WeightsFile.read(FOLDER.resolve("weights.safetensors"), parameters, 0);
    return TrainedModel.of(parameters, 0, Likelihood.parse("bernoulli"));
  }

  /** The 128 images in the order of the golden arrays: 64 test images, then 64 training images. */
  static Examples batch128() throws IOException {
    double[] test = array("images_test64");
    double[] both = Arrays.copyOf(test, 2 * test.length);
    System.arraycopy(array("images_train64"), 0, both, test.length, test.length);
    Tensor pool = Tensors.tensor(ScalarType.Float, both, 128, DIMENSIONS);
    return Examples.ofRows(new ImageTensor(pool), Subset.TEST, IntStream.range(0, 128).toArray());
  }

  /** The posteriors of all 16384 training images, with standard deviations times {@code scale}. */
  static Posteriors trainPosteriors(double scale) throws IOException {
    double[] logVar = array("posterior_logvar_train");
    Arrays.setAll(logVar, i -> logVar[i] + 2 * Math.log(scale));
    return new Posteriors(LATENT, array("posterior_mean_train"), logVar);
  }

  static int[] indices(String name) throws IOException {
    return Arrays.stream(array(name)).mapToInt(v -> (int) v).toArray();
  }

  /** A setting in which the test set is the 64 golden test images. */
  static EvaluationData setting(Tensor train) throws IOException {
    int n = (int) train.size(0);
    Tensor pool = Tensors.empty(ScalarType.Float, n + 64, DIMENSIONS);
    pool.narrow(0, 0, n).copy_(train);
    pool.narrow(0, n, 64)
        .copy_(Tensors.tensor(ScalarType.Float, array("images_test64"), 64, DIMENSIONS));
    Partition partition =
        Partition.of(IntStream.range(0, n).toArray(), IntStream.range(n, n + 64).toArray());
    return EvaluationData.of(new ImageTensor(pool), partition, Integer.MAX_VALUE);
  }
}
