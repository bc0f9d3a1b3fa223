package org.ratescope.page;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.ratescope.answer.Answer;
import org.ratescope.answer.RateComparison;
import org.ratescope.figure.DrawnFigure;
import org.ratescope.figure.Figure;
import org.ratescope.figure.FigureException;
import org.ratescope.io.AtomicFile;
import org.ratescope.sql.QueryException;
import org.ratescope.sql.Records;
import org.ratescope.study.Suite;

/**
 * A written report: one self-contained page, and each figure as SVG, PNG and CSV in the folder
 * {@code figures} beside it.
 *
 * @param page the file {@code report.html}
 * @param answer the answer on its first screen
 * @param findings the detailed findings on the page
 * @param figures the figures on it
 * @param problems figures that could not be drawn or replace a built-in one, and unreadable
 *     records, one line each
 */
public record Report(
    Path page, Answer answer, Findings findings, List<DrawnFigure> figures, List<String> problems) {
  private static final String INFORMATION = "information-beta";

  /** Figures of what the decoders draw. */
  private static final List<String> GALLERY =
      List.of("samples", "reconstructions", "traversals", "interpolations");

  /** The figure beside the answer. */
  static final String GAP = "gap";

  /** A picture of more comparisons than this is larger than a screen. */
  private static final int MOST_PICTURED = 8;

  /** A picture has so many colours, one for each model. */
  private static final int MOST_MODELS = 6;

  public Report {
    figures = List.copyOf(figures);
    problems = List.copyOf(problems);
  }

  /**
   * Draws the suite's figures and writes the page. The page and the problems name figures that
   * cannot be drawn; the page contains all others.
   *
   * @param suite the studies
   * @param records their records
   * @param ownFigures the folder of the user's figures, beside the study files; it need not exist
   * @param folder the folder of the page; created if necessary
   * @param sections the parts of the page between the findings and the figures
   * @throws IOException if a file cannot be written
   */
  public static Report write(
      Suite suite, Records records, Path ownFigures, Path folder, List<Section> sections)
      throws IOException {
    List<DrawnFigure> figures = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    Answer answer = Answer.of(records);
    for (String name : names(suite, records, ownFigures, answer)) {
      Figure.replacement(name, ownFigures).ifPresent(problems::add);
      try {
        DrawnFigure figure = Figure.find(name, ownFigures).draw(suite, records);
        figure.write(folder.resolve("figures"));
        figures.add(figure);
      } catch (FigureException e) {
        problems.add("figure %s: %s".formatted(name, e.getMessage()));
      }
    }
    problems.addAll(0, records.warnings()); // after the figures have queried their data
    records.choose(List.of());
    Findings findings = suite.isSingle() ? Findings.of(records) : Findings.ofOutcomes(records);
    List<Curve> curves = suite.isSingle() ? Curve.of(records) : List.of();
    List<Section> all = new ArrayList<>();
    Optional<DrawnFigure> picture = figures.stream().filter(f -> f.name().equals(GAP)).findFirst();
    all.add(new AnswerSection(answer, curves, findings, picture).section());
    all.addAll(sections);
    Path page = folder.resolve("report.html");
    String html = new Page(suite, records, all, figures, problems).html();
    AtomicFile.write(page, html.getBytes(StandardCharsets.UTF_8));
    return new Report(page, answer, findings, figures, problems);
  }

  /**
   * The names of the figures of a suite: all in its folder of figures, or those that its studies
   * name if it has no such folder; for a single study those that it names.
   */
  public static List<String> figures(Suite suite, Path ownFigures) {
    List<String> own = suite.isSingle() ? List.of() : Figure.names(ownFigures);
    return own.isEmpty()
        ? suite.studies().stream().flatMap(study -> study.figures().stream()).distinct().toList()
        : own;
  }

  /**
   * These figures after the one of the answer, if it can show it; for a single study also Figure 8
   * and the pictures of the gallery if the records have their data.
   */
  private static List<String> names(Suite suite, Records records, Path ownFigures, Answer answer) {
    LinkedHashSet<String> names = new LinkedHashSet<>();
    List<String> pictured =
        answer.comparisons().stream()
            .filter(c -> c.effect().isPresent())
            .map(RateComparison::model)
            .toList();
    if (!pictured.isEmpty()
        && pictured.size() <= MOST_PICTURED
        && new HashSet<>(pictured).size() <= MOST_MODELS) {
      names.add(GAP);
    }
    names.addAll(figures(suite, ownFigures));
    if (suite.isSingle() && hasRows(records, "estimates where name like 'mutualInformation%'")) {
      names.add(INFORMATION);
    }
    if (suite.isSingle() && hasRows(records, "gallery")) {
      names.addAll(GALLERY);
    }
    return List.copyOf(names);
  }

  private static boolean hasRows(Records records, String source) {
    try {
      String sql = "select 1 from " + source + " limit 1";
      return !records.query(sql).rows().isEmpty();
    } catch (QueryException e) {
      throw new IllegalStateException("a query of our own is wrong", e);
    }
  }
}
