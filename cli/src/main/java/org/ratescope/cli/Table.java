package org.ratescope.cli;

import java.io.PrintWriter;
import java.util.Map;

/** Names and values: for people one pair a line with the values in a column, or as JSON. */
final class Table {
  private Table() {}

  static void print(PrintWriter out, Map<String, ?> fields, boolean json) {
    if (json) {
      out.println(Json.text(fields));
      return;
    }
    int width = fields.keySet().stream().mapToInt(String::length).max().orElse(0);
    fields.forEach((name, value) -> out.println(padded(name, width) + "  " + value));
  }

  private static String padded(String name, int width) {
    return name + " ".repeat(width - name.length());
  }
}
