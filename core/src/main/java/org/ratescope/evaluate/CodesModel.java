package org.ratescope.evaluate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.ratescope.dataset.source.ImageLibrary;
import org.ratescope.estimate.TrainedModel;
import org.ratescope.model.InferredShape;
import org.ratescope.model.ParameterLayout;
import org.ratescope.model.Parameters;
import org.ratescope.model.TensorNames;
import org.ratescope.model.WeightsFile;
import org.ratescope.model.layer.ImageShape;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.Precision;
import org.ratescope.spec.RunSpec;
import org.ratescope.tensor.Device;

/** A model whose codes are requested. */
public sealed interface CodesModel {

  /** What it is, for a description. */
  String text();

  /**
   * Reads the weights. The model belongs to the innermost open scope.
   *
   * @param images images of its size
   * @throws IOException if a file is missing, damaged or does not fit
   * @throws IllegalArgumentException if the shapes in the file are those of no architecture
   */
  TrainedModel open(ImagesReference images, ImageLibrary library, Device device) throws IOException;

  /** The model of a run. */
  record OfRun(RunSpec run, Path weights) implements CodesModel {
    @Override
    public String text() {
      return "run %s, %s".formatted(run.id(), run.canonical());
    }

    @Override
    public TrainedModel open(ImagesReference images, ImageLibrary library, Device device)
        throws IOException {
      ImageShape given = ModelFile.shape(images, library);
      ImageShape expected = ImageShape.of(run.data());
      if (!given.equals(expected) && !given.equals(ImageShape.vector(expected.dimensions()))) {
        throw new IOException(
            "%s: images of %s; expected %s, as run %s reads"
                .formatted(images.text(), given.text(), expected.text(), run.id()));
      }
      return TrainedModel.read(weights, run, device);
    }
  }

  /** A model trained elsewhere, in float32. Parameters of a prior are left out. */
  record OfFile(Path weights, TensorNames names) implements CodesModel {
    @Override
    public String text() {
      return weights.toString();
    }

    @Override
    public TrainedModel open(ImagesReference images, ImageLibrary library, Device device)
        throws IOException {
      Map<String, String> own = new HashMap<>(Map.of("prior", ""));
      own.putAll(names.names());
      TensorNames renamed = new TensorNames(own);
      InferredShape shape = ModelFile.infer(weights, renamed, images, library);
      ParameterLayout layout =
          ParameterLayout.of(
              shape.architecture(), ModelFile.shape(images, library), shape.latentSize());
      Parameters parameters = Parameters.zeros(layout, Precision.FLOAT32, 1, device);
      WeightsFile.read(weights, renamed, parameters, 0);
      return TrainedModel.of(parameters, 0, Likelihood.parse("bernoulli")); // not used
    }
  }
}
