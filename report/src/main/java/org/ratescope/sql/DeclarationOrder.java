package org.ratescope.sql;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Training;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;

/**
 * Where the values of a run stand in the study files, from 0, in order of first declaration over
 * all studies of a suite: what figures sort by.
 */
record DeclarationOrder(
    Map<Object, Integer> data,
    Map<Object, Integer> splits,
    Map<Object, Integer> architectures,
    Map<Object, Integer> likelihoods,
    Map<Object, Integer> stoppings) {

  static DeclarationOrder of(Suite suite) {
    return new DeclarationOrder(
        positions(suite, study -> List.of(study.data())),
        positions(suite, Study::splits),
        positions(suite, Study::architectures),
        positions(suite, Study::likelihoods),
        positions(suite, study -> study.trainings().stream().map(Training::stopping).toList()));
  }

  private static Map<Object, Integer> positions(Suite suite, Function<Study, List<?>> values) {
    Map<Object, Integer> positions = new LinkedHashMap<>();
    for (Study study : suite.studies()) {
      values.apply(study).forEach(value -> positions.putIfAbsent(value, positions.size()));
    }
    return positions;
  }

  int data(RunSpec run) {
    return data.getOrDefault(run.data(), -1);
  }

  int split(RunSpec run) {
    return splits.getOrDefault(run.split(), -1);
  }

  int architecture(RunSpec run) {
    return architectures.getOrDefault(run.architecture(), -1);
  }

  int likelihood(RunSpec run) {
    return likelihoods.getOrDefault(run.likelihood(), -1);
  }

  int stopping(RunSpec run) {
    return stoppings.getOrDefault(run.training().stopping(), -1);
  }
}
