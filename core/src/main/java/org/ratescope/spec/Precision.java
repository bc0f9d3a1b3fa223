package org.ratescope.spec;

import org.ratescope.spec.text.EnumText;

/**
 * The floating-point format a run is trained in. It is part of a run: there is no silent fallback.
 */
public enum Precision {
  FLOAT32,
  FLOAT64;

  public String text() {
    return EnumText.of(this);
  }

  /** Reads {@link #text}. */
  public static Precision parse(String text) {
    return EnumText.parse(Precision.class, text);
  }
}
