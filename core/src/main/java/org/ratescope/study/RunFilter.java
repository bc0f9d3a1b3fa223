package org.ratescope.study;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.ratescope.spec.RunField;
import org.ratescope.spec.RunFields;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.text.Wording;

/**
 * Conditions on the fields of a run, all of which must hold: {@code beta<=1,layers=3}. A field has
 * the name of its SQL column, or of {@link RunFields}; several values of one condition are
 * separated by {@code |}. Numbers are compared as numbers, texts with the text form of study files.
 */
public final class RunFilter implements Predicate<RunSpec> {
  private static final Pattern CONDITION =
      Pattern.compile("\\s*([A-Za-z_]+)\\s*(!=|<=|>=|=|<|>)\\s*(.+?)\\s*");

  private static final Map<String, Function<RunSpec, @Nullable Object>> FIELDS = fields();

  private final List<Predicate<RunSpec>> conditions;

  private RunFilter(List<Predicate<RunSpec>> conditions) {
    this.conditions = List.copyOf(conditions);
  }

  private static Map<String, Function<RunSpec, @Nullable Object>> fields() {
    Map<String, Function<RunSpec, @Nullable Object>> fields = new LinkedHashMap<>();
    for (RunField<?> field : RunFields.ALL) {
      fields.put(field.column(), field::plain);
      fields.put(field.key(), field::plain);
      field.parts().forEach(part -> fields.put(part.column(), part.value()));
    }
    return fields;
  }

  /** The names of the fields. */
  public static List<String> names() {
    return List.copyOf(FIELDS.keySet());
  }

  /**
   * Reads conditions that commas separate.
   *
   * @throws IllegalArgumentException for an unknown field, with a suggestion, or another form
   */
  public static RunFilter parse(String text) {
    List<Predicate<RunSpec>> conditions = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      conditions.add(condition(part));
    }
    return new RunFilter(conditions);
  }

  private static Predicate<RunSpec> condition(String text) {
    Matcher form = CONDITION.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          Wording.unexpected(text, "FIELD=VALUE, for example beta=1 or layers=3"));
    }
    String name = form.group(1);
    Function<RunSpec, @Nullable Object> field = FIELDS.get(name);
    if (field == null) {
      throw new IllegalArgumentException(
          "got field %s; expected %s%s"
              .formatted(
                  Wording.quoted(name),
                  String.join(", ", names()),
                  Wording.didYouMean(name, names())));
    }
    String sign = form.group(2);
    List<String> values = List.of(form.group(3).split("\\|", -1));
    if (sign.startsWith("<") || sign.startsWith(">")) {
      double bound =
          number(form.group(3))
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "%s%s: %s"
                              .formatted(
                                  name, sign, Wording.unexpected(form.group(3), "a number"))));
      return run -> compares(field.apply(run), sign, bound);
    }
    boolean wanted = sign.equals("=");
    return run -> values.stream().anyMatch(value -> isEqual(field.apply(run), value)) == wanted;
  }

  private static boolean compares(@Nullable Object value, String sign, double bound) {
    if (!(value instanceof Number number)) {
      return false;
    }
    int order = Double.compare(number.doubleValue(), bound);
    return switch (sign) {
      case "<" -> order < 0;
      case "<=" -> order <= 0;
      case ">" -> order > 0;
      default -> order >= 0;
    };
  }

  private static boolean isEqual(@Nullable Object value, String text) {
    if (value instanceof Number number) {
      return number(text).filter(wanted -> wanted == number.doubleValue()).isPresent();
    }
    String own = Objects.toString(value, "");
    return own.equalsIgnoreCase(text) || own.startsWith(text + ":"); // a data set's name alone
  }

  private static Optional<Double> number(String text) {
    try {
      return Optional.of(Double.parseDouble(text) + 0.0);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  @Override
  public boolean test(RunSpec run) {
    return conditions.stream().allMatch(condition -> condition.test(run));
  }
}
