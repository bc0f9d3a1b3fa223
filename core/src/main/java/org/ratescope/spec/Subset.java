package org.ratescope.spec;

import java.util.Locale;
import org.ratescope.spec.text.Wording;

/** One half of a split. */
public enum Subset {
  TRAIN,
  TEST;

  /** Lower-case name, as in records and on axes. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
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
