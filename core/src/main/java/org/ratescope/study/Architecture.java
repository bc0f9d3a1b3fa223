package org.ratescope.study;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The shape of encoder and decoder, which mirror each other. Its text form is what a study file
 * says, {@code mlp:3x512}.
 */
public sealed interface Architecture {

  /** The text form, which {@link #parse} reads back. */
  String text();

  /** Number of hidden layers of the encoder, and of the decoder. */
  int layers();

  /**
   * Fully connected ReLU layers of equal width (the paper's MLP has 1, 2 or 3 layers of 512 units,
   * Table A1).
   *
   * @param layers hidden layers of the encoder and of the decoder, at least 1
   * @param units width of each hidden layer, at least 1
   */
  record Mlp(int layers, int units) implements Architecture {
    public Mlp {
      Range.within("layers", layers, 1, 64);
      Range.within("units", units, 1, 1 << 16);
    }

    @Override
    public String text() {
      return "mlp:" + layers + "x" + units;
    }
  }

  /** What {@link #parse} accepts, for error messages. */
  String ALLOWED = "mlp:LAYERSxUNITS, for example mlp:3x512";

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException naming what came and what is allowed
   */
  static Architecture parse(String text) {
    Matcher mlp = Pattern.compile("mlp:(\\d{1,9})x(\\d{1,9})").matcher(text);
    if (!mlp.matches()) {
      throw new IllegalArgumentException("came '%s', allowed: %s".formatted(text, ALLOWED));
    }
    return new Mlp(Integer.parseInt(mlp.group(1)), Integer.parseInt(mlp.group(2)));
  }
}
