package org.ratescope.sql;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.ratescope.results.Provenance;
import org.ratescope.spec.Split;
import org.ratescope.spec.text.Wording;

/** Words and numbers for axes, tables and sentences. */
public final class DisplayNames {
  private DisplayNames() {}

  /**
   * A split as the paper writes it, {@code CV (16k/147k)}; with its ratio while sizes are unknown.
   */
  static String split(Split split, @Nullable Provenance sizes) {
    return sizes == null
        ? split.displayName()
        : "%s (%s/%s)"
            .formatted(
                split.shortName(), count(sizes.trainExamples()), count(sizes.testExamples()));
  }

  /** A number of examples, in thousands from 1,000 on: {@code 16k}. */
  public static String count(int examples) {
    return examples < 1000 ? Integer.toString(examples) : Math.round(examples / 1000.0) + "k";
  }

  /** A number to six digits, without trailing zeros. */
  public static String number(double value) {
    return Wording.number(value);
  }

  /** "1 run", "2 runs". */
  public static String plural(long count, String noun) {
    return String.format(Locale.ROOT, "%,d %s%s", count, noun, count == 1 ? "" : "s");
  }
}
