package org.ratescope.spark;

import java.util.List;
import java.util.Optional;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.Objective;
import org.ratescope.spec.Precision;
import org.ratescope.spec.Prior;
import org.ratescope.spec.Split;
import org.ratescope.spec.Training;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.study.Evaluation;
import org.ratescope.study.Study;

/** Real Tetrominoes at 4 by 4 pixels and networks of 8 units: a study of seconds. */
final class SparkStudy {
  private static final List<String> ESTIMATORS = List.of("distortion", "rate", "elbo");

  private SparkStudy() {}

  static Study of(String name, List<Double> betas, int iterations) {
    return new Study(
        name,
        "A study of seconds",
        new DataSpec.Tetrominoes(DataSpec.Preset.PUBLISHED, DataSpec.Shape.J, 4),
        List.of(new Split.Default(), new Split.ConstantVolume(0.05)),
        List.of(Architecture.parse("mlp:1x8")),
        List.of(2),
        List.of(Likelihood.parse("bernoulli")),
        List.of(Prior.normal()),
        betas.stream().map(Objective::beta).toList(),
        2,
        0,
        List.of(new Training(iterations, 16, 1e-3, Precision.FLOAT32)),
        Optional.empty(),
        new Evaluation(ESTIMATORS, 300),
        List.of(),
        List.of());
  }
}
