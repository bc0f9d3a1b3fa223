package org.ratescope.yaml;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.ratescope.spec.text.Checks;
import org.ratescope.spec.text.Wording;
import org.ratescope.yaml.YamlNode.Scalar;

/**
 * Parses the value of a key of a study file.
 *
 * @param sentence the allowed values, for error messages
 * @param hint a suggestion for a text that is not allowed, to append to the sentence; empty if no
 *     allowed value is similar
 * @param reading returns the value of a scalar, or nothing if the scalar is not allowed; it may
 *     also throw an {@link IllegalArgumentException}
 */
public record ValueParser<T>(
    String sentence, Function<String, String> hint, Function<Scalar, Optional<T>> reading) {
  /** Separators that users write into numbers, but YAML does not allow. */
  private static final Pattern SEPARATED = Pattern.compile("[+-]?\\d{1,3}(?:[_,' ]\\d{3})+");

  /** Values without a suggestion. */
  private ValueParser(String sentence, Function<Scalar, Optional<T>> reading) {
    this(sentence, text -> "", reading);
  }

  /** Whole numbers in that range. */
  public static ValueParser<Long> whole(long low, long high) {
    return new ValueParser<>(
        Checks.whole(low, high),
        ValueParser::withoutSeparators,
        scalar -> scalar.whole().filter(value -> value >= low && value <= high));
  }

  private static String withoutSeparators(String text) {
    return SEPARATED.matcher(text).matches()
        ? " (did you mean " + text.replaceAll("[_,' ]", "") + "?)"
        : "";
  }

  /** Finite numbers above 0. */
  public static ValueParser<Double> positive() {
    return number("a finite number above 0", value -> value > 0);
  }

  /** Finite numbers of at least 0. */
  public static ValueParser<Double> nonNegative() {
    return number("a finite number of at least 0", value -> value >= 0);
  }

  private static ValueParser<Double> number(String sentence, Predicate<Double> condition) {
    return new ValueParser<>(
        sentence,
        ValueParser::withoutSeparators,
        scalar -> scalar.number().filter(value -> condition.test(value) && Double.isFinite(value)));
  }

  /** One of these words, which {@code parse} reads. */
  public static <T> ValueParser<T> words(List<String> words, Function<String, T> parse) {
    return new ValueParser<>(
        String.join(", ", words),
        text -> Wording.didYouMean(text, words),
        scalar -> Optional.of(scalar.text()).filter(words::contains).map(parse));
  }

  /**
   * Texts that {@code parse} accepts; it throws an {@link IllegalArgumentException} for all others.
   */
  public static <T> ValueParser<T> parsed(String sentence, Function<String, T> parse) {
    return new ValueParser<>(sentence, scalar -> Optional.of(parse.apply(scalar.text())));
  }

  /** Words that match the pattern. */
  public static ValueParser<String> matching(String sentence, Pattern form) {
    return new ValueParser<>(
        sentence,
        scalar -> Optional.of(scalar.text()).filter(text -> form.matcher(text).matches()));
  }

  /** One of the names, or any name if the list is empty. */
  public static ValueParser<String> name(List<String> known) {
    Pattern form = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    return known.isEmpty()
        ? matching("1 to 64 letters, digits, '-' and '_'", form)
        : words(known, word -> word);
  }

  /** The same with a sentence after each error. */
  public ValueParser<T> hint(String also) {
    return new ValueParser<>(sentence, text -> hint.apply(text) + also, reading);
  }

  /** The same scalars, read as another type. */
  public <R> ValueParser<R> map(Function<T, R> conversion) {
    return new ValueParser<>(sentence, hint, scalar -> reading.apply(scalar).map(conversion));
  }

  /** The same values, or the given word, which stands for {@code value}. */
  public ValueParser<T> or(String word, T value) {
    return new ValueParser<>(
        word + " or " + sentence,
        hint,
        scalar -> scalar.text().equals(word) ? Optional.of(value) : reading.apply(scalar));
  }

  /** The value of a required scalar. */
  public T one(YamlNode setting) throws StudyFileException {
    String meant = "";
    if (setting instanceof Scalar scalar) {
      meant = hint.apply(scalar.text());
      try {
        Optional<T> value = reading.apply(scalar);
        if (value.isPresent()) {
          return value.get();
        }
      } catch (IllegalArgumentException e) {
        // Falls through to the one error message.
      }
    }
    throw setting.place().error(setting.came(), sentence + meant);
  }

  /** One value, or a list of at least one, without repeated values. */
  List<T> list(YamlNode setting) throws StudyFileException {
    List<YamlNode> entries = setting.asList();
    if (entries.isEmpty()) {
      throw setting.place().error(setting.came(), "at least one entry, each " + sentence);
    }
    Map<T, YamlNode> seen = new HashMap<>();
    List<T> values = new ArrayList<>();
    for (YamlNode entry : entries) {
      T value = one(entry);
      YamlNode before = seen.putIfAbsent(value, entry);
      if (before != null) {
        throw entry
            .place()
            .error(
                entry.came() + ", which is the same as " + before.came() + " before",
                "each value once");
      }
      values.add(value);
    }
    return values;
  }
}
