package org.ratescope.figure;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A position in the order of a paper's figures: figures of the main part, those of the appendix,
 * tables, then figures without a number, by name.
 *
 * @param part 0 to 3, as listed above
 * @param number the number within the part
 * @param name the figure's name
 */
record FigureNumber(int part, int number, String name) implements Comparable<FigureNumber> {
  private static final Pattern FORM = Pattern.compile("(Table )?([A-Z]?)(\\d{1,6})");
  private static final Comparator<FigureNumber> ORDER =
      Comparator.comparingInt(FigureNumber::part)
          .thenComparingInt(FigureNumber::number)
          .thenComparing(FigureNumber::name);

  static FigureNumber of(String number, String name) {
    Matcher form = FORM.matcher(number);
    if (!form.matches()) {
      return new FigureNumber(3, 0, name);
    }
    int part = form.group(1) != null ? 2 : form.group(2).isEmpty() ? 0 : 1;
    return new FigureNumber(part, Integer.parseInt(form.group(3)), name);
  }

  @Override
  public int compareTo(FigureNumber other) {
    return ORDER.compare(this, other);
  }
}
