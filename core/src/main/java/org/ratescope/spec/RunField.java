package org.ratescope.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.ratescope.spec.text.Wording;

/**
 * One field of a run: how it is written, read, shown, stored in tables and compared. All fields are
 * listed in {@link RunFields#ALL}.
 *
 * @param <T> the type of its values
 * @param key its name in the canonical text, in trackers and on the live page: {@code latent}
 * @param name its name in JSON records: {@code latentSize}
 * @param title its name for people, as the header of a table: {@code Latent size}
 * @param type the class of its values in tables and JSON: String, Integer, Long or Double
 * @param value reads it from a run
 * @param text writes a value in the canonical text form
 * @param parse reads that form
 * @param label writes a value for people, {@code 3-layer MLP (512 units)}; of a number the digits
 * @param phrase a label in a sentence, with {@code %s} for the label: {@code latent %s}
 * @param roles what else is known of it
 * @param omitted the value that the canonical text and JSON records leave out, so that runs from
 *     before the field existed keep their ids
 * @param shape what of it the runs of a cohort must share, as a text; empty for nothing
 * @param parts values that are read off this field and have columns of their own
 */
public record RunField<T>(
    String key,
    String name,
    String title,
    Class<?> type,
    Function<RunSpec, T> value,
    Function<T, String> text,
    Function<String, T> parse,
    Function<T, String> label,
    String phrase,
    Set<Role> roles,
    Optional<T> omitted,
    Function<RunSpec, String> shape,
    List<Part> parts) {

  /** What is true of some fields only. */
  public enum Role {
    /** The field follows from others: it is shown, and neither written nor read. */
    DERIVED,
    /** Means of estimates are taken over runs that differ in this field. */
    AVERAGED
  }

  /**
   * A value that is read off a field.
   *
   * @param name its name in JSON records; its column has the same name in snake_case
   * @param type its class: String, Integer, Long or Double
   * @param value reads it from a run; null where the run has none
   */
  public record Part(String name, Class<?> type, Function<RunSpec, @Nullable Object> value) {
    /** The name of its SQL column. */
    public String column() {
      return snakeCase(name);
    }
  }

  /** A field that is written, with nothing else known of it. */
  private RunField(
      String key,
      String title,
      Class<?> type,
      Function<RunSpec, T> value,
      Function<T, String> text,
      Function<String, T> parse,
      Function<T, String> label,
      String phrase) {
    this(
        key,
        key,
        title,
        type,
        value,
        text,
        parse,
        label,
        phrase,
        Set.of(),
        Optional.empty(),
        run -> "",
        List.of());
  }

  /** A field whose values have a text form in study files. */
  static <T> RunField<T> text(
      String key,
      String title,
      Function<RunSpec, T> value,
      Function<T, String> text,
      Function<String, T> parse,
      Function<T, String> label) {
    return new RunField<>(key, title, String.class, value, text, parse, label, "%s");
  }

  /**
   * A field whose values are numbers.
   *
   * @param phrase a value for people, with {@code %s} for the number
   */
  static <T extends Number> RunField<T> number(
      String key,
      String title,
      Class<T> type,
      Function<RunSpec, T> value,
      Function<String, T> parse,
      String phrase) {
    return new RunField<>(key, title, type, value, String::valueOf, parse, RunField::shown, phrase);
  }

  private static String shown(Number number) {
    return number instanceof Double d ? Wording.number(d) : number.toString();
  }

  private RunField<T> with(
      String name,
      Set<Role> roles,
      Optional<T> omitted,
      Function<RunSpec, String> shape,
      List<Part> parts) {
    return new RunField<>(
        key, name, title, type, value, text, parse, label, phrase, roles, omitted, shape, parts);
  }

  /** The same field under another name in JSON records and tables. */
  RunField<T> named(String other) {
    return with(other, roles, omitted, shape, parts);
  }

  RunField<T> role(Role role) {
    return with(name, Set.of(role), omitted, shape, parts);
  }

  /** The same field, left out of the canonical text where it has that value. */
  RunField<T> omitting(T implied) {
    return with(name, roles, Optional.of(implied), shape, parts);
  }

  /** The same field; the runs of a cohort must agree in it. */
  RunField<T> shaping() {
    return shaping(run -> key + "=" + textOf(run));
  }

  /** The same field; the runs of a cohort must agree in a text that is computed from a run. */
  RunField<T> shaping(Function<RunSpec, String> shared) {
    return with(name, roles, omitted, shared, parts);
  }

  /** The same field with one more value that is read off it. */
  RunField<T> part(String part, Class<?> of, Function<T, @Nullable Object> read) {
    List<Part> more = new ArrayList<>(parts);
    more.add(new Part(part, of, run -> read.apply(value.apply(run))));
    return with(name, roles, omitted, shape, more);
  }

  public boolean is(Role role) {
    return roles.contains(role);
  }

  /** Whether its values are texts, which have a label and a position in the study files. */
  public boolean isText() {
    return type == String.class;
  }

  /** The name of its SQL column. */
  public String column() {
    return snakeCase(name);
  }

  /** A run's value in the canonical text form. */
  public String textOf(RunSpec run) {
    return text.apply(value.apply(run));
  }

  /** A run's value for people. */
  public String labelOf(RunSpec run) {
    return label.apply(value.apply(run));
  }

  /** A run's value for people, in a sentence: {@code latent 10}. */
  public String phraseOf(RunSpec run) {
    return phrase.formatted(labelOf(run));
  }

  /** A run's value as tables and JSON hold it: a text or a number. */
  public Object plain(RunSpec run) {
    T of = value.apply(run);
    return isText() ? text.apply(of) : of;
  }

  /** Whether the canonical text of a run leaves this field out. */
  public boolean isOmitted(RunSpec run) {
    return omitted.isPresent() && omitted.get().equals(value.apply(run));
  }

  /**
   * The value among the texts of a run.
   *
   * @param texts canonical text forms by key
   * @throws IllegalArgumentException if it is missing or not allowed
   */
  T read(Map<String, String> texts) {
    String found = texts.get(key);
    if (found == null) {
      return omitted.orElseThrow(() -> new IllegalArgumentException("there is no field " + name));
    }
    return parse.apply(found);
  }

  private static String snakeCase(String name) {
    return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }
}
