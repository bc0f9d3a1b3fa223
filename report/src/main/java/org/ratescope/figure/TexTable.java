package org.ratescope.figure;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.ratescope.sql.QueryResult;

/** The rows of a figure as a LaTeX {@code tabular}, numbers with four digits. */
final class TexTable {
  private static final MathContext DIGITS = new MathContext(4);
  private static final Map<String, String> SIGNS =
      Map.ofEntries(
          Map.entry("\\", "\\textbackslash{}"),
          Map.entry("&", "\\&"),
          Map.entry("%", "\\%"),
          Map.entry("$", "\\$"),
          Map.entry("#", "\\#"),
          Map.entry("_", "\\_"),
          Map.entry("{", "\\{"),
          Map.entry("}", "\\}"),
          Map.entry("~", "\\textasciitilde{}"),
          Map.entry("^", "\\textasciicircum{}"),
          Map.entry("<", "$<$"),
          Map.entry(">", "$>$"),
          Map.entry("|", "\\textbar{}"),
          Map.entry("[", "{[}"), // after \\ it would begin an argument
          Map.entry("β", "$\\beta$"),
          Map.entry("−", "$-$"),
          Map.entry("×", "$\\times$"),
          Map.entry("±", "$\\pm$"),
          Map.entry("–", "--"),
          Map.entry("→", "$\\to$"));

  private TexTable() {}

  static String of(QueryResult table) {
    StringBuilder tex = new StringBuilder("\\begin{tabular}{");
    for (int column = 0; column < table.columns().size(); column++) {
      tex.append(isNumeric(table, column) ? 'r' : 'l');
    }
    tex.append("}\n\\hline\n");
    tex.append(line(table.columns().stream().map(TexTable::text).toList())).append("\\hline\n");
    for (List<@Nullable Object> row : table.rows()) {
      tex.append(line(row.stream().map(TexTable::cell).toList()));
    }
    return tex.append("\\hline\n\\end{tabular}\n").toString();
  }

  private static boolean isNumeric(QueryResult table, int column) {
    return table.rows().stream()
        .allMatch(row -> row.get(column) == null || row.get(column) instanceof Number);
  }

  private static String line(List<String> cells) {
    return String.join(" & ", cells) + " \\\\\n";
  }

  private static String cell(@Nullable Object value) {
    if (value == null) {
      return "";
    }
    if (value instanceof Double number && Double.isFinite(number)) {
      BigDecimal rounded = new BigDecimal(number).round(DIGITS).stripTrailingZeros();
      return text(number == 0 ? "0" : rounded.toPlainString().replace('-', '−'));
    }
    return text(value.toString());
  }

  private static String text(String plain) {
    return plain
        .codePoints()
        .mapToObj(Character::toString)
        .map(sign -> SIGNS.getOrDefault(sign, sign))
        .collect(Collectors.joining());
  }
}
