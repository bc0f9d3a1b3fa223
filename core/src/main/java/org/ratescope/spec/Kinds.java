package org.ratescope.spec;

import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The kinds of a part of a model, one example of each. {@link ServiceLoader} finds them by their
 * names in {@code META-INF/services}, so that this package, which the reading side shares, does not
 * refer to their native code.
 */
final class Kinds {
  private static final Map<Class<?>, List<?>> KNOWN = new ConcurrentHashMap<>();

  private Kinds() {}

  /** An example of each kind, in the order of the file. */
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

  /** The forms one after the other, for error messages: {@code a, b, or c}. */
  static String oneOf(List<String> forms) {
    int last = forms.size() - 1;
    return forms.stream().limit(last).collect(Collectors.joining(", ")) + ", or " + forms.get(last);
  }
}
