package org.ratescope.sql;

import java.io.Serial;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An SQL query that cannot be answered. The message is one line and begins with the query's line.
 */
public final class QueryException extends Exception {
  @Serial private static final long serialVersionUID = 1L;
  private static final Pattern PLACE = Pattern.compile("\\s*LINE (\\d+): ?([^\\n]*)[\\s\\S]*");

  /** What the driver puts before the database's own words. */
  private static final Pattern DRIVER =
      Pattern.compile("^Invalid Input Error: Attempting[^\\n]*\\n(Error: )?");

  private QueryException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** Whether the query wanted files, extensions or settings where it may not. */
  public boolean isForbidden() {
    String message = String.valueOf(getMessage());
    return Stream.of(
            "disabled by configuration",
            "disabled through configuration",
            "has been locked",
            "may not")
        .anyMatch(message::contains);
  }

  /** An error that the database does not find. */
  static QueryException of(String message) {
    return new QueryException(message, null);
  }

  /** An error from what DuckDB said: its text, then {@code LINE n:} with an excerpt. */
  static QueryException of(Throwable cause) {
    String said = DRIVER.matcher(String.valueOf(cause.getMessage())).replaceFirst("");
    Matcher place = PLACE.matcher(said);
    if (!place.find()) {
      return new QueryException(oneLine(said), cause);
    }
    String message =
        "line %s: %s (in: %s)"
            .formatted(
                place.group(1), oneLine(said.substring(0, place.start())), place.group(2).strip());
    return new QueryException(message, cause);
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\n\\s*", " ");
  }
}
