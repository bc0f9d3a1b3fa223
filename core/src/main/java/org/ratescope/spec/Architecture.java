package org.ratescope.spec;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ratescope.spec.text.Checks;
import org.ratescope.spec.text.Wording;

/**
 * The shape of encoder and decoder, which mirror each other. Its text form is what a study file
 * says, {@code mlp:3x512} or {@code cnn:3x64}.
 */
public sealed interface Architecture {

  /** The text form, which {@link #parse} reads back. */
  String text();

  /** Number of hidden layers of the encoder, and of the decoder. */
  int layers();

  /** Units or channels of each hidden layer. */
  int width();

  /** The kind of network as it is written for people: {@code MLP}. */
  String family();

  /** What people call it: {@code 3-layer MLP (512 units)}. */
  String displayName();

  /**
   * Fully connected ReLU layers of equal width (the paper's MLP has 1, 2 or 3 layers of 512 units,
   * Table A1).
   *
   * @param layers hidden layers of the encoder and of the decoder, at least 1
   * @param units width of each hidden layer, at least 1
   */
  record Mlp(int layers, int units) implements Architecture {
    public Mlp {
      Checks.within("layers", layers, 1, 64);
      Checks.within("units", units, 1, 1 << 16);
    }

    @Override
    public String text() {
      return "mlp:" + layers + "x" + units;
    }

    @Override
    public int width() {
      return units;
    }

    @Override
    public String family() {
      return "MLP";
    }

    @Override
    public String displayName() {
      return "%s-layer MLP (%s units)".formatted(layers, units);
    }
  }

  /**
   * Convolutional ReLU layers of equal width in the encoder, transposed convolutions in the decoder
   * (the paper's CNN has 1, 2 or 3 layers of 64 channels, Table A1). Each layer halves the rows and
   * columns.
   *
   * @param layers convolutions of the encoder and of the decoder, at least 1
   * @param channels channels of each hidden layer, at least 1
   */
  record Cnn(int layers, int channels) implements Architecture {
    /** Rows and columns of every kernel, for all data sets of the paper (Table A1). */
    public static final int KERNEL = 4;

    /** Rows and columns from one place of the kernel to the next, likewise (Table A1). */
    public static final int STRIDE = 2;

    public Cnn {
      Checks.within("layers", layers, 1, 8);
      Checks.within("channels", channels, 1, 1 << 12);
    }

    @Override
    public String text() {
      return "cnn:" + layers + "x" + channels;
    }

    @Override
    public int width() {
      return channels;
    }

    @Override
    public String family() {
      return "CNN";
    }

    @Override
    public String displayName() {
      return "%s-layer CNN (%s channels)".formatted(layers, channels);
    }
  }

  /** What {@link #parse} accepts, for error messages. */
  String ALLOWED =
      "mlp:LAYERSxUNITS, for example mlp:3x512, or cnn:LAYERSxCHANNELS, for example cnn:3x64";

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException naming what came and what is allowed
   */
  static Architecture parse(String text) {
    Matcher form = Pattern.compile("(mlp|cnn):(\\d{1,9})x(\\d{1,9})").matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(Wording.unexpected(text, ALLOWED));
    }
    int layers = Integer.parseInt(form.group(2));
    int width = Integer.parseInt(form.group(3));
    return form.group(1).equals("mlp") ? new Mlp(layers, width) : new Cnn(layers, width);
  }
}
