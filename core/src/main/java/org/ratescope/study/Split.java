package org.ratescope.study;

/**
 * A division of a data set into a training and a test half (section 4.2 of the paper). Its text
 * form is what a study file says, {@code cv:0.1}.
 */
public sealed interface Split {

  /** The text form, which {@link #parse} reads back. */
  String text();

  /** The 50/50 random split. */
  record Default() implements Split {
    @Override
    public String text() {
      return "default";
    }
  }

  /** Training and test on alternate cells of a checkerboard over all factors, two bins a factor. */
  record Checkerboard() implements Split {
    @Override
    public String text() {
      return "checkerboard";
    }
  }

  /**
   * Constant volume: training rows drawn at random from the whole set, the rest is the test half.
   *
   * @param ratio share of the rows that train, above 0 and at most 1
   */
  record ConstantVolume(double ratio) implements Split {
    public ConstantVolume {
      Range.ratio("cv ratio", ratio);
    }

    @Override
    public String text() {
      return "cv:" + ratio;
    }
  }

  /**
   * Constant density: the default split cropped to a centred box of the factors.
   *
   * @param ratio share of the factors' volume that is kept, above 0 and at most 1
   */
  record ConstantDensity(double ratio) implements Split {
    public ConstantDensity {
      Range.ratio("cd ratio", ratio);
    }

    @Override
    public String text() {
      return "cd:" + ratio;
    }
  }

  /** What {@link #parse} accepts, for error messages. */
  String ALLOWED =
      "default, checkerboard, cv:RATIO or cd:RATIO with RATIO above 0 and at most 1, for example cv:0.1";

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException naming what came and what is allowed
   */
  static Split parse(String text) {
    try {
      if (text.equals("default")) {
        return new Default();
      }
      if (text.equals("checkerboard")) {
        return new Checkerboard();
      }
      if (text.startsWith("cv:")) {
        return new ConstantVolume(Double.parseDouble(text.substring(3)));
      }
      if (text.startsWith("cd:")) {
        return new ConstantDensity(Double.parseDouble(text.substring(3)));
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("came '%s', allowed: %s".formatted(text, ALLOWED), e);
    }
    throw new IllegalArgumentException("came '%s', allowed: %s".formatted(text, ALLOWED));
  }
}
