package org.ratescope.study;

import java.util.LinkedHashSet;
import java.util.List;

/**
 * What is estimated once a run is trained. It is not part of a run's identity: kept weights can be
 * evaluated again.
 *
 * @param estimators names of the estimators, in the order of the study file
 * @param examples examples of each half that are used, at least 2; a half that has fewer is used
 *     whole
 */
public record Evaluation(List<String> estimators, int examples) {
  /** Stands for "all examples of the half". */
  public static final int ALL = Integer.MAX_VALUE;

  /** Whether whoever has carried this out has all that {@code other} asks for. */
  public boolean covers(Evaluation other) {
    return estimators.containsAll(other.estimators) && examples == other.examples;
  }

  /** This one's estimators and the other's, on the other's number of examples. */
  public Evaluation and(Evaluation other) {
    LinkedHashSet<String> names = new LinkedHashSet<>(estimators);
    names.addAll(other.estimators);
    return new Evaluation(List.copyOf(names), other.examples);
  }

  public Evaluation {
    estimators = List.copyOf(estimators);
    Range.atLeast("examples", examples, 2);
  }
}
