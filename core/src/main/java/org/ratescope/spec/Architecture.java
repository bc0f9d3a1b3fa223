package org.ratescope.spec;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ratescope.spec.text.Wording;

/**
 * The shape of encoder and decoder, which mirror each other. Its text form is what a study file
 * says: a family and two numbers, {@code mlp:3x512}. A new architecture is a class in {@code
 * model.architecture}, or in a jar of the user's ({@link PluginJars}), and its line in {@code
 * META-INF/services/org.ratescope.spec.Architecture}; the class has a constructor without
 * arguments, which makes the example of error messages.
 */
public interface Architecture {

  /** The first word of the text form: a letter, then letters, digits, '_' and '-'. */
  String family();

  /** What the two numbers of the text form count, for error messages: {@code LAYERSxUNITS}. */
  String numbers();

  /** The first number: layers of the encoder, and of the decoder. */
  int layers();

  /** The second number: values or channels of each layer. */
  int width();

  /** The form for people, {@code 3-layer MLP (512 units)}. */
  String displayName();

  /**
   * The same family with other numbers.
   *
   * @throws IllegalArgumentException if a number is out of range
   */
  Architecture of(int layers, int width);

  /** The text form, which {@link #parse} reads back. */
  default String text() {
    return family() + ":" + layers() + "x" + width();
  }

  /** An example of each family. */
  static List<Architecture> examples() {
    return Kinds.of(Architecture.class);
  }

  /** What {@link #parse} accepts, for error messages. */
  static String allowed() {
    return Kinds.oneOf(
        Kinds.of(Architecture.class).stream()
            .map(a -> "%s:%s, for example %s".formatted(a.family(), a.numbers(), a.text()))
            .toList());
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException naming what came and what is allowed
   */
  static Architecture parse(String text) {
    Matcher form = Pattern.compile("([A-Za-z0-9_-]+):(\\d{1,9})x(\\d{1,9})").matcher(text);
    if (form.matches()) {
      for (Architecture example : Kinds.of(Architecture.class)) {
        if (example.family().equals(form.group(1))) {
          return example.of(Integer.parseInt(form.group(2)), Integer.parseInt(form.group(3)));
        }
      }
    }
    throw new IllegalArgumentException(Wording.unexpected(text, allowed()));
  }
}
