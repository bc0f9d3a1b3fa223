package org.ratescope.spec.text;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** How messages say what came, what was expected, and what may have been meant. */
public final class Wording {
  private static final int SHOWN = 60;
  private static final MathContext SIX_DIGITS = new MathContext(6);

  /** Longer names are not compared letter by letter: they are no slips of the pen. */
  private static final int LONGEST_NAME = 128;

  private Wording() {}

  /** The message for a text that is not allowed: {@code got "many"; expected a whole number}. */
  public static String unexpected(String text, String expected) {
    return "got " + quoted(text) + "; expected " + expected;
  }

  /** A text in quotes, in one line, cut after 60 characters. */
  public static String quoted(String text) {
    return '"' + shown(text, SHOWN) + '"';
  }

  /** A text in one line without control characters, cut after that many characters. */
  public static String shown(String text, int most) {
    StringBuilder line = new StringBuilder();
    text.codePoints()
        .limit(most)
        .forEach(
            c -> {
              switch (c) {
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                default -> {
                  if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                    line.append("\\u%04x".formatted(c));
                  } else {
                    line.appendCodePoint(c);
                  }
                }
              }
            });
    return line + (text.codePointCount(0, text.length()) > most ? "…" : "");
  }

  /** A number to six digits, without trailing zeros. */
  public static String number(double value) {
    if (!Double.isFinite(value)) {
      return Double.toString(value);
    }
    BigDecimal rounded = new BigDecimal(value).round(SIX_DIGITS).stripTrailingZeros();
    boolean plain = value == 0 || (Math.abs(value) >= 1e-5 && Math.abs(value) < 1e12);
    return plain ? rounded.toPlainString() : rounded.toString();
  }

  /**
   * A question after the message about an unknown name, {@code " (did you mean beta?)"}, if one of
   * the names is near enough; else nothing.
   */
  public static String didYouMean(String name, Collection<String> names) {
    String best = "";
    int least = Math.max(2, name.length() / 3) + 1;
    for (String candidate : names) {
      int edits =
          Math.max(name.length(), candidate.length()) > LONGEST_NAME
              ? least
              : edits(name, candidate);
      if (edits < least && edits < candidate.length()) {
        least = edits;
        best = candidate;
      }
    }
    return best.isEmpty() ? "" : " (did you mean " + best + "?)";
  }

  /**
   * The Levenshtein distance: single-letter insertions, deletions and replacements from one word to
   * the other.
   */
  private static int edits(String from, String to) {
    List<Integer> row = new ArrayList<>();
    for (int j = 0; j <= to.length(); j++) {
      row.add(j);
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row.set(0, i);
      for (int j = 1; j <= to.length(); j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row.set(j, Math.min(replaced, 1 + Math.min(row.get(j), row.get(j - 1))));
      }
    }
    return row.getLast();
  }
}
