package org.ratescope.parquet;

import java.util.HashMap;
import java.util.Map;
import org.ratescope.io.Resources;

/**
 * What a column of a table means.
 *
 * @param unit the unit of its numbers; empty if they are counts, or if it has texts
 * @param text a sentence
 * @param type its type in SQL
 */
public record ColumnMeaning(String unit, String text, String type) {
  private static final Map<String, String[]> MEANINGS = read();

  /**
   * The meaning of a column: that of {@code TABLE.COLUMN} in the list, or else of {@code COLUMN}.
   * Columns with the display name or the position of a field's value are explained by that field. A
   * column that is not in the list has an empty meaning; a test finds it.
   */
  static ColumnMeaning of(String table, String column, String type) {
    String[] found = MEANINGS.get(table + "." + column);
    if (found == null) {
      found = MEANINGS.get(column);
    }
    if (found == null && column.endsWith("_label")) {
      found = new String[] {"", "display name of " + column.replaceFirst("_label$", "")};
    }
    if (found == null && column.endsWith("_index")) {
      found =
          new String[] {
            "", "position of %s in the study, from 0".formatted(column.replaceFirst("_index$", ""))
          };
    }
    return found == null
        ? new ColumnMeaning("", "", type)
        : new ColumnMeaning(found[0], found[1], type);
  }

  /** The meaning with the unit. */
  public String sentence() {
    return unit.isEmpty() ? text : text + "; unit: " + unit;
  }

  private static Map<String, String[]> read() {
    Map<String, String[]> meanings = new HashMap<>();
    Resources.text(ColumnMeaning.class, "columns.csv")
        .lines()
        .skip(1)
        .map(line -> line.split(";", 3))
        .forEach(parts -> meanings.put(parts[0], new String[] {parts[1], parts[2]}));
    return meanings;
  }
}
