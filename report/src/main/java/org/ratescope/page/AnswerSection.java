package org.ratescope.page;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.Optional;
import org.ratescope.answer.Answer;
import org.ratescope.answer.AnswerText;
import org.ratescope.answer.RateComparison;
import org.ratescope.figure.DrawnFigure;

/**
 * The first part of the page: the answer in a sentence, a warning about curves that have not
 * converged, one picture, a short table, and the detailed findings, folded away.
 *
 * @param answer the answer
 * @param curves the test curves, for the warning; empty for a suite
 * @param findings the detailed findings
 * @param picture the figure that shows the answer
 */
record AnswerSection(
    Answer answer, List<Curve> curves, Findings findings, Optional<DrawnFigure> picture) {
  /** The rows that are not folded away. */
  private static final int SHOWN = 4;

  private static final String HEAD =
      "<tr><th>The rate term …</th><th>Model</th><th>Split</th><th class=\"number\">Effect (nats)</th>"
          + "<th class=\"number\">95 % interval</th><th class=\"number\">p (Holm)</th>"
          + "<th class=\"number\">Best β</th><th class=\"number\">Restarts</th></tr>\n";

  Section section() {
    List<RateComparison> rows = AnswerText.sorted(answer);
    List<RateComparison> more = rows.subList(Math.min(SHOWN, rows.size()), rows.size());
    String html =
        "<p class=\"answer\">%s</p>%n".formatted(Page.escape(AnswerText.sentence(answer)))
            + warning()
            + picture.map(figure -> Page.figure(figure, true)).orElse("")
            + (rows.isEmpty()
                ? ""
                : table(rows.subList(0, Math.min(SHOWN, rows.size())))
                    + (more.isEmpty() ? "" : folded(more.size() + " more comparisons", table(more)))
                    + "<p class=\"note\">%s</p>%n".formatted(Page.escape(AnswerText.note(answer))))
            + folded("Detailed findings", "<div id=\"findings\">" + findings.html() + "</div>");
    return new Section("answer", "Answer", html);
  }

  private static String folded(String summary, String html) {
    return "<details><summary>%s</summary>%n%s</details>%n".formatted(summary, html);
  }

  /** Which curves to distrust. */
  private String warning() {
    List<Curve> distrusted = curves.stream().filter(curve -> !curve.hasConverged()).toList();
    if (distrusted.isEmpty()) {
      return "";
    }
    String names =
        distrusted.stream()
            .map(
                curve ->
                    "%s on %s (%s nats)"
                        .formatted(curve.model(), curve.split(), AnswerText.nats(curve.fall())))
            .collect(joining(", "));
    return "<p class=\"banner\" role=\"note\"><strong>Distrust %s of %s curves: not converged.</strong> %s</p>%n"
        .formatted(
            distrusted.size(),
            curves.size(),
            Page.escape(
                "The training loss of at least half of their runs still fell when training ended, by the nats in"
                    + " brackets for each tenth of the updates; more iterations may move them: "
                    + names
                    + ". A verdict above is given only where the fall of its own runs is within its standard errors"
                    + " or at most a quarter of the effect; other differences may still change."));
  }

  private static String table(List<RateComparison> rows) {
    return "<div class=\"scroll\"><table class=\"plain comparisons\">\n"
        + HEAD
        + rows.stream().map(AnswerSection::row).collect(joining())
        + "</table></div>\n";
  }

  private static String row(RateComparison c) {
    List<String> cells = AnswerText.row(c);
    return "<tr><th scope=\"row\" class=\"%s\">%s</th><td>%s</td><td>%s</td>%s</tr>%n"
        .formatted(
            c.verdict().text().replace(' ', '-'),
            Page.escape(cells.get(0)),
            Page.escape(cells.get(1)),
            Page.escape(cells.get(2)),
            cells.stream()
                .skip(3)
                .map(cell -> "<td class=\"number\">" + Page.escape(cell) + "</td>")
                .collect(joining()));
  }
}
