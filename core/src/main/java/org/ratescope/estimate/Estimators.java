package org.ratescope.estimate;

import java.util.ArrayList;
import java.util.List;
import org.ratescope.record.Estimate;
import org.ratescope.study.Evaluation;

/** The estimators a study can ask for by name. */
public final class Estimators {
  private final List<Estimator> estimators;

  private Estimators(List<Estimator> estimators) {
    this.estimators = List.copyOf(estimators);
  }

  /** The estimators of the paper. */
  public static Estimators standard() {
    return new Estimators(List.of(new EvidenceBound()));
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
            "estimator '%s' is not known, allowed: %s".formatted(name, String.join(", ", names())));
      }
    }
  }

  /** The values that were asked for, in the estimators' order. */
  public List<Estimate> estimate(
      Evaluation evaluation, TrainedModel model, Examples examples, long seed) {
    check(evaluation);
    List<Estimate> estimates = new ArrayList<>();
    for (Estimator estimator : estimators) {
      if (estimator.names().stream().anyMatch(evaluation.estimators()::contains)) {
        estimator.estimate(model, examples, seed).stream()
            .filter(e -> evaluation.estimators().contains(e.name()))
            .forEach(estimates::add);
      }
    }
    return estimates;
  }
}
