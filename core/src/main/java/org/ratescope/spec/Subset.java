package org.ratescope.spec;

import java.util.Locale;
import org.ratescope.spec.text.Wording;

/** The training set or the test set of a split. */
public enum Subset {
  TRAIN,
  TEST;

  /** The word in records, tables and on axes. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What people call it: {@code training set}. */
  public String displayName() {
    return this == TRAIN ? "training set" : "test set";
  }

  /** Reads {@link #text}. */
  public static Subset parse(String text) {
    return switch (text) {
      case "train" -> TRAIN;
      case "test" -> TEST;
      default -> throw new IllegalArgumentException(Wording.unexpected(text, "train, test"));
    };
  }
}
