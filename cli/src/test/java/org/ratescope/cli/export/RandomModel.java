package org.ratescope.cli.export;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.ratescope.model.ParameterLayout;
import org.ratescope.model.Parameters;
import org.ratescope.model.Safetensors;
import org.ratescope.model.Vae;
import org.ratescope.model.WeightsFile;
import org.ratescope.model.layer.ParameterGroup;
import org.ratescope.model.layer.ParameterView;
import org.ratescope.model.prior.PriorDensity;
import org.ratescope.spec.RunRandom;
import org.ratescope.spec.RunSpec;
import org.ratescope.tensor.Tensors;

/** A run with random weights, and what Ratescope itself computes with them. */
record RandomModel(RunSpec run, Path weights, Path expected) {
  private static final int BATCH = 5;

  /** A run of that architecture, prior, likelihood, precision and data. */
  static RunSpec run(
      String data, String architecture, String prior, String likelihood, String precision) {
    return RunSpec.parse(
        "data=%s;split=cv:0.5;architecture=%s;latent=3;likelihood=%s;betaMi=1.0;betaKl=1.0;iterations=10;batch=4;learningRate=0.001;precision=%s;seed=7%s"
            .formatted(
                data,
                architecture,
                likelihood,
                precision,
                prior.equals("normal") ? "" : ";prior=" + prior));
  }

  /** Writes the weights, and the numbers as {@code expected.safetensors}, to a folder. */
  static RandomModel write(RunSpec run, Path folder) throws IOException {
    Path weights = folder.resolve("w.safetensors");
    Path expected = folder.resolve("expected.safetensors");
    try (PointerScope scope = new PointerScope()) {
      ParameterLayout layout = ParameterLayout.of(run);
      Parameters parameters = Parameters.zeros(layout, run.training().precision(), 1);
      parameters.initialize(0, run.seed());
      int stream = 0;
      for (ParameterGroup group : layout.priorParameters()) { // many start at 0
        for (ParameterView view : group.views()) {
          Tensor values = view.of(parameters.row(0));
          values.add_(numbers(values, view.count(), stream++, true).view(view.sizes()));
        }
      }
      WeightsFile.write(weights, run, parameters, 0);
      Safetensors.write(expected, new Safetensors.Content(numbers(run, parameters), Map.of()));
    }
    return new RandomModel(run, weights, expected);
  }

  private static Tensor numbers(Tensor like, long count, int stream, boolean signed) {
    RunRandom random = RunRandom.of(11, RunRandom.Stream.CODES, stream);
    double[] numbers = new double[Math.toIntExact(count)];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = signed ? 0.3 * random.normal(i) : random.uniform(i);
    }
    return Tensors.tensor(like, numbers, count);
  }

  private static Map<String, Tensor> numbers(RunSpec run, Parameters parameters) {
    Vae vae = Vae.forEvaluation(parameters, BATCH, run.likelihood());
    Tensor images = vae.images();
    images.copy_(numbers(images, images.numel(), 100, false).view_as(images));
    Tensor noise = vae.noise();
    noise.copy_(numbers(noise, noise.numel(), 101, true).view_as(noise));
    vae.forward();
    PriorDensity prior = vae.prior();
    Map<String, Tensor> found = new LinkedHashMap<>();
    found.put("x", images.select(0, 0));
    found.put("mean", vae.mean().select(0, 0));
    found.put("logvar", vae.logVar().select(0, 0));
    found.put("z", vae.codes().select(0, 0));
    found.put("output", vae.logits().select(0, 0));
    found.put("likelihood.mean", vae.decoderMean().select(0, 0));
    found.put("likelihood.distortion", vae.distortion().select(0, 0));
    found.put("prior.log_prob", prior.logDensity(vae.codes()).select(0, 0));
    found.put("prior.rate", vae.rate().select(0, 0));
    found.replaceAll((name, tensor) -> tensor.clone().contiguous());
    return found;
  }
}
