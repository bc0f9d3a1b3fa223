package org.ratescope.figure;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.ratescope.study.Study;
import org.ratescope.study.Training;

/** What is written under a figure: what it shows, and what it rests on. */
final class Caption {
  private Caption() {}

  static String of(String description, Study study, Records records) {
    List<String> sentences = new ArrayList<>();
    if (!description.isEmpty()) {
      sentences.add(description);
    }
    sentences.add(study(study));
    sentences.addAll(examples(records));
    sentences.add(runs(study, records));
    return String.join(" ", sentences);
  }

  private static String study(Study study) {
    Training training = study.training();
    return String.format(
        Locale.ROOT,
        "Study %s on %s: %s each, %,d iterations of %d examples, %s.",
        study.name(),
        study.data().text(),
        Labels.plural(study.restarts(), "restart"),
        training.iterations(),
        training.batch(),
        training.precision().text());
  }

  private static List<String> examples(Records records) {
    Table table =
        ask(
            records,
            "select half, min(examples) as low, max(examples) as high from results"
                + " where examples is not null group by half order by half desc");
    List<String> sentences = new ArrayList<>();
    for (int row = 0; row < table.rows().size(); row++) {
      long low = (Long) nonNull(table.value(row, "low"));
      long high = (Long) nonNull(table.value(row, "high"));
      String count =
          low == high
              ? String.format(Locale.ROOT, "%,d", low)
              : String.format(Locale.ROOT, "%,d to %,d", low, high);
      sentences.add("on %s %s examples".formatted(count, table.value(row, "half")));
    }
    return sentences.isEmpty()
        ? List.of()
        : List.of("Estimated " + String.join(", ", sentences) + ".");
  }

  private static String runs(Study study, Records records) {
    Table table = ask(records, "select outcome, count(*) as n from runs group by outcome");
    List<String> lost = new ArrayList<>();
    for (String outcome : List.of("missing", "diverged", "failed")) {
      for (int row = 0; row < table.rows().size(); row++) {
        if (outcome.equals(table.value(row, "outcome"))) {
          lost.add("%s %s".formatted(table.value(row, "n"), outcome));
        }
      }
    }
    String all = Labels.plural(study.runs().size(), "run");
    return lost.isEmpty()
        ? "%s, all finished.".formatted(all)
        : "%s, of which %s.".formatted(all, String.join(", ", lost));
  }

  private static Object nonNull(@Nullable Object value) {
    return Objects.requireNonNull(value);
  }

  private static Table ask(Records records, String sql) {
    try {
      return records.query(sql);
    } catch (QueryException e) {
      throw new IllegalStateException("a query of our own is wrong", e);
    }
  }
}
