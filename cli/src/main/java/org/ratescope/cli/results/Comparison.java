package org.ratescope.cli.results;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.ratescope.cli.process.UsageException;
import org.ratescope.results.Estimate;
import org.ratescope.results.RunRecord;
import org.ratescope.spec.RunField;
import org.ratescope.spec.RunFields;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Subset;
import org.ratescope.spec.text.Wording;
import org.ratescope.sql.QueryResult;

/**
 * Compares runs: the settings in which two groups of them differ, and an estimate of both.
 *
 * @param estimate the name of the estimate
 * @param subset train or test
 */
record Comparison(String estimate, String subset) {

  /** The fields whose values differ: the values of A and of B. */
  static QueryResult settings(List<RunSpec> a, List<RunSpec> b) {
    List<List<Object>> rows = new ArrayList<>();
    for (RunField<?> field : differing(a, b)) {
      rows.add(
          List.of(
              field.title(),
              String.join(", ", labels(field, a)),
              String.join(", ", labels(field, b))));
    }
    return new QueryResult(List.of("setting", "A", "B"), rows);
  }

  private static Set<String> labels(RunField<?> field, List<RunSpec> runs) {
    return runs.stream().map(field::labelOf).collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static List<RunField<?>> differing(List<RunSpec> a, List<RunSpec> b) {
    List<RunField<?>> fields = new ArrayList<>();
    for (RunField<?> field : RunFields.ALL) {
      if (!values(field, a).equals(values(field, b))) {
        fields.add(field);
      }
    }
    return fields;
  }

  private static Set<Object> values(RunField<?> field, List<RunSpec> runs) {
    return runs.stream().map(field::plain).collect(Collectors.toCollection(HashSet::new));
  }

  /** All estimates that both runs have, and the difference B − A. */
  static QueryResult estimates(RunRecord a, RunRecord b) {
    List<List<Object>> rows = new ArrayList<>();
    for (Estimate left : a.estimates()) {
      Optional<Estimate> right = b.estimate(left.name(), left.subset());
      if (right.isPresent()) {
        double other = right.get().value();
        rows.add(
            List.of(
                left.subset().text(),
                left.name(),
                left.value(),
                other,
                other - left.value(),
                left.unit()));
      }
    }
    return new QueryResult(List.of("subset", "estimate", "A", "B", "B - A", "unit"), rows);
  }

  /**
   * Means over restarts of the estimate, a row for each combination of settings of which both
   * studies have finished runs. Runs of A and B belong together if they agree in all fields of
   * which the studies have a common value. A field without a common value may differ, if each study
   * has one value of it.
   *
   * @throws UsageException if a study has several values of a field without a common value, or no
   *     run of a study has the estimate
   */
  QueryResult means(
      List<RunSpec> a, List<RunRecord> recordsOfA, List<RunSpec> b, List<RunRecord> recordsOfB) {
    requireEstimate("A", recordsOfA);
    requireEstimate("B", recordsOfB);
    List<RunField<?>> shown = matching(a, b);
    Map<List<String>, List<Double>> left = groups(recordsOfA, shown);
    Map<List<String>, List<Double>> right = groups(recordsOfB, shown);
    List<List<Object>> rows = new ArrayList<>();
    left.forEach(
        (key, valuesOfA) -> {
          List<Double> valuesOfB = right.getOrDefault(key, List.of());
          if (!valuesOfB.isEmpty()) {
            List<Object> row = new ArrayList<>(key);
            row.add(mean(valuesOfA));
            row.add(deviation(valuesOfA));
            row.add(mean(valuesOfB));
            row.add(deviation(valuesOfB));
            row.add(mean(valuesOfB) - mean(valuesOfA));
            rows.add(row);
          }
        });
    List<String> columns = new ArrayList<>(shown.stream().map(RunField::title).toList());
    columns.addAll(List.of("A " + subset + " " + estimate, "A sd", "B", "B sd", "B - A"));
    return new QueryResult(columns, rows);
  }

  /** The fields in which runs must agree, and of which a study has several values. */
  private static List<RunField<?>> matching(List<RunSpec> a, List<RunSpec> b) {
    List<RunField<?>> matching = new ArrayList<>();
    for (RunField<?> field : RunFields.ALL) {
      if (field.is(RunField.Role.AVERAGED) || field.is(RunField.Role.DERIVED)) {
        continue;
      }
      Set<Object> common = values(field, a);
      common.retainAll(values(field, b));
      boolean varies = values(field, a).size() > 1 || values(field, b).size() > 1;
      if (common.isEmpty() && varies) {
        throw new UsageException(
            "%s: the studies have no common value, and one has several; expected one value in each"
                .formatted(field.title()));
      }
      if (varies) {
        matching.add(field);
      }
    }
    return matching;
  }

  private void requireEstimate(String study, List<RunRecord> records) {
    Set<String> names = new TreeSet<>();
    for (RunRecord record : records) {
      record.estimates().stream()
          .filter(e -> e.subset() == Subset.parse(subset))
          .forEach(e -> names.add(e.name()));
    }
    if (!names.isEmpty() && !names.contains(estimate)) {
      throw new UsageException(
          "--estimate: %s%s"
              .formatted(
                  Wording.unexpected(
                      estimate,
                      "an estimate of the %s set of %s: %s"
                          .formatted(subset, study, String.join(", ", names))),
                  Wording.didYouMean(estimate, names)));
    }
  }

  private Map<List<String>, List<Double>> groups(
      List<RunRecord> records, List<RunField<?>> fields) {
    Map<List<String>, List<Double>> groups = new LinkedHashMap<>();
    for (RunRecord record : records) {
      record
          .estimate(estimate, Subset.parse(subset))
          .ifPresent(
              found ->
                  groups
                      .computeIfAbsent(
                          fields.stream().map(field -> field.textOf(record.spec())).toList(),
                          key -> new ArrayList<>())
                      .add(found.value()));
    }
    return groups;
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(v -> v).average().orElse(Double.NaN);
  }

  /** The standard deviation over restarts, with N − 1; an empty text for one value. */
  private static Object deviation(List<Double> values) {
    if (values.size() < 2) {
      return "";
    }
    double mean = mean(values);
    double squares = values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
    return Math.sqrt(squares / (values.size() - 1));
  }
}
