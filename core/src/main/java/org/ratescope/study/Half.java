package org.ratescope.study;

import java.util.Locale;

/** One half of a split. */
public enum Half {
  TRAIN,
  TEST;

  /** Lower-case name, as in records and on axes. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Reads {@link #text}. */
  public static Half parse(String text) {
    return switch (text) {
      case "train" -> TRAIN;
      case "test" -> TEST;
      default -> throw new IllegalArgumentException(Wording.unexpected(text, "train, test"));
    };
  }
}
