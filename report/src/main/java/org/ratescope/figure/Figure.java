package org.ratescope.figure;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.ratescope.study.Study;

/**
 * A figure: an SQL query over the records and a Vega-Lite spec that draws its rows, two text files
 * in a folder of their own, {@code query.sql} and {@code spec.vl.json}. See docs/figures.md.
 */
public final class Figure {
  private static final List<String> BUILT_IN =
      List.of("rate-distortion", "distortion-beta", "information-beta", "training");

  /** Specs that are drawn through figures that name them as their base only. */
  private static final List<String> BASES = List.of("curves", "beta-curves", "rd-curves");

  private final String name;
  private final String sqlPlace;
  private final String sql;
  private final Spec spec;

  private Figure(String name, String sqlPlace, String sql, Spec spec) {
    this.name = name;
    this.sqlPlace = sqlPlace;
    this.sql = sql;
    this.spec = spec;
  }

  /** The names of the figures Ratescope brings along. */
  public static List<String> builtIn() {
    return BUILT_IN;
  }

  /**
   * The figure of that name: {@code folder/NAME} where there is one, else the built-in one.
   *
   * @param folder the folder {@code figures} beside the study file; it need not exist
   * @throws FigureException if there is none of that name or its files cannot be read
   */
  public static Figure find(String name, Path folder) throws FigureException {
    Path own = folder.resolve(name);
    if (Files.isDirectory(own)) {
      return read(own);
    }
    if (!BUILT_IN.contains(name)) {
      throw new FigureException(
          "came figure '%s', allowed: %s, or a folder %s with query.sql and spec.vl.json"
              .formatted(name, String.join(", ", BUILT_IN), own));
    }
    String query = name + "/query.sql";
    return new Figure(
        name,
        query + " (built in)",
        Resources.text(query),
        builtInSpec(name).resolve(Figure::builtInSpec));
  }

  /** The spec of a built-in figure, or one of {@link #BASES}. */
  private static SpecSource builtInSpec(String name) throws FigureException {
    if (!BUILT_IN.contains(name) && !BASES.contains(name)) {
      throw new FigureException(
          "came '%s', allowed: %s, %s, or a figure beside this one"
              .formatted(name, String.join(", ", BUILT_IN), String.join(", ", BASES)));
    }
    String spec = name + "/spec.vl.json";
    return SpecSource.parse(spec + " (built in)", Resources.text(spec));
  }

  /**
   * The spec of a base: of a figure beside the one that names it, or a built-in one. A figure that
   * takes the place of a built-in one can have that one as its base.
   */
  private static SpecSource base(String name, Path folder) throws FigureException {
    Path beside = folder.resolveSibling(name).resolve("spec.vl.json");
    return !beside.startsWith(folder) && Files.isRegularFile(beside)
        ? SpecSource.parse(beside.toString(), content(beside))
        : builtInSpec(name);
  }

  /** Reads a user's figure. The folder's name is the figure's. */
  public static Figure read(Path folder) throws FigureException {
    Path query = folder.resolve("query.sql");
    Path spec = folder.resolve("spec.vl.json");
    return new Figure(
        String.valueOf(folder.getFileName()),
        query.toString(),
        content(query),
        SpecSource.parse(spec.toString(), content(spec)).resolve(name -> base(name, folder)));
  }

  private static String content(Path file) throws FigureException {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new FigureException("%s cannot be read: %s".formatted(file, e), e);
    }
  }

  /** The figure's name, which its files get. */
  public String name() {
    return name;
  }

  /**
   * Asks the records and draws the answer. A figure without rows says so where it would be.
   *
   * @throws FigureException naming the file, and the line where there is one
   */
  public DrawnFigure draw(Study study, Records records) throws FigureException {
    records.choose(spec.studies());
    Table table = ask(records);
    spec.check(table.columns());
    ObjectNode full = table.rows().isEmpty() ? Spec.nothing() : spec.with(table);
    Vega.Drawing drawing = spec.draw(full);
    return new DrawnFigure(
        name,
        spec.title(name),
        Caption.of(spec.description(), study, records),
        table,
        full.toString(),
        drawing.svg(),
        drawing.remarks().lines().toList());
  }

  private Table ask(Records records) throws FigureException {
    try {
      return records.query(sql);
    } catch (QueryException e) {
      throw new FigureException("%s, %s".formatted(sqlPlace, e.getMessage()), e);
    }
  }
}
