package org.ratescope.study;

import java.util.LinkedHashSet;
import java.util.List;
import org.ratescope.spec.text.Checks;

/**
 * What is estimated once a run is trained. It is not part of a run's identity: kept weights can be
 * evaluated again.
 *
 * @param estimators names of the estimators, in the order of the study file
 * @param examples examples of each half that are used, at least 2; a half that has fewer is used
 *     whole
 * @param details what is kept about single examples
 */
public record Evaluation(List<String> estimators, int examples, List<Detail> details) {
  /** Stands for "all examples of the half". */
  public static final int ALL = Integer.MAX_VALUE;

  /** Estimates without details. */
  public Evaluation(List<String> estimators, int examples) {
    this(estimators, examples, List.of());
  }

  /** An evaluation by names alone: those of details ask for details, all others for estimates. */
  public static Evaluation named(List<String> names, int examples) {
    return new Evaluation(
        names.stream().filter(name -> !Detail.isName(name)).toList(),
        examples,
        names.stream().filter(Detail::isName).map(Detail::parse).toList());
  }

  /** Whether whoever has carried this out has all that {@code other} asks for. */
  public boolean covers(Evaluation other) {
    return estimators.containsAll(other.estimators)
        && examples == other.examples
        && details.containsAll(other.details);
  }

  /** This one's estimators and details and the other's, on the other's number of examples. */
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
