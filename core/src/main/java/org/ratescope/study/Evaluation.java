package org.ratescope.study;

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

  public Evaluation {
    estimators = List.copyOf(estimators);
    Range.atLeast("examples", examples, 2);
  }
}
