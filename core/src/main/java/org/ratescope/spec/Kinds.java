package org.ratescope.spec;

import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The kinds of a part of a model, one example of each. {@link ServiceLoader} finds them by their
 * names in {@code META-INF/services}, so that this package, which the reading side shares, does not
 * refer to their native code. {@link PluginJars} adds those of the user's jars.
 *
 * @param <T> the part
 */
final class Kinds<T> {
  static final Kinds<Architecture> ARCHITECTURES =
      new Kinds<>(Architecture.class, "architecture", Architecture::text);
  static final Kinds<Likelihood> LIKELIHOODS =
      new Kinds<>(Likelihood.class, "likelihood", Likelihood::text);

  /** The parts of which a jar may have more kinds. */
  static final List<Kinds<?>> ALL = List.of(ARCHITECTURES, LIKELIHOODS);

  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,63}");

  private final Class<T> part;
  private final String word;
  private final Function<T, String> text;
  private @Nullable List<T> known;

  private Kinds(Class<T> part, String word, Function<T, String> text) {
    this.part = part;
    this.word = word;
    this.text = text;
  }

  Class<T> part() {
    return part;
  }

  /** An example of each kind, in the order of the file. */
  synchronized List<T> examples() {
    if (known == null) {
      known =
          ServiceLoader.load(part, part.getClassLoader()).stream()
              .map(ServiceLoader.Provider::get)
              .collect(Collectors.toCollection(CopyOnWriteArrayList::new));
    }
    return known;
  }

  /**
   * One more kind.
   *
   * @throws IllegalArgumentException if its text form starts with the name of a known kind, or with
   *     none
   */
  synchronized void add(T example) {
    String name = name(example);
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "the text form of %s is \"%s\"; expected a letter, then up to 63 letters, digits, '_' and '-', then nothing or ':'"
              .formatted(example.getClass().getName(), text.apply(example)));
    }
    List<String> names = examples().stream().map(this::name).toList();
    if (names.contains(name)) {
      throw new IllegalArgumentException(
          "the name \"%s\" of the %s exists already; expected another name than %s"
              .formatted(name, word, String.join(", ", names)));
    }
    examples().add(example);
  }

  /** The first word of the text form. */
  private String name(T example) {
    return text.apply(example).split(":", 2)[0];
  }

  /** The forms one after the other, for error messages: {@code a, b, or c}. */
  String oneOf(Function<T, String> form) {
    List<String> forms = examples().stream().map(form).toList();
    int last = forms.size() - 1;
    return forms.stream().limit(last).collect(Collectors.joining(", ")) + ", or " + forms.get(last);
  }
}
