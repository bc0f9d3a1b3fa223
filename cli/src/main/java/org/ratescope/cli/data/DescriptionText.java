package org.ratescope.cli.data;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.ratescope.analysis.DataDescription;
import org.ratescope.analysis.FactorSummary;
import org.ratescope.cli.process.Json;
import org.ratescope.cli.process.NamedValues;
import org.ratescope.dataset.Labels;
import org.ratescope.estimate.detail.SplitDifficulty;
import org.ratescope.estimate.posterior.MeanEstimate;
import org.ratescope.spec.text.Wording;

/** The output of {@code data describe}: JSON, or two tables. */
final class DescriptionText {
  private static final List<String> COLUMNS =
      List.of("factor", "subset", "values", "minimum", "maximum", "rows_per_value");

  /** Characters of the names of classes. */
  private static final int SHOWN = 200;

  private DescriptionText() {}

  static void print(
      PrintWriter out,
      DataDescription description,
      Optional<SplitDifficulty> difficulty,
      boolean json) {
    Map<String, Object> fields = new LinkedHashMap<>(description.fields());
    difficulty.ifPresent(d -> fields.put("difficulty", d.fields()));
    if (json) {
      out.println(Json.text(fields));
      return;
    }
    fields.remove("trainFactors");
    fields.remove("testFactors");
    fields.remove("difficulty");
    classes(description).ifPresent(classes -> fields.put("classes", classes));
    NamedValues.print(out, fields, false);
    out.println();
    out.print(factors(description).toText());
    difficulty.ifPresent(
        d -> {
          out.println();
          NamedValues.print(out, sentences(d), false);
        });
  }

  /** The number of classes and their names, as many as fit in a few lines; nothing of numbers. */
  private static Optional<String> classes(DataDescription description) {
    SortedMap<Double, String> names = new TreeMap<>();
    for (DataDescription.SubsetDescription subset :
        List.of(description.train(), description.test())) {
      subset.factors().stream()
          .filter(factor -> factor.name().equals(Labels.CLASS))
          .forEach(factor -> names.putAll(factor.texts()));
    }
    return Optional.of(names)
        .filter(all -> !all.isEmpty())
        .map(all -> all.size() + ": " + Wording.shown(String.join(", ", all.values()), SHOWN));
  }

  /** A warning if the test set contains training images: the test then measures memory. */
  static Optional<String> warning(SplitDifficulty difficulty) {
    return Optional.of(difficulty)
        .filter(d -> d.duplicates() > 0)
        .map(
            d ->
                "warning: %s of the %s test images compared are also training images"
                    .formatted(d.duplicates(), d.neighbours().size()));
  }

  private static org.ratescope.sql.QueryResult factors(DataDescription description) {
    List<List<Object>> rows = new ArrayList<>();
    for (int f = 0; f < description.factors().size(); f++) {
      rows.add(row(description.train().factors().get(f), "train"));
      rows.add(row(description.test().factors().get(f), "test"));
    }
    return new org.ratescope.sql.QueryResult(COLUMNS, rows);
  }

  private static List<Object> row(FactorSummary facts, String subset) {
    return Arrays.asList(
        facts.name(),
        subset,
        (long) facts.distinct(),
        bound(facts, facts.minimum()),
        bound(facts, facts.maximum()),
        facts.counts().isEmpty() ? "" : counts(facts));
  }

  /** A number, or the text that it stands for. */
  private static Object bound(FactorSummary facts, double value) {
    String text = facts.texts().get(value);
    return text == null ? (Object) value : text;
  }

  private static String counts(FactorSummary facts) {
    int fewest = facts.counts().values().stream().mapToInt(c -> c).min().orElse(0);
    int most = facts.counts().values().stream().mapToInt(c -> c).max().orElse(0);
    return fewest == most ? Integer.toString(most) : fewest + " to " + most;
  }

  private static Map<String, Object> sentences(SplitDifficulty d) {
    Map<String, Object> lines = new LinkedHashMap<>();
    lines.put(
        "searched",
        "%s of %s test images among %s training images"
            .formatted(d.neighbours().size(), d.testImages(), d.trainImages()));
    lines.put(
        "nearest",
        String.format(
            Locale.ROOT,
            "%s; 10 %% of the test images within %.4g, 50 %% within %.4g, 90 %% within %.4g",
            mean(d.nearest()),
            d.quantile(0.1),
            d.quantile(0.5),
            d.quantile(0.9)));
    lines.put("random pair", mean(d.random()));
    lines.put("duplicates", "%s of %s".formatted(d.duplicates(), d.neighbours().size()));
    return lines;
  }

  private static String mean(MeanEstimate mean) {
    return String.format(Locale.ROOT, "distance %.4g ± %.2g", mean.value(), mean.standardError());
  }
}
