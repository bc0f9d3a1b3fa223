package org.ratescope.spec;

import java.util.Arrays;
import java.util.Locale;
import org.ratescope.spec.text.Wording;

/**
 * The floating-point format a run is trained in. It is part of a run: there is no silent fallback.
 */
public enum Precision {
  FLOAT32,
  FLOAT64;

  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Reads {@link #text}. */
  public static Precision parse(String text) {
    return Arrays.stream(values())
        .filter(p -> p.text().equals(text))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException(Wording.unexpected(text, "float32, float64")));
  }
}
