package org.ratescope.estimate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ratescope.estimate.posterior.Examples;
import org.ratescope.estimate.posterior.Posteriors;
import org.ratescope.model.ParameterLayout;
import org.ratescope.model.Parameters;
import org.ratescope.results.Estimate;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.RunRandom;
import org.ratescope.spec.Subset;
import org.ratescope.tensor.ImageTensor;
import org.ratescope.tensor.Libtorch;
import org.ratescope.tensor.Tensors;

class MemorisationTest {
  private static final int D = 12;
  private static final int TRAIN = 1500; // more than a tile
  private static final int TEST = 30;

  @BeforeAll
  static void load() {
    Libtorch.useOneThread();
  }

  /** Equation 5 in plain loops over densities that do not underflow. */
  @Test
  void agreesWithPlainLoops() {
    try (PointerScope scope = new PointerScope()) {
      float[] images = images();
      EvaluationData data =
          EvaluationData.of(
              new ImageTensor(Tensors.tensor(ScalarType.Float, images, TRAIN + TEST, D)),
              Partitions.of(TRAIN, TEST),
              Integer.MAX_VALUE);
      TrainedModel model = model();
      Examples examples = data.examples(Subset.TEST);
      List<MemorisationResult> found = Memorisation.of(model, data, examples);
      Posteriors train = model.posteriors(data.train());
      Posteriors test = model.posteriors(examples);
      for (int i = 0; i < TEST; i++) {
        double[] density = new double[TRAIN];
        double sum = 0;
        int largest = 0;
        for (int n = 0; n < TRAIN; n++) {
          density[n] = Math.exp(train.logDensity(n, test.mean(), i * 2));
          sum += density[n];
          largest = density[n] > density[largest] ? n : largest;
        }
        double entropy = 0;
        double[] mu = new double[D];
        for (int n = 0; n < TRAIN; n++) {
          double w = density[n] / sum;
          entropy -= w * Math.log(w);
          for (int j = 0; j < D; j++) {
            mu[j] += w * images[n * D + j];
          }
        }
        float[] decoded = model.reconstruct(examples, i);
        double toMu = 0;
        double toImage = 0;
        double muToImage = 0;
        double ofMu = 0;
        double ofImage = 0;
        for (int j = 0; j < D; j++) {
          double x = images[(TRAIN + i) * D + j];
          toMu += Math.pow(decoded[j] - mu[j], 2);
          toImage += Math.pow(decoded[j] - x, 2);
          muToImage += Math.pow(x - mu[j], 2);
          ofMu -= mu[j] * Math.log(decoded[j]) + (1 - mu[j]) * Math.log(1 - decoded[j]);
          ofImage -= x * Math.log(decoded[j]) + (1 - x) * Math.log(1 - decoded[j]);
        }
        MemorisationResult m = found.get(i);
        assertThat(m.nearest()).isEqualTo(largest);
        assertThat(m.perplexity()).isCloseTo(Math.exp(entropy), within(1e-8));
        assertThat(m.largestWeight()).isCloseTo(density[largest] / sum, within(1e-12));
        // the loop's reconstruction is float32
        assertThat(m.reconstructionToMu()).isCloseTo(Math.sqrt(toMu), within(1e-6));
        assertThat(m.reconstructionToImage()).isCloseTo(Math.sqrt(toImage), within(1e-6));
        assertThat(m.imageToMu()).isCloseTo(Math.sqrt(muToImage), within(1e-12));
        assertThat(m.distortionOfMu()).isCloseTo(ofMu, within(1e-5));
        assertThat(m.distortionOfImage()).isCloseTo(ofImage, within(1e-5));
      }
      Estimate share =
          new Memorisation()
              .estimate(model, data, Subset.TEST, 0).stream()
                  .filter(e -> e.name().equals("nearerToMemory"))
                  .findFirst()
                  .orElseThrow();
      long nearer =
          found.stream().filter(m -> m.reconstructionToMu() < m.reconstructionToImage()).count();
      assertThat(share.value()).isCloseTo((double) nearer / TEST, within(1e-12));
    }
  }

  private static TrainedModel model() {
    Parameters parameters =
        Parameters.zeros(
            ParameterLayout.of(Architecture.parse("mlp:1x8"), D, 2), ScalarType.Double, 1);
    parameters.initialize(0, 3);
    return TrainedModel.of(parameters, 0, Likelihood.parse("bernoulli"));
  }

  private static float[] images() {
    RunRandom random = RunRandom.of(1, RunRandom.Stream.ORDER, 0);
    float[] images = new float[(TRAIN + TEST) * D];
    for (int i = 0; i < images.length; i++) {
      images[i] = (float) random.uniform(i);
    }
    return images;
  }
}
