package org.ratescope.spec.text;

/** Checks of required ranges. Each states the condition that must hold, so that NaN fails too. */
public final class Checks {
  private Checks() {}

  public static int atLeast(String name, int value, int low) {
    return within(name, value, low, Integer.MAX_VALUE);
  }

  public static int within(String name, int value, int low, int high) {
    if (!(value >= low && value <= high)) {
      throw new IllegalArgumentException(
          "%s must be %s, got %d".formatted(name, whole(low, high), value));
    }
    return value;
  }

  /** The sentence for such a range, for error messages. */
  public static String whole(long low, long high) {
    return "a whole number from %d to %d".formatted(low, high);
  }

  public static double positive(String name, double value) {
    if (!(value > 0 && Double.isFinite(value))) {
      throw new IllegalArgumentException(
          "%s must be finite and above 0, got %s".formatted(name, value));
    }
    return value;
  }

  public static double nonNegative(String name, double value) {
    if (!(value >= 0 && Double.isFinite(value))) {
      throw new IllegalArgumentException(
          "%s must be finite and at least 0, got %s".formatted(name, value));
    }
    return value + 0.0; // -0.0 is 0
  }

  /** A ratio strictly above 0 and at most 1. */
  public static double ratio(String name, double value) {
    if (!(value > 0 && value <= 1)) {
      throw new IllegalArgumentException(
          "%s must be above 0 and at most 1, got %s".formatted(name, value));
    }
    return value;
  }
}
