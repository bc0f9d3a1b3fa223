package org.ratescope.answer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ratescope.sql.QueryException;
import org.ratescope.sql.QueryResult;
import org.ratescope.sql.Records;
import org.ratescope.statistic.Holm;

/**
 * The answer to the question of a study: does the rate term help these models generalise to these
 * data? One {@link RateComparison} for each panel of the built-in figures, corrected together by
 * Holm's method. Comparisons whose runs are too few or have not converged are not judged, and do
 * not count for the correction.
 *
 * @param comparisons in the order of the study's splits and architectures
 */
public record Answer(List<RateComparison> comparisons) {
  /** The question that an answer is about. */
  public static final String QUESTION =
      "Does the rate term help these models generalise to these data?";

  private static final String QUERY =
      """
      with numbers as (
        select panels.*, split_label, train_examples, test_examples, coalesce(weight, beta_kl) as weight, seed,
          distortion, distortion_standard_error, loss_fall, loss_fall_error
        from runs left join (
            select run, distortion, distortion_standard_error from results where subset = 'test'
          ) using (run)
          join panels using (run)
        where objective <> 'both'
      )
      select
        if(train_examples is null, split_label, regexp_replace(split_label, ' \\([^()]*\\)$', '')
            || format(' ({:,} train / {:,} test)', train_examples, test_examples))
          || substr(row_label, length(split_label) + 1) as split,
        column_label as model, row_order, column_order, weight, seed, distortion, distortion_standard_error,
        loss_fall, loss_fall_error
      from numbers
      order by row_order, column_order, weight, seed
      """;

  public Answer {
    comparisons = List.copyOf(comparisons);
  }

  /** The runs of one panel. */
  private static final class Panel {
    private String split = "";
    private String model = "";
    private final List<ComparedRun> runs = new ArrayList<>();
  }

  /** The answer in the records of a study or a suite. */
  public static Answer of(Records records) {
    records.choose(List.of());
    QueryResult table = ask(records);
    Map<List<@Nullable Object>, Panel> panels = new LinkedHashMap<>();
    for (int row = 0; row < table.rows().size(); row++) {
      List<@Nullable Object> key = new ArrayList<>();
      key.add(table.value(row, "row_order"));
      key.add(table.value(row, "column_order"));
      Panel panel = panels.computeIfAbsent(key, k -> new Panel());
      String split = text(table, row, "split");
      panel.split = split.length() > panel.split.length() ? split : panel.split; // with sizes
      panel.model = text(table, row, "model");
      double distortion = number(table, row, "distortion");
      if (Double.isFinite(distortion)) {
        panel.runs.add(
            new ComparedRun(
                number(table, row, "weight"),
                (Long) Objects.requireNonNull(table.value(row, "seed")),
                distortion,
                number(table, row, "distortion_standard_error"),
                number(table, row, "loss_fall"),
                number(table, row, "loss_fall_error")));
      }
    }
    return of(panels.values().stream().map(p -> new Group(p.split, p.model, p.runs)).toList());
  }

  /** The runs of one model on one split. */
  record Group(String split, String model, List<ComparedRun> runs) {}

  /** The answer in runs by model and split. */
  static Answer of(List<Group> groups) {
    List<Optional<RateEffect>> effects =
        groups.stream()
            .map(
                group ->
                    RateEffect.isPossible(group.runs)
                        ? Optional.of(RateEffect.of(group.runs))
                        : Optional.<RateEffect>empty())
            .toList();
    List<RateEffect> judged =
        effects.stream().flatMap(Optional::stream).filter(e -> !e.isFalling()).toList();
    double[] corrected = Holm.corrected(judged.stream().map(RateEffect::p).toList());
    List<RateComparison> comparisons = new ArrayList<>();
    int next = 0;
    for (int i = 0; i < groups.size(); i++) {
      Optional<RateEffect> effect = effects.get(i);
      boolean isJudged = effect.isPresent() && !effect.get().isFalling();
      double p = isJudged ? corrected[next++] : Double.NaN;
      AnswerVerdict verdict =
          effect.isPresent() ? effect.get().verdict(p) : AnswerVerdict.NOT_ENOUGH_RUNS;
      comparisons.add(
          new RateComparison(groups.get(i).split, groups.get(i).model, effect, p, verdict));
    }
    return new Answer(comparisons);
  }

  /** Number of comparisons with a verdict about the rate term, for which Holm's method corrects. */
  public int judged() {
    return (int) comparisons.stream().filter(c -> !Double.isNaN(c.p())).count();
  }

  /** The comparisons with a verdict. */
  public List<RateComparison> with(AnswerVerdict verdict) {
    return comparisons.stream().filter(c -> c.verdict() == verdict).toList();
  }

  private static QueryResult ask(Records records) {
    try {
      return records.query(QUERY);
    } catch (QueryException e) {
      throw new IllegalStateException("a query of our own is wrong", e);
    }
  }

  private static String text(QueryResult table, int row, String column) {
    return Objects.requireNonNull(table.value(row, column)).toString();
  }

  private static double number(QueryResult table, int row, String column) {
    return table.value(row, column) instanceof Number value ? value.doubleValue() : Double.NaN;
  }
}
