package org.ratescope.spec.data;

import java.util.Locale;
import org.ratescope.spec.text.DataSpecText;

/**
 * MNIST (LeCun and others) or Fashion-MNIST (Xiao and others): 60,000 training and 10,000 test
 * images of 28×28 grey pixels in ten classes. Rows 0 to 59,999 are the training files', in their
 * order, then the test files'.
 *
 * @param edition which of the two
 */
public record Mnist(Edition edition) implements DataSpec {
  static final String ALLOWED = "mnist; fashion-mnist";

  private static final int SIDE = 28;

  /** The two sets that come in files of one form. */
  public enum Edition {
    /** Handwritten digits. */
    MNIST,
    /** Pieces of clothing. */
    FASHION_MNIST
  }

  static Mnist of(DataSpecText text) {
    return new Mnist(Edition.valueOf(text.name().toUpperCase(Locale.ROOT).replace('-', '_')));
  }

  @Override
  public String name() {
    return edition.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Override
  public String text() {
    return name();
  }

  @Override
  public int channels() {
    return 1;
  }

  @Override
  public int height() {
    return SIDE;
  }

  @Override
  public int width() {
    return SIDE;
  }
}
