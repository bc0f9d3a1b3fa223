package org.ratescope.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.ratescope.spec.text.Wording;

/**
 * The kinds of a part of a model, one example of each. {@link ServiceLoader} finds them by their
 * names in {@code META-INF/services}, so that this package, which the reading side shares, does not
 * refer to their native code. {@link PluginJars} adds those of the user's jars.
 */
final class Kinds {
  /**
   * A part of which a jar may have more kinds.
   *
   * @param type its interface
   * @param word what messages call it
   * @param text writes its text form, which starts with the name of its kind
   */
  record Part<T>(Class<T> type, String word, Function<T, String> text) {
    /** The first word of the text form. */
    private String name(T kind) {
      return text.apply(kind).split(":", 2)[0];
    }
  }

  static final List<Part<?>> PARTS =
      List.of(
          new Part<>(Architecture.class, "architecture", Architecture::text),
          new Part<>(Likelihood.class, "likelihood", Likelihood::text),
          new Part<>(Prior.class, "prior", Prior::text));

  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,63}");
  private static final Map<Class<?>, List<?>> KNOWN = new ConcurrentHashMap<>();

  private Kinds() {}

  /** An example of each kind, in the order of the file, then those of jars. */
  static <T> List<T> of(Class<T> part) {
    List<?> kinds =
        KNOWN.computeIfAbsent(
            part,
            p ->
                ServiceLoader.load(p, p.getClassLoader()).stream()
                    .map(ServiceLoader.Provider::get)
                    .toList());
    return kinds.stream().map(part::cast).toList();
  }

  /**
   * One more kind.
   *
   * @throws IllegalArgumentException if its text form starts with the name of a known kind, or with
   *     none
   */
  static synchronized <T> void add(Part<T> part, T example) {
    String name = part.name(example);
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "the text form of %s is \"%s\"; expected a letter, then up to 63 letters, digits, '_' and '-', then nothing or ':'"
              .formatted(example.getClass().getName(), part.text().apply(example)));
    }
    List<T> kinds = new ArrayList<>(of(part.type()));
    List<String> names = kinds.stream().map(part::name).toList();
    if (names.contains(name)) {
      throw new IllegalArgumentException(
          "the name \"%s\" of the %s exists already; expected another name than %s"
              .formatted(name, part.word(), String.join(", ", names)));
    }
    kinds.add(example);
    KNOWN.put(part.type(), List.copyOf(kinds));
  }

  /** Reads a text form as one kind does. */
  interface Reader<T> {
    /** The part with that text form; null if the text is of another kind than the example. */
    @Nullable T read(T example, String text);
  }

  /**
   * The part with that text form, of any kind.
   *
   * @throws IllegalArgumentException naming what came and what is allowed
   */
  static <T> T parse(Class<T> part, String text, Reader<T> reader, Supplier<String> allowed) {
    try {
      for (T example : of(part)) {
        T read = reader.read(example, text);
        if (read != null) {
          return read;
        }
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(Wording.unexpected(text, allowed.get()), e);
    }
    throw new IllegalArgumentException(Wording.unexpected(text, allowed.get()));
  }

  /** The forms one after the other, for error messages: {@code a, b, or c}. */
  static String oneOf(List<String> forms) {
    int last = forms.size() - 1;
    return forms.stream().limit(last).collect(Collectors.joining(", ")) + ", or " + forms.get(last);
  }
}
