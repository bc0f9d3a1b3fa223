package org.ratescope.cli.process;

import java.io.PrintWriter;
import java.util.Map;

/** Names and values: as text, one pair on each line with the values in a column, or as JSON. */
public final class NamedValues {
  private NamedValues() {}

  public static void print(PrintWriter out, Map<String, ?> fields, boolean json) {
    if (json) {
      out.println(Json.text(fields));
      return;
    }
    int width = fields.keySet().stream().mapToInt(String::length).max().orElse(0);
    fields.forEach((name, value) -> out.println(padded(name, width) + "  " + line(value)));
  }

  /** A value is one line, even if a name from a file contains line breaks. */
  private static String line(Object value) {
    return String.valueOf(value).replace("\n", "\\u000a");
  }

  private static String padded(String name, int width) {
    return name + " ".repeat(width - name.length());
  }
}
