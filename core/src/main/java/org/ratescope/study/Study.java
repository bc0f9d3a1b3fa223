package org.ratescope.study;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * A study: a grid of runs over one data set, and what is estimated and drawn from them.
 *
 * @param name the study's short name, used for file names: letters, digits, '-' and '_'
 * @param title one line for people
 * @param data the images
 * @param splits the splits, at least one
 * @param architectures the architectures, at least one
 * @param latentSizes sizes of the latent code, at least one
 * @param likelihood the decoder's distribution
 * @param objectives the objectives, at least one
 * @param restarts runs per grid point, with the seeds {@code seed, seed + 1, …}; at least 1
 * @param seed the first seed
 * @param training how each run is trained
 * @param evaluation what is estimated
 * @param figures names of the figures to draw
 */
public record Study(
    String name,
    String title,
    DataSpec data,
    List<Split> splits,
    List<Architecture> architectures,
    List<Integer> latentSizes,
    Likelihood likelihood,
    List<Objective> objectives,
    int restarts,
    long seed,
    Training training,
    Evaluation evaluation,
    List<String> figures) {
  public Study {
    splits = nonEmpty("splits", splits);
    architectures = nonEmpty("architectures", architectures);
    latentSizes = nonEmpty("latent sizes", latentSizes);
    objectives = nonEmpty("objectives", objectives);
    figures = List.copyOf(figures);
    Range.atLeast("restarts", restarts, 1);
  }

  private static <T> List<T> nonEmpty(String name, List<T> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException(name + " must have at least one entry, came none");
    }
    return List.copyOf(values);
  }

  /** The same study with another evaluation. */
  public Study evaluation(Evaluation other) {
    return new Study(
        name,
        title,
        data,
        splits,
        architectures,
        latentSizes,
        likelihood,
        objectives,
        restarts,
        seed,
        training,
        other,
        figures);
  }

  /**
   * All runs of the grid, without repetition, in the order split, architecture, latent size,
   * objective, restart (the last one fastest).
   */
  public List<RunSpec> runs() {
    LinkedHashSet<RunSpec> runs = new LinkedHashSet<>();
    for (Split split : splits) {
      for (Architecture architecture : architectures) {
        for (int latentSize : latentSizes) {
          for (Objective objective : objectives) {
            for (int restart = 0; restart < restarts; restart++) {
              runs.add(
                  new RunSpec(
                      data,
                      split,
                      architecture,
                      latentSize,
                      likelihood,
                      objective,
                      training,
                      seed + restart));
            }
          }
        }
      }
    }
    return new ArrayList<>(runs);
  }
}
