package org.ratescope.cli.process;

import java.io.PrintWriter;
import java.util.Map;

/** Names and values: for people one pair a line with the values in a column, or as JSON. */
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

  /** A value is one line, whatever a name from a file has in it. */
  private static String line(Object value) {
    return String.valueOf(value).replace("\n", "\\u000a");
  }

  private static String padded(String name, int width) {
    return name + " ".repeat(width - name.length());
  }
}
