package org.ratescope.export;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ratescope.io.AtomicFile;
import org.ratescope.io.Resources;
import org.ratescope.model.ParameterLayout;
import org.ratescope.model.WeightsFile;
import org.ratescope.model.layer.ImageShape;
import org.ratescope.model.likelihood.Bernoulli;
import org.ratescope.model.likelihood.ContinuousBernoulli;
import org.ratescope.model.likelihood.Gaussian;
import org.ratescope.model.prior.ExemplarPrior;
import org.ratescope.model.prior.FlowPrior;
import org.ratescope.model.prior.GaussianPrior;
import org.ratescope.model.prior.MixturePrior;
import org.ratescope.model.prior.Normal;
import org.ratescope.model.prior.VampPrior;
import org.ratescope.results.Version;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.Prior;
import org.ratescope.spec.RunSpec;

/**
 * A run's model as a Python file that needs PyTorch alone, beside a copy of its weights: encoder,
 * decoder, the likelihood p(x|z) and the prior p(z). The Python file has the layers of the run's
 * architecture, one after the other, under the names of the weight file.
 */
public final class PyTorchModule {
  /** The name of the Python file. */
  public static final String MODULE = "model.py";

  /** The name of the weight file. */
  public static final String WEIGHTS = "weights.safetensors";

  private PyTorchModule() {}

  /**
   * Writes both files into a folder, which is made if it does not exist.
   *
   * @return the files
   * @throws IllegalArgumentException if a part of the model is a plug-in's, naming it
   * @throws IOException if the weights are missing, damaged or another run's
   */
  public static List<Path> write(RunSpec run, Path weights, Path folder) throws IOException {
    String source = source(run);
    WeightsFile.check(weights, run);
    Files.createDirectories(folder);
    Path module = folder.resolve(MODULE);
    Path copy = folder.resolve(WEIGHTS);
    AtomicFile.write(copy, Files.readAllBytes(weights));
    AtomicFile.write(module, source.getBytes(StandardCharsets.UTF_8));
    return List.of(module, copy);
  }

  /** The Python file. */
  static String source(RunSpec run) {
    ParameterLayout layout = ParameterLayout.of(run);
    ImageShape images = ImageShape.of(run.data());
    ModuleTree modules = new ModuleTree();
    String encode = body(run, layout, modules, true);
    String decode = body(run, layout, modules, false);
    String output = output(run.likelihood());
    String makePrior = makePrior(run.prior(), layout); // refuses a plug-in's
    String shape = "%s, %s, %s".formatted(images.channels(), images.height(), images.width());
    Map<String, String> values = new LinkedHashMap<>();
    values.put("prior", resource("prior-" + kind(run.prior())));
    values.put("likelihood", likelihood(run.likelihood()));
    values.put("make prior", makePrior);
    values.put("layers", modules.statements(2));
    values.put("encode", encode);
    values.put("decode", decode);
    values.put("output", output);
    values.put(
        "Output", output.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + output.substring(1));
    values.put("shape", shape);
    values.put("latent", Integer.toString(run.latentSize()));
    values.put("version", Version.RATESCOPE);
    values.put("id", run.id().hex());
    values.put("canonical", run.canonical().replace("\\", "\\\\").replace("\"", "\\\""));
    values.put("title", run.architecture().displayName());
    String text = Resources.text(PyTorchModule.class, "model.py");
    for (Map.Entry<String, String> value : values.entrySet()) {
      text = text.replace("<<" + value.getKey() + ">>", value.getValue());
    }
    return text;
  }

  private static String resource(String name) {
    return Resources.text(PyTorchModule.class, name + ".py").strip();
  }

  private static String likelihood(Likelihood likelihood) {
    if (likelihood instanceof Bernoulli) {
      return resource("likelihood-bernoulli");
    }
    if (likelihood instanceof ContinuousBernoulli) {
      return resource("likelihood-continuous-bernoulli");
    }
    if (likelihood instanceof Gaussian gaussian) {
      return resource("likelihood-gaussian")
          .replace("<<variance>>", Double.toString(gaussian.variance()));
    }
    throw new IllegalArgumentException(
        "likelihood %s is a plug-in's; expected bernoulli, continuous-bernoulli or gaussian (ONNX files have the decoder's output, whatever the likelihood)"
            .formatted(likelihood.text()));
  }

  /** What the decoder gives. */
  static String output(Likelihood likelihood) {
    return likelihood instanceof Gaussian
        ? "the mean of p(x|z)"
        : likelihood instanceof Bernoulli || likelihood instanceof ContinuousBernoulli
            ? "the logits of p(x|z)"
            : "the parameter of p(x|z), likelihood " + likelihood.text();
  }

  private static String kind(Prior prior) {
    return prior.text().replaceFirst(":.*", "");
  }

  private static String makePrior(Prior prior, ParameterLayout layout) {
    int latent = layout.latentSize();
    String images = "%s, dimensions=" + layout.dimensions() + ", encode=self.encode)";
    if (prior instanceof Normal) {
      return "Normal(latent=%s)".formatted(latent);
    }
    if (prior instanceof GaussianPrior) {
      return "Gaussian(latent=%s)".formatted(latent);
    }
    if (prior instanceof MixturePrior mixture) {
      return "Mixture(components=%s, latent=%s)".formatted(mixture.components(), latent);
    }
    if (prior instanceof FlowPrior flow) {
      return "Flow(couplings=%s, latent=%s)".formatted(flow.couplings(), latent);
    }
    if (prior instanceof VampPrior vamp) {
      return "Vamp(components=" + images.formatted(vamp.components());
    }
    if (prior instanceof ExemplarPrior exemplar) {
      return "Exemplar(exemplars=" + images.formatted(exemplar.exemplars());
    }
    throw new IllegalArgumentException(
        "prior %s is a plug-in's; expected normal, gaussian, mixture, flow, vamp or exemplar (ONNX files have encoder and decoder, whatever the prior)"
            .formatted(prior.text()));
  }

  /** The statements of encode or decode; the layers that they use are added to the modules. */
  private static String body(
      RunSpec run, ParameterLayout layout, ModuleTree modules, boolean encoder) {
    NetworkSteps network =
        NetworkSteps.of(
            encoder ? layout.encoderGraph() : layout.decoderGraph(), run.architecture());
    for (NetworkSteps.Step step : network.steps()) {
      if (step instanceof NetworkSteps.Affine affine) {
        modules.add(affine.name(), "nn.Linear(%s, %s)".formatted(affine.in(), affine.out()));
      } else if (step instanceof NetworkSteps.Convolution convolution) {
        modules.add(convolution.name(), convolution(convolution));
      }
    }
    Body body = new Body(modules, network, encoder ? "x" : "z");
    return body.text(encoder ? "" : ".view(-1, *SHAPE)");
  }

  private static String convolution(NetworkSteps.Convolution step) {
    String padding =
        isEven(step) ? ", padding=(%s, %s)".formatted(step.layer().top(), step.layer().left()) : "";
    return "nn.%s(%s, %s, 4, stride=2%s)"
        .formatted(
            step.layer().transposed() ? "ConvTranspose2d" : "Conv2d",
            step.layer().input().channels(),
            step.layer().output().channels(),
            padding);
  }

  /** Whether there is as much padding before as behind, as PyTorch's layers have it. */
  private static boolean isEven(NetworkSteps.Convolution step) {
    return step.layer().top() == step.bottom() && step.layer().left() == step.right();
  }

  /** Statements that compute the steps, each value under a name of its own. */
  private static final class Body {
    private static final String INDENT = "        ";

    private final ModuleTree modules;
    private final NetworkSteps network;
    private final String input;
    private final Map<Integer, String> names = new HashMap<>();
    private final Map<Integer, Boolean> planes = new HashMap<>(); // or vectors
    private final List<String> lines = new ArrayList<>();

    Body(ModuleTree modules, NetworkSteps network, String input) {
      this.modules = modules;
      this.network = network;
      this.input = input;
    }

    String text(String behind) {
      boolean startsWithPlanes = network.steps().getFirst() instanceof NetworkSteps.Convolution;
      names.put(NetworkSteps.INPUT, input);
      planes.put(NetworkSteps.INPUT, startsWithPlanes);
      if (input.equals("x")) {
        lines.add("x = x.reshape(-1, *SHAPE)" + (startsWithPlanes ? "" : ".flatten(1)"));
      }
      int hidden = 0;
      for (int i = 0; i < network.steps().size(); i++) {
        String value = value(network.steps().get(i));
        planes.put(i, network.steps().get(i) instanceof NetworkSteps.Convolution);
        if (network.outputs().contains(i)) {
          boolean isSum = network.steps().get(i) instanceof NetworkSteps.Add;
          names.put(i, isSum ? "(" + value + ")" : value);
        } else {
          names.put(i, "h" + ++hidden);
          lines.add("h%s = %s".formatted(hidden, value));
        }
      }
      List<String> outputs = network.outputs().stream().map(i -> names.get(i) + behind).toList();
      lines.add("return " + String.join(", ", outputs));
      return INDENT + String.join("\n" + INDENT, lines);
    }

    private String value(NetworkSteps.Step step) {
      return switch (step) {
        case NetworkSteps.Affine affine ->
            relu(affine.relu(), call(affine.name(), vector(affine.source())));
        case NetworkSteps.Convolution convolution ->
            relu(convolution.relu(), convolved(convolution));
        case NetworkSteps.Add add -> vector(add.first()) + " + " + vector(add.second());
      };
    }

    private String convolved(NetworkSteps.Convolution step) {
      String planes = planes(step.source(), step.layer().input());
      if (isEven(step)) {
        return call(step.name(), planes);
      }
      int top = step.layer().top();
      int left = step.layer().left();
      if (!step.layer().transposed()) {
        return call(
            step.name(),
            "F.pad(%s, (%s, %s, %s, %s))"
                .formatted(planes, left, step.right(), top, step.bottom()));
      }
      ImageShape output = step.layer().output();
      return call(step.name(), planes)
          + "[:, :, %s:%s, %s:%s]"
              .formatted(top, top + output.height(), left, left + output.width());
    }

    private String call(String layer, String argument) {
      return modules.reference(layer) + "(" + argument + ")";
    }

    private static String relu(boolean relu, String value) {
      return relu ? "torch.relu(" + value + ")" : value;
    }

    private String vector(int source) {
      return names.get(source) + (Boolean.TRUE.equals(planes.get(source)) ? ".flatten(1)" : "");
    }

    private String planes(int source, ImageShape shape) {
      return Boolean.TRUE.equals(planes.get(source))
          ? String.valueOf(names.get(source))
          : "%s.view(-1, %s, %s, %s)"
              .formatted(names.get(source), shape.channels(), shape.height(), shape.width());
    }
  }
}
