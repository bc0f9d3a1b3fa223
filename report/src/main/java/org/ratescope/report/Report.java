package org.ratescope.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.ratescope.figure.DrawnFigure;
import org.ratescope.figure.Figure;
import org.ratescope.figure.FigureException;
import org.ratescope.figure.QueryException;
import org.ratescope.figure.Records;
import org.ratescope.figure.Table;
import org.ratescope.file.WholeFile;
import org.ratescope.study.Study;

/**
 * A report that was written: one self-contained page, and beside it each figure as SVG, PNG and CSV
 * in the folder {@code figures}.
 *
 * @param page the file {@code report.html}
 * @param findings what the page says the study shows
 * @param figures the figures on it
 * @param problems figures that could not be drawn and records that could not be read, one line each
 */
public record Report(
    Path page, Findings findings, List<DrawnFigure> figures, List<String> problems) {
  private static final String INFORMATION = "information-beta";

  public Report {
    figures = List.copyOf(figures);
    problems = List.copyOf(problems);
  }

  /**
   * Draws the study's figures and writes the page. A figure that cannot be drawn is named on the
   * page and among the problems; the others are there.
   *
   * @param study the study
   * @param records its records
   * @param ownFigures the folder of the user's figures, beside the study file; it need not exist
   * @param folder where the page goes; created when needed
   * @throws IOException if a file cannot be written
   */
  public static Report write(Study study, Records records, Path ownFigures, Path folder)
      throws IOException {
    List<DrawnFigure> figures = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (String name : figures(study, records)) {
      try {
        DrawnFigure figure = Figure.find(name, ownFigures).draw(study, records);
        figure.write(folder.resolve("figures"));
        figures.add(figure);
      } catch (FigureException e) {
        problems.add("figure %s: %s".formatted(name, e.getMessage()));
      }
    }
    problems.addAll(0, records.warnings()); // now that the figures have asked for what they show
    Findings findings = Findings.of(records);
    Path page = folder.resolve("report.html");
    String html = new Page(study, records, findings, figures, problems).html();
    WholeFile.write(page, html.getBytes(StandardCharsets.UTF_8));
    return new Report(page, findings, figures, problems);
  }

  /** The figures the study names, and Figure 8 where the records have what it draws. */
  private static List<String> figures(Study study, Records records) {
    LinkedHashSet<String> names = new LinkedHashSet<>(study.figures());
    try {
      Table found =
          records.query("select 1 from estimates where name like 'mutualInformation%' limit 1");
      if (!found.rows().isEmpty()) {
        names.add(INFORMATION);
      }
    } catch (QueryException e) {
      throw new IllegalStateException("a query of our own is wrong", e);
    }
    return List.copyOf(names);
  }
}
