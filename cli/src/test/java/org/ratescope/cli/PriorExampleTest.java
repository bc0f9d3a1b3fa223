package org.ratescope.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.model.ObjectiveWeights;
import org.ratescope.model.ParameterLayout;
import org.ratescope.model.Parameters;
import org.ratescope.model.Vae;
import org.ratescope.model.WeightsFile;
import org.ratescope.model.layer.ImageShape;
import org.ratescope.model.prior.PriorDensity;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.Objective;
import org.ratescope.spec.Prior;
import org.ratescope.tensor.Libtorch;
import org.ratescope.tensor.Tensors;

/** The prior of docs/extending.md compiles, and its equations agree with one another. */
class PriorExampleTest {
  private static final Pattern SOURCE =
      Pattern.compile("<!-- file: ScaledNormal.java -->\\n```java\\n(.*?)```", Pattern.DOTALL);

  @TempDir Path folder;

  private Path compiled() throws Exception {
    Matcher page = SOURCE.matcher(Files.readString(Path.of("..", "docs", "extending.md")));
    assertThat(page.find()).isTrue();
    Path file = Files.writeString(folder.resolve("ScaledNormal.java"), page.group(1));
    ByteArrayOutputStream messages = new ByteArrayOutputStream();
    int code =
        Objects.requireNonNull(ToolProvider.getSystemJavaCompiler())
            .run(
                null,
                messages,
                messages,
                "-proc:none",
                "--release",
                "21",
                "-d",
                folder.toString(),
                "-cp",
                System.getProperty("java.class.path"),
                file.toString());
    assertThat(code).as(messages.toString(StandardCharsets.UTF_8)).isZero();
    return folder;
  }

  @Test
  void itsDensityGradientsAndSamplesAgree() throws Exception {
    Libtorch.useOneThread();
    URL[] classes = {compiled().toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(classes, getClass().getClassLoader());
        PointerScope scope = new PointerScope()) {
      Prior prior = (Prior) loader.loadClass("example.ScaledNormal").getConstructor().newInstance();
      ParameterLayout layout =
          ParameterLayout.of(Architecture.parse("mlp:1x4"), ImageShape.vector(3), 2, prior);
      Parameters parameters = Parameters.zeros(layout, ScalarType.Double, 1);
      parameters.initialize(0, 1);
      Tensor logScale = scaleOf(parameters).fill_(new Scalar(0.3));
      double[] z = {0.7, -1.2};
      Parameters gradients = Parameters.zeros(layout, ScalarType.Double, 1);
      Vae vae = Vae.forTraining(parameters, gradients, 1, Likelihood.parse("bernoulli"));
      PriorDensity density = vae.prior();
      double precision = Math.exp(-0.6);
      double exact = -0.5 * (0.49 + 1.44) * precision - 2 * 0.3 - Math.log(2 * Math.PI);
      assertThat(density.logDensities(vae.codes(), z)[0]).isCloseTo(exact, within(1e-12));
      assertThat(density.logDensityGradients(vae.codes(), z))
          .containsExactly(new double[] {-0.7 * precision, 1.2 * precision}, within(1e-12));
      double[] drawn = {1, -2};
      density.sample(drawn, 0, 2, () -> 0.5);
      assertThat(drawn)
          .containsExactly(new double[] {Math.exp(0.3), -2 * Math.exp(0.3)}, within(1e-12));
      vae.noise().fill_(new Scalar(0.4));
      vae.forward();
      ObjectiveWeights weights =
          ObjectiveWeights.of(vae, List.of(Objective.beta(2)), new int[] {9});
      vae.backward(weights);
      double slope = Tensors.doubles(scaleOf(gradients))[0];
      double h = 1e-5;
      logScale.fill_(new Scalar(0.3 + h));
      double up = Tensors.doubles(vae.loss(weights))[0];
      logScale.fill_(new Scalar(0.3 - h));
      double down = Tensors.doubles(vae.loss(weights))[0];
      assertThat(slope).isCloseTo((up - down) / (2 * h), within(1e-8));
    }
  }

  private static Tensor scaleOf(Parameters parameters) {
    return Objects.requireNonNull(WeightsFile.views(parameters, 0).get("prior.logScale"));
  }
}
