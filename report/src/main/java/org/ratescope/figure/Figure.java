package org.ratescope.figure;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ratescope.io.Resources;
import org.ratescope.io.Sha256;
import org.ratescope.spec.text.Wording;
import org.ratescope.sql.QueryException;
import org.ratescope.sql.QueryResult;
import org.ratescope.sql.Records;
import org.ratescope.study.Suite;

/**
 * A figure: an SQL query over the records and a Vega-Lite spec that draws its rows, as two text
 * files in a folder, {@code query.sql} and {@code spec.vl.json}. See docs/figures.md.
 */
public final class Figure {
  private static final String QUERY = "query.sql";
  private static final String SPEC = "spec.vl.json";

  /** The name of a folder beside another one, not a path to another place. */
  private static final Pattern NAME = Pattern.compile("[^./\\\\][^/\\\\]*");

  private static final List<String> BUILT_IN =
      List.of(
          "gap",
          "rate-distortion",
          "excess-distortion",
          "distortion-beta",
          "information-beta",
          "training",
          "learning-curves",
          "claim-effects",
          "gap-split",
          "rd-frontier",
          "twin-halves",
          "leave-one-out",
          "prior-curves",
          "prior-marginal-kl",
          "prior-log-marginal",
          "prior-gap",
          "samples",
          "reconstructions",
          "traversals",
          "interpolations");

  /** Specs that other figures name as their base, and that are not figures themselves. */
  private static final List<String> BASES =
      List.of("curves", "beta-curves", "rd-curves", "gallery");

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

  /** The names of the built-in figures. */
  public static List<String> builtIn() {
    return BUILT_IN;
  }

  /**
   * The figure of that name: {@code folder/NAME} if it exists, else the built-in one.
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
          "got figure \"%s\"; expected %s, or a folder %s with query.sql and spec.vl.json%s"
              .formatted(name, String.join(", ", BUILT_IN), own, meant(name, folder)));
    }
    String query = name + "/" + QUERY;
    return new Figure(
        name,
        query + " (built in)",
        Resources.text(Figure.class, query),
        builtInSpec(name).resolve(Figure::builtInSpec));
  }

  private static String meant(String name, Path folder) {
    return Wording.didYouMean(
        name, Stream.concat(BUILT_IN.stream(), names(folder).stream()).toList());
  }

  /** A message for users if a figure in the folder of a study replaces a built-in one. */
  public static Optional<String> replacement(String name, Path folder) {
    Path own = folder.resolve(name);
    return BUILT_IN.contains(name) && Files.isDirectory(own)
        ? Optional.of("figure %s: %s replaces the built-in figure".formatted(name, own))
        : Optional.empty();
  }

  /**
   * Starts loading the drawing engine, which takes seconds, while the caller does the work before
   * the first figure.
   */
  public static void prepare() {
    Vega.load();
  }

  /** The spec of a built-in figure, or one of {@link #BASES}. */
  private static SpecSource builtInSpec(String name) throws FigureException {
    if (!BUILT_IN.contains(name) && !BASES.contains(name)) {
      throw new FigureException(
          "got \"%s\"; expected %s, %s, or a figure beside this one"
              .formatted(name, String.join(", ", BUILT_IN), String.join(", ", BASES)));
    }
    String spec = name + "/" + SPEC;
    return SpecSource.parse(spec + " (built in)", Resources.text(Figure.class, spec));
  }

  /**
   * The spec of a base: of a figure beside the one that names it, or a built-in one. A figure that
   * replaces a built-in one can have that one as its base.
   */
  private static SpecSource base(String name, Path folder) throws FigureException {
    Path beside = folder.resolveSibling(name).resolve(SPEC);
    boolean isName = NAME.matcher(name).matches();
    return isName && !beside.startsWith(folder) && Files.isRegularFile(beside)
        ? SpecSource.parse(beside.toString(), content(beside))
        : builtInSpec(name);
  }

  /**
   * The names of all figures in a folder of figures, in the order of their numbers, with unreadable
   * figures last; empty if there is no such folder.
   */
  public static List<String> names(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(Files::isDirectory)
          .sorted(Comparator.comparing(Figure::place))
          .map(entry -> String.valueOf(entry.getFileName()))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static FigureNumber place(Path folder) {
    String name = String.valueOf(folder.getFileName());
    try {
      return FigureNumber.of(read(folder).number(), name);
    } catch (FigureException e) { // drawing it reports the fault
      return FigureNumber.of("", name);
    }
  }

  /** Reads a user's figure. The folder's name is the figure's. */
  public static Figure read(Path folder) throws FigureException {
    Path query = folder.resolve(QUERY);
    Path spec = folder.resolve(SPEC);
    return new Figure(
        String.valueOf(folder.getFileName()),
        query.toString(),
        content(query),
        SpecSource.parse(spec.toString(), content(spec)).resolve(name -> base(name, folder)));
  }

  /** The text of a file, which must be in the folder of the study after resolving links. */
  private static String content(Path file) throws FigureException {
    try {
      Path study = file.toAbsolutePath().resolve("../../..").normalize();
      if (!file.toRealPath().startsWith(study.toRealPath())) {
        throw new FigureException(
            "%s links to %s; expected a file inside %s".formatted(file, file.toRealPath(), study));
      }
      return Files.readString(file);
    } catch (IOException e) {
      throw new FigureException("%s cannot be read: %s".formatted(file, e), e);
    }
  }

  /** The figure's name, which is also the name of its files. */
  public String name() {
    return name;
  }

  /** The heading. */
  public String title() {
    return spec.title(name);
  }

  /** The number in the paper, {@code 3}, {@code A16} or {@code Table A1}; empty for none. */
  public String number() {
    return spec.number();
  }

  /** Names of the studies of a suite whose runs it draws; empty for all. */
  public List<String> studies() {
    return spec.studies();
  }

  /**
   * Runs the query and draws the result. A figure without rows shows a message instead.
   *
   * @throws FigureException naming the file, and the line if there is one
   */
  public DrawnFigure draw(Suite suite, Records records) throws FigureException {
    records.choose(spec.studies());
    QueryResult table = ask(records);
    spec.check(table.columns());
    ObjectNode full = table.rows().isEmpty() ? spec.nothing() : spec.with(table);
    Vega.Drawing drawing = spec.draw(full);
    return new DrawnFigure(
        name,
        number(),
        title(),
        Caption.of(spec.description(), suite, studies(), spec.isOfData(), records),
        table,
        spec.csv(table),
        full.toString(),
        drawing.svg(),
        drawing.remarks().lines().toList(),
        definition());
  }

  /**
   * A hash of the query, the spec and the theme: pictures of an earlier definition, in a document
   * say, are out of date.
   */
  public String definition() {
    return Sha256.ofText(sql + spec.text() + DrawnFigure.theme("light")).substring(0, 16);
  }

  /**
   * The figure in the layout, that of wide or that of narrow windows, whose width is nearer to a
   * width on paper, so that its text has nearly its own size there.
   *
   * @param width width in inches
   */
  public DrawnFigure draw(Suite suite, Records records, double width) throws FigureException {
    DrawnFigure wide = draw(suite, records);
    ObjectNode narrow = spec.narrow(wide.table());
    if (wide.table().rows().isEmpty() || narrow.isEmpty()) {
      return wide;
    }
    DrawnFigure other =
        new DrawnFigure(
            wide.name(),
            wide.number(),
            wide.title(),
            wide.caption(),
            wide.table(),
            wide.csv(),
            narrow.toString(),
            spec.draw(narrow).svg(),
            wide.remarks(),
            wide.definition());
    double wanted = Math.log(96 * width); // CSS pixels
    return Math.abs(Math.log(other.width()) - wanted) < Math.abs(Math.log(wide.width()) - wanted)
        ? other
        : wide;
  }

  private QueryResult ask(Records records) throws FigureException {
    try {
      return records.query(sql);
    } catch (QueryException e) {
      throw new FigureException("%s, %s".formatted(sqlPlace, e.getMessage()), e);
    }
  }
}
