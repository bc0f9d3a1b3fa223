package org.ratescope.study;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.Objective;
import org.ratescope.spec.Precision;
import org.ratescope.spec.Prior;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Split;
import org.ratescope.spec.Stopping;
import org.ratescope.spec.Training;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.spec.text.Checks;

/**
 * A study: a grid of runs over one data set, and the estimates and figures of these runs.
 *
 * @param name the study's short name, used for file names: letters, digits, '-' and '_'
 * @param title one line for readers
 * @param data the images
 * @param splits the splits, at least one
 * @param architectures the architectures, at least one
 * @param latentSizes sizes of the latent code, at least one
 * @param likelihoods the decoder's distributions, at least one
 * @param priors the distributions of the codes, at least one
 * @param objectives the objectives, at least one
 * @param restarts number of runs for each grid point, with the seeds {@code seed, seed + 1, …}; at
 *     least 1
 * @param seed the first seed
 * @param trainings how each grid point is trained, at least one; they differ only in their rules of
 *     early stopping
 * @param repeatDiverged the precision in which diverged runs are trained again, as separate runs;
 *     empty for none (appendix A.1)
 * @param evaluation the estimates
 * @param figures names of the figures to draw
 * @param analyses analyses of the data set and its splits, without a model
 */
public record Study(
    String name,
    String title,
    DataSpec data,
    List<Split> splits,
    List<Architecture> architectures,
    List<Integer> latentSizes,
    List<Likelihood> likelihoods,
    List<Prior> priors,
    List<Objective> objectives,
    int restarts,
    long seed,
    List<Training> trainings,
    Optional<Precision> repeatDiverged,
    Evaluation evaluation,
    List<String> figures,
    List<Analysis.Kind> analyses) {
  public Study {
    splits = nonEmpty("splits", splits);
    architectures = nonEmpty("architectures", architectures);
    latentSizes = nonEmpty("latent sizes", latentSizes);
    likelihoods = nonEmpty("likelihoods", likelihoods);
    priors = nonEmpty("priors", priors);
    objectives = nonEmpty("objectives", objectives);
    trainings = nonEmpty("trainings", trainings);
    figures = List.copyOf(figures);
    analyses = List.copyOf(analyses);
    Checks.atLeast("restarts", restarts, 1);
    Training shared = trainings.getFirst().stopping(new Stopping.Never());
    for (Training training : trainings) {
      if (!training.stopping(new Stopping.Never()).equals(shared)) {
        throw new IllegalArgumentException(
            "trainings may differ in stopping only, got " + trainings);
      }
    }
  }

  private static <T> List<T> nonEmpty(String name, List<T> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException(name + " must have at least one entry, got none");
    }
    return List.copyOf(values);
  }

  /** The first training, for the values that all of them share. */
  public Training training() {
    return trainings.getFirst();
  }

  /** The same study with another evaluation. */
  public Study evaluation(Evaluation other) {
    return with(other, analyses);
  }

  /** The same study with other analyses of its data. */
  public Study analyses(List<Analysis.Kind> others) {
    return with(evaluation, others);
  }

  private Study with(Evaluation evaluation, List<Analysis.Kind> analyses) {
    return new Study(
        name,
        title,
        data,
        splits,
        architectures,
        latentSizes,
        likelihoods,
        priors,
        objectives,
        restarts,
        seed,
        trainings,
        repeatDiverged,
        evaluation,
        figures,
        analyses);
  }

  /** Number of runs of the grid, including the repeated ones that {@link #runs} omits. */
  double size() {
    return (double) splits.size()
        * architectures.size()
        * latentSizes.size()
        * likelihoods.size()
        * priors.size()
        * objectives.size()
        * trainings.size()
        * restarts;
  }

  /**
   * All runs of the grid, without repetition, in the order split, architecture, latent size,
   * likelihood, prior, objective, training, restart (the last one fastest).
   */
  public List<RunSpec> runs() {
    LinkedHashSet<RunSpec> runs = new LinkedHashSet<>();
    for (Split split : splits) {
      for (Architecture architecture : architectures) {
        for (int latentSize : latentSizes) {
          for (Likelihood likelihood : likelihoods) {
            for (Prior prior : priors) {
              for (Objective objective : objectives) {
                for (Training training : trainings) {
                  for (int restart = 0; restart < restarts; restart++) {
                    runs.add(
                        new RunSpec(
                            data,
                            split,
                            architecture,
                            latentSize,
                            likelihood,
                            prior,
                            objective,
                            training,
                            seed + restart));
                  }
                }
              }
            }
          }
        }
      }
    }
    return new ArrayList<>(runs);
  }

  /**
   * The run that repeats a diverged one in the precision that the study names. Empty if the study
   * names none, or if the run already had that precision.
   */
  public Optional<RunSpec> repeatOf(RunSpec diverged) {
    return repeatDiverged
        .filter(precision -> precision != diverged.training().precision())
        .map(diverged::precision);
  }
}
