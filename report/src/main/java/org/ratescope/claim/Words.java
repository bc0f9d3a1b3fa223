package org.ratescope.claim;

import java.util.Locale;
import org.ratescope.figure.Labels;

/** Numbers as claims say them. */
final class Words {
  private Words() {}

  /** A weight without trailing zeros. */
  static String weight(double weight) {
    return Labels.number(weight);
  }

  /** A valley in words: where it is lowest, and how far it rises to the smallest weight. */
  static String valley(Valley valley) {
    return String.format(
        Locale.ROOT,
        "lowest at β = %s (%.2f nats), rising by %.2f nats or %.1f pooled restart sd to β = %s",
        weight(valley.lowest().beta()),
        valley.lowest().mean(),
        valley.rise(),
        valley.rise() == 0 ? 0.0 : valley.deviations(),
        weight(valley.smallest().beta()));
  }
}
