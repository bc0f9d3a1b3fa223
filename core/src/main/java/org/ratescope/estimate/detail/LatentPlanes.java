package org.ratescope.estimate.detail;

import java.util.ArrayList;
import java.util.List;
import org.ratescope.estimate.EvaluationData;
import org.ratescope.estimate.TrainedModel;
import org.ratescope.estimate.posterior.InferenceMarginal;
import org.ratescope.estimate.posterior.Posteriors;
import org.ratescope.estimate.posterior.Responsibilities;
import org.ratescope.results.LatentPlane;

/**
 * The inference marginal of the training set and the largest weights of Equation 5 on a grid of
 * codes, for models with two latents (Figure A8).
 */
public final class LatentPlanes {
  static final int SIZE = 120;
  static final double EDGE = 3;
  private static final int CODES = 1000;

  private LatentPlanes() {}

  /**
   * The grid of {@value #SIZE} by {@value #SIZE} cells over [−3, 3]².
   *
   * @throws IllegalArgumentException if codes do not have two values
   */
  public static LatentPlane of(TrainedModel model, EvaluationData data) {
    return of(model.posteriors(data.train()));
  }

  static LatentPlane of(Posteriors posteriors) {
    if (posteriors.latentSize() != 2) {
      throw new IllegalArgumentException(
          "a plane of codes needs 2 latents; got " + posteriors.latentSize());
    }
    InferenceMarginal mixture = InferenceMarginal.of(posteriors);
    List<Float> logDensity = new ArrayList<>();
    List<Integer> heaviest = new ArrayList<>();
    List<Float> largestWeight = new ArrayList<>();
    for (int cell = 0; cell < SIZE * SIZE; cell++) {
      double[] code = {centre(cell % SIZE), centre(cell / SIZE)};
      Responsibilities weights = Responsibilities.of(mixture.logTerms(code, 0));
      logDensity.add((float) (weights.logSum() - Math.log(mixture.size())));
      heaviest.add(weights.largest());
      largestWeight.add((float) weights.largestWeight());
    }
    return new LatentPlane(
        SIZE, -EDGE, EDGE, mixture.size(), logDensity, heaviest, largestWeight, codes(posteriors));
  }

  private static double centre(int cell) {
    return -EDGE + (cell + 0.5) * 2 * EDGE / SIZE;
  }

  private static List<LatentPlane.Code> codes(Posteriors posteriors) {
    List<LatentPlane.Code> codes = new ArrayList<>();
    for (int n = 0; n < Math.min(CODES, posteriors.size()); n++) {
      codes.add(new LatentPlane.Code(n, posteriors.mean()[2 * n], posteriors.mean()[2 * n + 1]));
    }
    return codes;
  }
}
