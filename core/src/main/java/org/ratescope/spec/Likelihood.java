package org.ratescope.spec;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The decoder's distribution p(x|z) over pixels. Its text form is what a study file says. A new
 * likelihood is a class in {@code model.likelihood}, or in a jar of the user's ({@link
 * PluginJars}), and its line in {@code META-INF/services/org.ratescope.spec.Likelihood}; the class
 * has a constructor without arguments, which makes an example.
 */
public interface Likelihood {

  /** The text form, which {@link #parse} reads back. */
  String text();

  /**
   * The text forms of this kind, for error messages: {@code gaussian:VARIANCE}. The default is that
   * of a kind without settings.
   */
  default String form() {
    return text();
  }

  /** The form for people. */
  String displayName();

  /** Whether every distortion is above 0, so that a plot may have a logarithmic axis. */
  boolean hasPositiveDistortion();

  /**
   * The likelihood of this kind with that text form; null if the text is of another kind. The
   * default is that of a kind without settings.
   *
   * @throws IllegalArgumentException if a number in it is no number or out of range
   */
  default @Nullable Likelihood read(String text) {
    return text.equals(text()) ? this : null;
  }

  /** What {@link #parse} accepts, for error messages. */
  static String allowed() {
    return Kinds.oneOf(forms());
  }

  /** The text forms of all kinds. */
  static List<String> forms() {
    return Kinds.of(Likelihood.class).stream().map(Likelihood::form).toList();
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException naming what came and what is allowed
   */
  static Likelihood parse(String text) {
    return Kinds.parse(Likelihood.class, text, Likelihood::read, Likelihood::allowed);
  }
}
