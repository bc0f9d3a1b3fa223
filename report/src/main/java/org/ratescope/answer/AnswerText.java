package org.ratescope.answer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.ratescope.sql.DisplayNames;

/** An answer in words, and as named values. */
public final class AnswerText {
  /** More comparisons than this are counted, and only the clearest one is named. */
  private static final int NAMED = 2;

  private final Answer answer;

  private AnswerText(Answer answer) {
    this.answer = answer;
  }

  /** One sentence that answers {@link Answer#QUESTION}. */
  public static String sentence(Answer answer) {
    return new AnswerText(answer).sentence();
  }

  private String sentence() {
    if (answer.comparisons().isEmpty()) {
      return "No answer: every run weighs the mutual information and the marginal KL differently.";
    }
    List<String> clauses = new ArrayList<>();
    for (AnswerVerdict verdict : AnswerVerdict.values()) {
      List<RateComparison> these = answer.with(verdict);
      if (!these.isEmpty()) {
        clauses.add(clause(verdict, these, clauses.isEmpty() ? "the rate term" : "it"));
      }
    }
    return lead() + ": " + String.join("; ", clauses) + ".";
  }

  private String lead() {
    List<AnswerVerdict> judged =
        answer.comparisons().stream()
            .filter(c -> !Double.isNaN(c.p()))
            .map(RateComparison::verdict)
            .distinct()
            .toList();
    if (judged.isEmpty()) {
      return "No answer yet";
    }
    if (judged.size() > 1) {
      return "It depends";
    }
    return switch (judged.getFirst()) {
      case HELPS -> "Yes";
      case HURTS -> "No, it hurts";
      default -> "No visible effect";
    };
  }

  private String clause(AnswerVerdict verdict, List<RateComparison> these, String subject) {
    return switch (verdict) {
      case HELPS ->
          "the rate term helps "
              + named(these, c -> "by %s".formatted(lowering(c)), clearest(), "");
      case HURTS ->
          "the rate term hurts "
              + named(these, c -> "by %s or more".formatted(lowering(c)), clearest(), "");
      case NO_DIFFERENCE ->
          subject
              + " makes no visible difference to "
              + named(these, c -> "95 %% interval %s nats".formatted(interval(c)), clearest(), "");
      case NOT_CONVERGED ->
          named(
              these,
              c ->
                  "the training loss still falls by %s nats in a tenth of the updates"
                      .formatted(nats(effect(c).fall())),
              Comparator.comparingDouble(c -> -effect(c).fall()),
              these.size() == 1 ? " has not converged" : " have not converged");
      case NOT_ENOUGH_RUNS ->
          named(
              these,
              c -> "two β, and two restarts with every β, are the least",
              Comparator.comparing(RateComparison::label),
              these.size() == 1 ? " has not enough runs" : " have not enough runs");
    };
  }

  private static Comparator<RateComparison> clearest() {
    return Comparator.comparingDouble(c -> -Math.abs(effect(c).difference()));
  }

  /** What a clause says about one comparison. */
  private interface Remark {
    String of(RateComparison comparison);
  }

  /** Some comparisons with what is said of all, and a remark in brackets. */
  private String named(
      List<RateComparison> these,
      Remark remark,
      Comparator<RateComparison> order,
      String predicate) {
    List<RateComparison> sorted = these.stream().sorted(order).toList();
    RateComparison first = sorted.getFirst();
    if (these.size() == 1) {
      return "%s%s (%s)".formatted(first.label(), predicate, remark.of(first));
    }
    if (these.size() <= NAMED && predicate.isEmpty()) {
      return sorted.stream()
          .map(c -> "%s (%s)".formatted(c.label(), remark.of(c)))
          .collect(Collectors.joining(" and "));
    }
    return "%s of %s models%s (%s: %s)"
        .formatted(
            these.size(), answer.comparisons().size(), predicate, first.label(), remark.of(first));
  }

  private static String lowering(RateComparison c) {
    RateEffect effect = effect(c);
    return "%s nats per image at β = %s compared with β = %s, 95 %% interval %s"
        .formatted(
            nats(Math.abs(effect.difference())),
            DisplayNames.number(effect.best()),
            DisplayNames.number(effect.smallest()),
            interval(c));
  }

  /** The interval of an effect, as written after "by": that of a harm without the sign. */
  static String interval(RateComparison c) {
    RateEffect effect = effect(c);
    return c.verdict() == AnswerVerdict.HURTS
        ? nats(-effect.high()) + " to " + nats(-effect.low())
        : nats(effect.low()) + " to " + nats(effect.high());
  }

  private static RateEffect effect(RateComparison c) {
    return c.effect().orElseThrow();
  }

  /** A number of nats to two decimals. */
  public static String nats(double value) {
    return String.format(Locale.ROOT, "%.2f", value).replace('-', '−');
  }

  /** A p-value to two digits; very small ones as a bound. */
  public static String probability(double p) {
    if (p < 0.0001) {
      return "< 0.0001";
    }
    return DisplayNames.number(Double.parseDouble(String.format(Locale.ROOT, "%.2g", p)));
  }

  /** {@code p = 0.012}, or {@code p < 0.0001}. */
  public static String pValue(double p) {
    String text = probability(p);
    return text.startsWith("<") ? "p " + text : "p = " + text;
  }

  /** What the numbers of a table mean. */
  public static String note(Answer answer) {
    String judged =
        switch (answer.judged()) {
          case 0 -> "No comparison is judged";
          case 1 -> "One comparison is judged";
          default -> "%s comparisons are judged, with Holm's correction".formatted(answer.judged());
        };
    return judged
        + ". Effect: how many nats per image the test distortion is lower at the best larger β than at the smallest β,"
        + " a mean over restarts paired by seed; negative if it is higher."
        + " The interval allows for the choice of β.";
  }

  /** A line for each comparison, those with a verdict about the rate term first. */
  public static List<String> lines(Answer answer) {
    return sorted(answer).stream().map(AnswerText::line).toList();
  }

  private static String line(RateComparison c) {
    String start = "%s: %s".formatted(c.label(), c.verdict().text());
    if (c.effect().isEmpty()) {
      return start;
    }
    List<String> row = row(c);
    return "%s; effect %s nats at β = %s, 95 %% interval %s, %s, %s"
        .formatted(
            start,
            row.get(3),
            row.get(6),
            row.get(4),
            Double.isNaN(c.p()) ? row.get(5) : pValue(c.p()),
            DisplayNames.plural(effect(c).restarts(), "restart"));
  }

  /** The comparisons by verdict; within a verdict in the order of the study. */
  public static List<RateComparison> sorted(Answer answer) {
    return answer.comparisons().stream()
        .sorted(Comparator.comparing(RateComparison::verdict))
        .toList();
  }

  /** Verdict, model, split, effect, interval, p, best β and restarts; empty where there is none. */
  public static List<String> row(RateComparison c) {
    List<String> row = new ArrayList<>(List.of(c.verdict().text(), c.model(), c.split()));
    if (c.effect().isEmpty()) {
      row.addAll(List.of("", "", "", "", ""));
      return row;
    }
    RateEffect effect = effect(c);
    row.add(nats(effect.difference()));
    row.add(nats(effect.low()) + " to " + nats(effect.high()));
    row.add(Double.isNaN(c.p()) ? "not judged" : probability(c.p()));
    row.add(DisplayNames.number(effect.best()));
    row.add(String.valueOf(effect.restarts()));
    return row;
  }

  /** The answer as named values, for JSON. */
  public static Map<String, Object> fields(Answer answer) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("question", Answer.QUESTION);
    fields.put("answer", sentence(answer));
    fields.put("judged", answer.judged());
    fields.put("comparisons", answer.comparisons().stream().map(AnswerText::fields).toList());
    return fields;
  }

  private static Map<String, Object> fields(RateComparison comparison) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("split", comparison.split());
    fields.put("model", comparison.model());
    fields.put("verdict", comparison.verdict().text());
    comparison
        .effect()
        .ifPresent(
            effect -> {
              fields.put("restarts", effect.restarts());
              fields.put("smallestBeta", effect.smallest());
              fields.put("bestBeta", effect.best());
              put(fields, "effect", effect.difference());
              put(fields, "low", effect.low());
              put(fields, "high", effect.high());
              put(fields, "p", effect.p());
              put(fields, "correctedP", comparison.p());
              put(fields, "fall", effect.fall());
            });
    return fields;
  }

  /** JSON has finite numbers only. */
  private static void put(Map<String, Object> fields, String name, double value) {
    if (Double.isFinite(value)) {
      fields.put(name, value);
    }
  }
}
