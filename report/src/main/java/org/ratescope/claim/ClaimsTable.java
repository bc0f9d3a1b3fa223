package org.ratescope.claim;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ratescope.sql.QueryResult;

/** Verdicts as tables: as HTML for the report, and with a row each for text and JSON. */
public final class ClaimsTable {
  private ClaimsTable() {}

  /** An HTML table; class {@code claims}, and of each verdict its outcome with dashes. */
  public static String html(List<Verdict> verdicts) {
    StringBuilder html =
        new StringBuilder(
            """
            <table class="claims">
            <thead><tr><th>Claim</th><th>What the paper says</th><th>Verdict</th><th>Numbers</th><th>Threshold</th></tr></thead>
            <tbody>
            """);
    for (Verdict verdict : verdicts) {
      Claim claim = verdict.claim();
      html.append(
          """
          <tr id="claim-%1$s"><th scope="row">%1$s</th>
          <td>%2$s <span class="note">Section %3$s; %4$s.</span></td>
          <td class="verdict %5$s">%6$s</td>
          <td>%7$s</td>
          <td>%8$s%9$s</td></tr>
          """
              .formatted(
                  escape(claim.id()),
                  escape(claim.text()),
                  escape(claim.section()),
                  escape(figures(claim)),
                  verdict.outcome().text().replace(' ', '-'),
                  escape(verdict.outcome().text()),
                  escape(verdict.numbers()),
                  escape(claim.threshold()),
                  verdict.outcome() == Verdict.Outcome.HOLDS
                      ? ""
                      : " <span class=\"note\">" + escape(claim.caution()) + "</span>"));
    }
    return html.append("</tbody>\n</table>\n").toString();
  }

  private static String figures(Claim claim) {
    List<String> figures = claim.figures().stream().filter(f -> !f.startsWith("Table")).toList();
    List<String> parts = new ArrayList<>();
    if (!figures.isEmpty()) {
      parts.add((figures.size() == 1 ? "Figure " : "Figures ") + String.join(", ", figures));
    }
    claim.figures().stream().filter(f -> f.startsWith("Table")).forEach(parts::add);
    return String.join(", ", parts);
  }

  /** One row for each verdict: all that {@link #html} shows, as texts. */
  public static QueryResult rows(List<Verdict> verdicts) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (Verdict verdict : verdicts) {
      Claim claim = verdict.claim();
      List<@Nullable Object> row = new ArrayList<>();
      row.add(claim.id());
      row.add(verdict.outcome().text());
      row.add(claim.text());
      row.add(claim.section());
      row.add(figures(claim));
      row.add(verdict.numbers());
      row.add(claim.threshold());
      row.add(claim.caution());
      rows.add(row);
    }
    return new QueryResult(
        List.of(
            "claim", "verdict", "text", "section", "figures", "numbers", "threshold", "caution"),
        rows);
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
