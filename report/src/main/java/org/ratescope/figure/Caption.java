package org.ratescope.figure;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.ratescope.spec.Objective;
import org.ratescope.sql.DisplayNames;
import org.ratescope.sql.QueryException;
import org.ratescope.sql.QueryResult;
import org.ratescope.sql.Records;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;

/**
 * The caption of a figure: its description, the data set, and the number of runs and examples.
 *
 * @param suite the suite that declares the runs
 * @param studies the studies of the suite that the figure draws
 * @param records their records
 */
record Caption(Suite suite, List<Study> studies, Records records) {

  /**
   * A caption that begins with a description of the figure.
   *
   * @param ofData whether the figure is about data sets only, so that its caption does not mention
   *     training and estimation
   */
  static String of(
      String description, Suite suite, Collection<String> names, boolean ofData, Records records) {
    List<Study> named =
        suite.studies().stream().filter(study -> names.contains(study.name())).toList();
    if (named.isEmpty() && !names.isEmpty() && !suite.isSingle()) {
      return "%s The figure needs the studies %s, which %s does not contain."
          .formatted(description, String.join(", ", names), where(suite));
    }
    Caption caption = new Caption(suite, named.isEmpty() ? suite.studies() : named, records);
    List<String> sentences = new ArrayList<>();
    if (!description.isEmpty()) {
      sentences.add(description);
    }
    if (ofData) {
      sentences.add(caption.place() + ".");
    } else {
      sentences.add(caption.settings());
      sentences.addAll(caption.scale());
      sentences.addAll(caption.examples());
      sentences.add(caption.runs());
    }
    sentences.addAll(caption.absentData());
    return String.join(" ", sentences);
  }

  private String settings() {
    return "%s: %s each, %s iterations of %s examples, %s."
        .formatted(
            place(),
            counted(Study::restarts, "restart"),
            range(study -> study.training().iterations()),
            range(study -> study.training().batch()),
            joined(study -> study.training().precision().text(), " or "));
  }

  /**
   * Where pictures are smaller than the paper's, what its β is, if the weights are meant on its
   * scale.
   */
  private List<String> scale() {
    return studies.stream()
        .filter(study -> !suite.isSingle() || isScaled(study))
        .map(Study::data)
        .filter(data -> data.betaScale() != 1)
        .map(
            data ->
                String.format(
                    Locale.ROOT,
                    "β (paper's scale) is β × %.3g at %d×%d pixels.",
                    data.betaScale(),
                    data.height(),
                    data.width()))
        .distinct()
        .toList();
  }

  /**
   * Whether the weights of a study are those of a round scale divided by that of its data to two
   * digits, as the key {@code beta-scale} does: each is that of a weight of one digit, and not all
   * have one digit themselves.
   */
  private static boolean isScaled(Study study) {
    double scale = study.data().betaScale();
    double[] weights =
        study.objectives().stream().mapToDouble(Objective::betaKl).filter(b -> b > 0).toArray();
    return Arrays.stream(weights).anyMatch(b -> rounded(b, 1) != b)
        && Arrays.stream(weights).allMatch(b -> rounded(rounded(b * scale, 1) / scale, 2) == b);
  }

  private static double rounded(double value, int digits) {
    return new BigDecimal(value).round(new MathContext(digits)).doubleValue();
  }

  private String place() {
    return "%s on %s".formatted(where(), joined(study -> study.data().text(), " and "));
  }

  private String where() {
    if (suite.isSingle()) {
      return "Study " + where(suite);
    }
    boolean all = studies.size() == suite.studies().size();
    String which = all ? "all its studies" : joined(Study::name, ", ");
    return "Suite %s, %s".formatted(where(suite), which);
  }

  private static String where(Suite suite) {
    return suite.name() + suite.profile().map(name -> ", profile " + name).orElse("");
  }

  private String joined(Function<Study, String> value, String separator) {
    return studies.stream().map(value).distinct().collect(Collectors.joining(separator));
  }

  private String counted(ToLongFunction<Study> value, String noun) {
    long high = studies.stream().mapToLong(value).max().orElseThrow();
    return range(value) + " " + noun + (high == 1 ? "" : "s");
  }

  private String range(ToLongFunction<Study> value) {
    long low = studies.stream().mapToLong(value).min().orElseThrow();
    long high = studies.stream().mapToLong(value).max().orElseThrow();
    return range(low, high);
  }

  private static String range(long low, long high) {
    return low == high
        ? String.format(Locale.ROOT, "%,d", low)
        : String.format(Locale.ROOT, "%,d to %,d", low, high);
  }

  private List<String> examples() {
    QueryResult table =
        ask(
            "select subset, min(examples) as low, max(examples) as high from results_of(%s)"
                + " where examples is not null group by subset order by subset desc");
    List<String> sentences = new ArrayList<>();
    for (int row = 0; row < table.rows().size(); row++) {
      String count = range(number(table, row, "low"), number(table, row, "high"));
      sentences.add("on %s %s examples".formatted(count, table.value(row, "subset")));
    }
    return sentences.isEmpty()
        ? List.of()
        : List.of("Estimated " + String.join(", ", sentences) + ".");
  }

  private String runs() {
    QueryResult table = ask("select outcome, count(*) as n from runs_of(%s) group by outcome");
    List<String> lost = new ArrayList<>();
    for (String outcome : List.of("missing", "diverged", "failed")) {
      for (int row = 0; row < table.rows().size(); row++) {
        if (outcome.equals(table.value(row, "outcome"))) {
          lost.add(String.format(Locale.ROOT, "%,d %s", number(table, row, "n"), outcome));
        }
      }
    }
    String all = DisplayNames.plural(suite.runs(names()).size(), "run");
    String counted =
        lost.isEmpty()
            ? "%s, all finished.".formatted(all)
            : "%s: %s.".formatted(all, String.join(", ", lost));
    return counted + falling();
  }

  /** How many finished runs had not converged, if there are any. */
  private String falling() {
    QueryResult table =
        ask("select count(*) as n from runs_of(%s) where convergence = 'still falling'");
    long falling = number(table, 0, "n");
    return falling == 0
        ? ""
        : String.format(
            Locale.ROOT,
            " Not converged: the training loss of %,d of them was still falling.",
            falling);
  }

  /** Data sets without any run with a record, if others have some. */
  private List<String> absentData() {
    QueryResult table =
        ask(
            "select data_label, count(*) filter (outcome <> 'missing') as n from runs_of(%s)"
                + " group by data_index, data_label order by data_index");
    List<String> absent = new ArrayList<>();
    for (int row = 0; row < table.rows().size(); row++) {
      if (number(table, row, "n") == 0) {
        absent.add(String.valueOf(table.value(row, "data_label")));
      }
    }
    return absent.isEmpty() || absent.size() == table.rows().size()
        ? List.of()
        : List.of("No runs on " + String.join(", ", absent) + " yet.");
  }

  private List<String> names() {
    return studies.stream().map(Study::name).toList();
  }

  private static long number(QueryResult table, int row, String column) {
    return (Long) nonNull(table.value(row, column));
  }

  private static Object nonNull(@Nullable Object value) {
    return Objects.requireNonNull(value);
  }

  /** Queries the runs of these studies; names are letters, digits, '-' and '_'. */
  private QueryResult ask(String sql) {
    String list =
        names().stream().map(name -> "'" + name + "'").collect(Collectors.joining(", ", "[", "]"));
    try {
      return records.query(sql.formatted(list));
    } catch (QueryException e) {
      throw new IllegalStateException("a query of our own is wrong", e);
    }
  }
}
