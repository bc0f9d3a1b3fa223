package org.ratescope.cli.process;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people say and write them: {@code 20 min}, {@code 1 h 30 min}. */
public final class HumanTime {
  private static final Pattern FORM =
      Pattern.compile("(?:(\\d{1,4})d)?(?:(\\d{1,5})h)?(?:(\\d{1,6})(?:m|min))?(?:(\\d{1,8})s)?");

  private HumanTime() {}

  /**
   * A predicted duration, which nobody knows to the second: {@code 45 s}, {@code 20 min}, {@code 2
   * h 30 min}, {@code 3 days}.
   */
  public static String about(double seconds) {
    if (seconds < 1) {
      return "1 s";
    }
    if (seconds < 90) {
      return Math.round(seconds) + " s";
    }
    double minutes = seconds / 60;
    if (minutes < 90) {
      return Math.round(minutes) + " min";
    }
    long tens = 10 * Math.round(minutes / 10);
    if (minutes < 10 * 60) {
      return tens / 60 + " h" + (tens % 60 == 0 ? "" : " " + tens % 60 + " min");
    }
    double hours = minutes / 60;
    return hours < 48
        ? Math.round(hours) + " h"
        : String.format(Locale.ROOT, "%d days", Math.round(hours / 24));
  }

  /**
   * Seconds of a text such as {@code 30m}, {@code 1h30m}, {@code 90s}; nothing for another text.
   */
  public static Optional<Long> parse(String text) {
    Matcher form = FORM.matcher(text.replace(" ", ""));
    if (text.isBlank() || !form.matches()) {
      return Optional.empty();
    }
    long[] units = {86_400, 3600, 60, 1};
    long seconds = 0;
    for (int i = 0; i < units.length; i++) {
      String part = form.group(i + 1);
      seconds += part == null ? 0 : units[i] * Long.parseLong(part);
    }
    return Optional.of(seconds).filter(found -> found > 0);
  }
}
