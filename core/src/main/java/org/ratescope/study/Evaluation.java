package org.ratescope.study;

import java.util.LinkedHashSet;
import java.util.List;
import org.ratescope.spec.text.Checks;

/**
 * What Ratescope estimates after it has trained a run. The evaluation is not part of a run's
 * identity: stored weights can be evaluated again.
 *
 * @param estimators names of the estimators, in the order of the study file
 * @param examples number of examples of the training set and of the test set, at least 2; a smaller
 *     set is used as a whole
 * @param details results for single examples to store
 */
public record Evaluation(List<String> estimators, int examples, List<Detail> details) {
  /** Stands for all examples of the set. */
  public static final int ALL = Integer.MAX_VALUE;

  /** Estimates without details. */
  public Evaluation(List<String> estimators, int examples) {
    this(estimators, examples, List.of());
  }

  /** An evaluation from names alone: names of details request details, all others estimates. */
  public static Evaluation named(List<String> names, int examples) {
    return new Evaluation(
        names.stream().filter(name -> !Detail.isName(name)).toList(),
        examples,
        names.stream().filter(Detail::isName).map(Detail::parse).toList());
  }

  /** Whether this evaluation includes everything that {@code other} requests. */
  public boolean covers(Evaluation other) {
    return estimators.containsAll(other.estimators)
        && examples == other.examples
        && details.containsAll(other.details);
  }

  /** The estimators and details of both, on the other's number of examples. */
  public Evaluation and(Evaluation other) {
    return new Evaluation(
        union(estimators, other.estimators), other.examples, union(details, other.details));
  }

  private static <T> List<T> union(List<T> some, List<T> others) {
    LinkedHashSet<T> all = new LinkedHashSet<>(some);
    all.addAll(others);
    return List.copyOf(all);
  }

  public Evaluation {
    estimators = List.copyOf(estimators);
    details = List.copyOf(details);
    Checks.atLeast("examples", examples, 2);
  }
}
