package org.ratescope.spec.text;

import java.util.function.DoubleFunction;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** The text form {@code KIND:NUMBER} of a part with one setting, such as {@code mixture:64}. */
public final class KindText {
  private KindText() {}

  /**
   * Reads a whole number.
   *
   * @param kind the part's kind, {@code mixture}
   * @param text a text form of any kind
   * @return the part; null if the text is of another kind
   * @throws IllegalArgumentException if what follows is no whole number, or one that {@code of}
   *     does not accept
   */
  public static <T> @Nullable T whole(String kind, String text, IntFunction<T> of) {
    return isOf(kind, text) ? of.apply(Integer.parseInt(setting(kind, text))) : null;
  }

  /** The same for a number that need not be whole. */
  public static <T> @Nullable T number(String kind, String text, DoubleFunction<T> of) {
    return isOf(kind, text) ? of.apply(Double.parseDouble(setting(kind, text))) : null;
  }

  private static boolean isOf(String kind, String text) {
    return text.startsWith(kind + ":");
  }

  private static String setting(String kind, String text) {
    return text.substring(kind.length() + 1);
  }
}
