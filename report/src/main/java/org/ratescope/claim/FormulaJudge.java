package org.ratescope.claim;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ratescope.claim.Claim.Judgement;
import org.ratescope.sql.QueryException;
import org.ratescope.statistic.NotEnoughRuns;

/**
 * Judges by formulas about curves, once or for each of several repetitions.
 *
 * @param tables tables that must have rows
 * @param each the parameters of each repetition; one without parameters for a single one
 * @param repeated a query with a repetition in each row, instead of {@code each}
 * @param queries curves and values by name
 * @param enough must be true; else {@code missing} says why the runs are not enough
 * @param missing the sentence for too few runs
 * @param holds must be true in each repetition
 * @param overall must be true once; it can use sums over the repetitions
 * @param numbers the sentence of each repetition
 * @param summary the sentence before them, or instead of them if {@code numbers} is empty
 * @param effects numbers by name that favour the claim if they grow; they can use sums over the
 *     repetitions
 */
record FormulaJudge(
    List<String> tables,
    List<Map<String, String>> each,
    Optional<CurveQuery> repeated,
    Map<String, CurveQuery> queries,
    Optional<Formula.Node> enough,
    Sentence missing,
    Optional<Formula.Node> holds,
    Optional<Formula.Node> overall,
    Optional<Sentence> numbers,
    Optional<Sentence> summary,
    Map<String, Formula.Node> effects)
    implements Claim.Test {
  FormulaJudge {
    tables = List.copyOf(tables);
    each = List.copyOf(each);
    queries = Map.copyOf(queries);
    effects = Collections.unmodifiableMap(new LinkedHashMap<>(effects));
  }

  @Override
  public Judgement judge(Evidence evidence) throws NotEnoughRuns, QueryException {
    for (String table : tables) {
      evidence.require(table);
    }
    List<Repetition> repetitions = repetitions(evidence);
    if (repetitions.isEmpty()) {
      throw new NotEnoughRuns(
          missing.text(new Repetition(evidence, Map.of(), queries, repetitions)));
    }
    boolean judged = true;
    List<String> sentences = new ArrayList<>();
    for (Repetition repetition : repetitions) {
      judged &= holds.isEmpty() || holds.get().number(repetition) != 0;
      if (numbers.isPresent()) {
        sentences.add(numbers.get().text(repetition));
      }
    }
    Repetition first = repetitions.getFirst();
    if (enough.isPresent() && enough.get().number(first) == 0) {
      throw new NotEnoughRuns(missing.text(first));
    }
    judged &= overall.isEmpty() || overall.get().number(first) != 0;
    String before = summary.isPresent() ? summary.get().text(first) : "";
    return new Judgement(judged, before + String.join("; ", sentences));
  }

  @Override
  public Map<String, Double> effects(Evidence evidence) throws NotEnoughRuns, QueryException {
    List<Repetition> repetitions = repetitions(evidence);
    Map<String, Double> values = new LinkedHashMap<>();
    for (Map.Entry<String, Formula.Node> effect : effects.entrySet()) {
      values.put(effect.getKey(), effect.getValue().number(repetitions.getFirst()));
    }
    return values;
  }

  private List<Repetition> repetitions(Evidence evidence) throws QueryException {
    List<Map<String, String>> parameters = new ArrayList<>(each);
    if (repeated.isPresent()) {
      parameters.clear();
      for (Map<String, Object> row : evidence.rows(repeated.get().with(Map.of()).sql())) {
        Map<String, String> texts = new HashMap<>();
        row.forEach((column, value) -> texts.put(column, value.toString()));
        parameters.add(texts);
      }
    }
    List<Repetition> all = new ArrayList<>();
    parameters.forEach(one -> all.add(new Repetition(evidence, one, queries, all)));
    return all;
  }
}
