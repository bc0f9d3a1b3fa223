package org.ratescope.spec;

import org.jspecify.annotations.Nullable;

/**
 * The distribution p(z) of the codes. Its text form is what a study file says. A new prior is a
 * class in {@code model.prior}, or in a jar of the user's ({@link PluginJars}), and its line in
 * {@code META-INF/services/org.ratescope.spec.Prior}; the class has a constructor without
 * arguments, which makes an example.
 */
public interface Prior {

  /** The text form, which {@link #parse} reads back. */
  String text();

  /**
   * The text forms of this kind, for error messages: {@code mixture:COMPONENTS}. The default is
   * that of a kind without settings.
   */
  default String form() {
    return text();
  }

  /** The form for people. */
  String displayName();

  /**
   * The prior of this kind with that text form; null if the text is of another kind. The default is
   * that of a kind without settings.
   *
   * @throws IllegalArgumentException if a number in it is no number or out of range
   */
  default @Nullable Prior read(String text) {
    return text.equals(text()) ? this : null;
  }

  /** What {@link #parse} accepts, for error messages. */
  static String allowed() {
    return Kinds.oneOf(Kinds.of(Prior.class).stream().map(Prior::form).toList());
  }

  /** The prior of a run that names none: N(0, I). */
  static Prior normal() {
    return parse("normal");
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException naming what came and what is allowed
   */
  static Prior parse(String text) {
    return Kinds.parse(Prior.class, text, Prior::read, Prior::allowed);
  }
}
