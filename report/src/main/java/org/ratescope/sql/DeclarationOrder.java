package org.ratescope.sql;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.ratescope.spec.RunField;
import org.ratescope.spec.RunFields;
import org.ratescope.spec.RunSpec;
import org.ratescope.study.Suite;

/**
 * The positions, from 0, of the values of each field in the study files, in order of first
 * declaration over all studies of a suite. Figures sort by them.
 */
record DeclarationOrder(Map<RunField<?>, Map<String, Integer>> positions) {

  static DeclarationOrder of(Suite suite) {
    Map<RunField<?>, Map<String, Integer>> positions = new HashMap<>();
    for (RunField<?> field : RunFields.ALL) {
      Map<String, Integer> order = new LinkedHashMap<>();
      for (RunSpec run : suite.runs()) {
        order.putIfAbsent(field.textOf(run), order.size());
      }
      positions.put(field, order);
    }
    return new DeclarationOrder(positions);
  }

  /** The position of a run's value; −1 where no study declares it. */
  int position(RunField<?> field, RunSpec run) {
    return positions.getOrDefault(field, Map.of()).getOrDefault(field.textOf(run), -1);
  }
}
