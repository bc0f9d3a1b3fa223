package org.ratescope.estimate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.ratescope.model.WeightsFile;
import org.ratescope.results.Estimate;
import org.ratescope.spec.Subset;
import org.ratescope.tensor.Tensors;

/**
 * Frobenius norms of the weight matrices, averaged over those of the encoder (its hidden layers and
 * both heads) and those of the decoder (appendix C.5, Figure A15), and of each matrix; biases are
 * left out. They belong to the model and not to a subset, and stand under the training set only.
 */
public final class WeightNorms implements Estimator {
  private static final String ENCODER = "encoderNorm";
  private static final String DECODER = "decoderNorm";
  private static final String UNIT = "Frobenius norm";
  private static final String WEIGHT = ".weight";

  @Override
  public List<String> names() {
    return List.of(ENCODER, DECODER);
  }

  @Override
  public Cost cost(Cost.Scale scale) {
    return Cost.NONE;
  }

  @Override
  public List<Estimate> estimate(
      TrainedModel model, EvaluationData data, Subset subset, long seed) {
    if (subset != Subset.TRAIN) {
      return List.of();
    }
    Map<String, Double> norms = norms(model);
    List<Estimate> estimates = new ArrayList<>();
    for (String part : List.of(ENCODER, DECODER)) {
      List<Estimate> matrices = new ArrayList<>();
      norms.forEach(
          (name, norm) -> {
            if (part(name).equals(part)) {
              matrices.add(new Estimate(part + "." + name, subset, norm, 0, UNIT, 1));
            }
          });
      double mean = matrices.stream().mapToDouble(Estimate::value).average().orElseThrow();
      estimates.add(
          new Estimate(part, subset, mean, 0, UNIT, 1)
              .settings("mean over %s weight matrices".formatted(matrices.size())));
      estimates.addAll(matrices);
    }
    return estimates;
  }

  private static String part(String name) {
    return name.startsWith("decoder.") ? DECODER : ENCODER;
  }

  /** The norm of each weight matrix by PyTorch's name, summed in float64. */
  private static Map<String, Double> norms(TrainedModel model) {
    Map<String, Double> norms = new LinkedHashMap<>();
    try (PointerScope scope = new PointerScope()) {
      WeightsFile.views(model.parameters(), 0)
          .forEach(
              (name, view) -> {
                if (name.endsWith(WEIGHT) && !name.startsWith("prior.")) {
                  double sum = 0;
                  for (double w : Tensors.doubles(view)) {
                    sum += w * w;
                  }
                  norms.put(name.substring(0, name.length() - WEIGHT.length()), Math.sqrt(sum));
                }
              });
    }
    return norms;
  }
}
