package org.ratescope.sweep;

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

/** Real Tetrominoes at 4 by 4 pixels and networks of 8 units: a study that takes seconds. */
public final class SmallStudy {
  public static final List<String> ESTIMATORS = List.of("distortion", "rate", "elbo");

  private SmallStudy() {}

  public static Study of(List<Double> betas, int iterations) {
    return of(betas, iterations, 1e-3, new Evaluation(ESTIMATORS, 300));
  }

  public static Study of(
      List<Double> betas, int iterations, double learningRate, Evaluation evaluation) {
    return of("small", 4, betas, iterations, learningRate, evaluation);
  }

  public static Study of(String name, int resolution, List<Double> betas, int iterations) {
    return of(name, resolution, betas, iterations, 1e-3, new Evaluation(ESTIMATORS, 300));
  }

  public static Study of(
      String name,
      int resolution,
      List<Double> betas,
      int iterations,
      double learningRate,
      Evaluation evaluation) {
    return new Study(
        name,
        "A study of seconds",
        new DataSpec.Tetrominoes(DataSpec.Preset.PUBLISHED, DataSpec.Shape.J, resolution),
        List.of(new Split.Default(), new Split.ConstantVolume(0.05)),
        List.of(Architecture.parse("mlp:1x8")),
        List.of(2),
        List.of(Likelihood.parse("bernoulli")),
        List.of(Prior.normal()),
        betas.stream().map(Objective::beta).toList(),
        2,
        0,
        List.of(new Training(iterations, 16, learningRate, Precision.FLOAT32)),
        Optional.empty(),
        evaluation,
        List.of(),
        List.of());
  }

  /** The same on other splits, with other networks and latent sizes. */
  public static Study varied(
      Study s, List<Split> splits, List<Architecture> architectures, List<Integer> latentSizes) {
    return new Study(
        s.name(),
        s.title(),
        s.data(),
        splits,
        architectures,
        latentSizes,
        s.likelihoods(),
        List.of(Prior.normal()),
        s.objectives(),
        s.restarts(),
        s.seed(),
        s.trainings(),
        s.repeatDiverged(),
        s.evaluation(),
        s.figures(),
        List.of());
  }

  public static Study batch(int batch, Study s) {
    return new Study(
        s.name(),
        s.title(),
        s.data(),
        s.splits(),
        s.architectures(),
        s.latentSizes(),
        s.likelihoods(),
        List.of(Prior.normal()),
        s.objectives(),
        s.restarts(),
        s.seed(),
        s.trainings().stream()
            .map(t -> new Training(t.iterations(), batch, t.learningRate(), t.precision()))
            .toList(),
        s.repeatDiverged(),
        s.evaluation(),
        s.figures(),
        List.of());
  }
}
