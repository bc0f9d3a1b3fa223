package org.ratescope.page;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.ratescope.figure.DrawnFigure;
import org.ratescope.figure.Figure;
import org.ratescope.figure.FigureException;
import org.ratescope.io.AtomicFile;
import org.ratescope.sql.QueryException;
import org.ratescope.sql.Records;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;

/**
 * A report that was written: one self-contained page, and beside it each figure as SVG, PNG and CSV
 * in the folder {@code figures}.
 *
 * @param page the file {@code report.html}
 * @param findings what the page says the study shows
 * @param figures the figures on it
 * @param problems figures that could not be drawn or take the place of a built-in one, and records
 *     that could not be read, one line each
 */
public record Report(
    Path page, Findings findings, List<DrawnFigure> figures, List<String> problems) {
  private static final String INFORMATION = "information-beta";

  public Report {
    figures = List.copyOf(figures);
    problems = List.copyOf(problems);
  }

  /** {@link #write(Suite, Records, Path, Path, List)} for one study. */
  public static Report write(Study study, Records records, Path ownFigures, Path folder)
      throws IOException {
    return write(Suite.of(study), records, ownFigures, folder, List.of());
  }

  /**
   * Draws the suite's figures and writes the page. A figure that cannot be drawn is named on the
   * page and among the problems; the others are there.
   *
   * @param suite the studies
   * @param records their records
   * @param ownFigures the folder of the user's figures, beside the study files; it need not exist
   * @param folder where the page goes; created when needed
   * @param sections what stands on the page between the findings and the figures
   * @throws IOException if a file cannot be written
   */
  public static Report write(
      Suite suite, Records records, Path ownFigures, Path folder, List<Section> sections)
      throws IOException {
    List<DrawnFigure> figures = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (String name : names(suite, records, ownFigures)) {
      Figure.replacement(name, ownFigures).ifPresent(problems::add);
      try {
        DrawnFigure figure = Figure.find(name, ownFigures).draw(suite, records);
        figure.write(folder.resolve("figures"));
        figures.add(figure);
      } catch (FigureException e) {
        problems.add("figure %s: %s".formatted(name, e.getMessage()));
      }
    }
    problems.addAll(0, records.warnings()); // now that the figures have asked for what they show
    Findings findings = suite.isSingle() ? Findings.of(records) : Findings.ofOutcomes(records);
    List<Section> all = new ArrayList<>();
    all.add(new Section("findings", "Findings", findings.html()));
    all.addAll(sections);
    Path page = folder.resolve("report.html");
    String html = new Page(suite, records, all, figures, problems).html();
    AtomicFile.write(page, html.getBytes(StandardCharsets.UTF_8));
    return new Report(page, findings, figures, problems);
  }

  /**
   * The names of the figures of a suite: all of its folder of figures, or where that has none those
   * its studies name; of a single study those it names.
   */
  public static List<String> figures(Suite suite, Path ownFigures) {
    List<String> own = suite.isSingle() ? List.of() : Figure.names(ownFigures);
    return own.isEmpty()
        ? suite.studies().stream().flatMap(study -> study.figures().stream()).distinct().toList()
        : own;
  }

  /** Those figures, and of a single study Figure 8 where the records have what it draws. */
  private static List<String> names(Suite suite, Records records, Path ownFigures) {
    LinkedHashSet<String> names = new LinkedHashSet<>(figures(suite, ownFigures));
    if (suite.isSingle() && hasInformation(records)) {
      names.add(INFORMATION);
    }
    return List.copyOf(names);
  }

  private static boolean hasInformation(Records records) {
    try {
      String sql = "select 1 from estimates where name like 'mutualInformation%' limit 1";
      return !records.query(sql).rows().isEmpty();
    } catch (QueryException e) {
      throw new IllegalStateException("a query of our own is wrong", e);
    }
  }
}
