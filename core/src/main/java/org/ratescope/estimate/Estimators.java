package org.ratescope.estimate;

import java.util.ArrayList;
import java.util.List;
import org.ratescope.dataset.store.BuildListener;
import org.ratescope.results.Estimate;
import org.ratescope.spec.Subset;
import org.ratescope.study.Evaluation;

/** The estimators a study can ask for by name. */
public final class Estimators {
  private final List<Estimator> estimators;

  private Estimators(List<Estimator> estimators) {
    this.estimators = List.copyOf(estimators);
  }

  /** The estimators of the paper. */
  public static Estimators standard() {
    return new Estimators(
        List.of(
            new Elbo(),
            new ActiveUnits(),
            new RateDecomposition(),
            ImportanceSampling.standard(),
            ImportanceSampling.posteriorOnly(),
            AnnealedImportance.standard(),
            new Memorisation(),
            new NeighbourDistance(),
            new WeightNorms()));
  }

  /** These estimators and one more, whose names are new. */
  public Estimators and(Estimator estimator) {
    for (String name : estimator.names()) {
      if (names().contains(name)) {
        throw new IllegalArgumentException("there is an estimator of that name: " + name);
      }
    }
    List<Estimator> more = new ArrayList<>(estimators);
    more.add(estimator);
    return new Estimators(more);
  }

  /** Names that can be asked for. */
  public List<String> names() {
    return estimators.stream().flatMap(e -> e.names().stream()).toList();
  }

  /**
   * Checks that every name asked for is known.
   *
   * @throws IllegalArgumentException naming the one that is not, and those that are
   */
  public void check(Evaluation evaluation) {
    for (String name : evaluation.estimators()) {
      if (!names().contains(name)) {
        throw new IllegalArgumentException(
            "estimator '%s' is not known; expected %s".formatted(name, String.join(", ", names())));
      }
    }
  }

  /**
   * The values that were asked for, with their details, in the estimators' order. A half without
   * examples has none.
   */
  public List<Estimate> estimate(
      Evaluation evaluation, TrainedModel model, EvaluationData data, Subset half, long seed) {
    return estimate(evaluation, model, data, half, seed, BuildListener.SILENT);
  }

  /** The same, telling the listener before each estimator which it is and how many are done. */
  public List<Estimate> estimate(
      Evaluation evaluation,
      TrainedModel model,
      EvaluationData data,
      Subset half,
      long seed,
      BuildListener listener) {
    check(evaluation);
    List<Estimate> estimates = new ArrayList<>();
    if (data.examples(half).size() == 0) {
      return estimates;
    }
    List<Estimator> wanted = wanted(evaluation);
    for (int i = 0; i < wanted.size(); i++) {
      String name = wanted.get(i).names().getFirst();
      listener.built("estimates of the %s half: %s".formatted(half.text(), name), i, wanted.size());
      wanted.get(i).estimate(model, data, half, seed).stream()
          .filter(e -> evaluation.estimators().contains(askedFor(e.name())))
          .forEach(estimates::add);
    }
    listener.built("estimates of the %s half".formatted(half.text()), wanted.size(), wanted.size());
    return estimates;
  }

  private List<Estimator> wanted(Evaluation evaluation) {
    return estimators.stream()
        .filter(e -> e.names().stream().anyMatch(evaluation.estimators()::contains))
        .toList();
  }

  /** What all that was asked for costs on one half, for forecasts. */
  public Cost cost(Evaluation evaluation, Cost.Scale scale) {
    return wanted(evaluation).stream()
        .map(estimator -> estimator.cost(scale))
        .reduce(Cost.NONE, Cost::plus);
  }

  /** The name that is asked for to get the value of that name: the part before the first dot. */
  private static String askedFor(String name) {
    int dot = name.indexOf('.');
    return dot < 0 ? name : name.substring(0, dot);
  }
}
