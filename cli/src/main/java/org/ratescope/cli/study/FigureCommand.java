package org.ratescope.cli.study;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.ratescope.claim.ClaimEffects;
import org.ratescope.cli.option.ImagesOption;
import org.ratescope.cli.option.StudyOptions;
import org.ratescope.cli.process.Environment;
import org.ratescope.cli.process.ExitCode;
import org.ratescope.cli.process.Json;
import org.ratescope.cli.process.UsageException;
import org.ratescope.figure.DrawnFigure;
import org.ratescope.figure.Figure;
import org.ratescope.figure.FigureException;
import org.ratescope.figure.FigureFormat;
import org.ratescope.sql.Records;
import org.ratescope.study.Suite;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code figure}. */
@Command(
    name = "figure",
    description = {
      "Draw the figures of a study as SVG, PNG, CSV, PDF and LaTeX files.",
      "To add your own figure, create a folder figures/NAME beside the study file, with query.sql"
          + " and spec.vl.json."
    },
    footer = {
      "",
      "Examples:",
      "  ratescope figure study.yaml",
      "  ratescope figure study.yaml rate-distortion --out paper/figures",
      "  ratescope figure study.yaml gap --formats pdf,tex,txt --width 3.25in    for a paper",
      "  ratescope figure study.yaml --list"
    })
public final class FigureCommand implements Callable<Integer> {
  private static final Pattern LENGTH =
      Pattern.compile("(\\d{1,5}(?:\\.\\d{1,6})?) ?(in|cm|mm|pt)");

  @Spec private CommandSpec spec;

  @Mixin private final StudyOptions study;

  @Mixin private final ImagesOption images;

  @Parameters(
      paramLabel = "NAME",
      index = "1..*",
      arity = "0..*",
      description = "Figures to draw (default: those that the study names).")
  private List<String> names = new ArrayList<>();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder for the files (default: figures in the study's folder of results).")
  private @Nullable Path out;

  @Option(
      names = "--formats",
      paramLabel = "LIST",
      split = ",",
      description =
          "What to write, separated by commas (default: svg,png,csv): svg, png, csv, pdf (text with"
              + " embedded fonts), tex (the rows as a LaTeX tabular), txt (the caption).")
  private Set<FigureFormat> formats = DrawnFigure.USUAL;

  @Option(
      names = "--width",
      paramLabel = "LENGTH",
      description =
          "Width on paper, with the unit in, cm, mm or pt: 3.25in for a column. Chooses the layout"
              + " for narrow pages if it fits better, and draws PNG at 300 pixels per inch.")
  private @Nullable String width;

  @Option(names = "--list", description = "Print the names of all figures, and draw nothing.")
  private boolean list;

  @Option(names = "--remarks", description = "Print Vega-Lite's remarks, for authors of figures.")
  private boolean remarks;

  @Option(names = "--json", description = "Print the names of the files as a JSON array.")
  private boolean json;

  public FigureCommand(Environment surroundings) {
    this.study = new StudyOptions(surroundings);
    this.images = new ImagesOption(surroundings);
  }

  @Override
  public Integer call() throws IOException {
    if (list) {
      Json.print(spec.commandLine().getOut(), study.vocabulary().figures(), json);
      return ExitCode.SUCCESS;
    }
    try {
      Json.print(spec.commandLine().getOut(), draw(study.read()), json);
      return ExitCode.SUCCESS;
    } catch (FigureException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private List<Path> draw(Suite read) throws IOException, FigureException {
    PrintWriter err = spec.commandLine().getErr();
    OptionalDouble inches =
        width == null ? OptionalDouble.empty() : OptionalDouble.of(inches(width));
    boolean unused = images.compare(read, study.namedStore(), err);
    Elsewhere.hint(study, read, err);
    Path folder = out == null ? study.folder(read).resolve("figures") : out;
    List<Figure> figures = new ArrayList<>();
    for (String name : names.isEmpty() ? study.figures(read) : names) {
      figures.add(Figure.find(name, study.figureFolder()));
      Figure.replacement(name, study.figureFolder()).ifPresent(err::println);
    }
    Figure.prepare();
    List<Path> files = new ArrayList<>();
    try (Records records = Records.open(read, study.store())) {
      ClaimEffects.offer(study.claimFolder(), read, records);
      for (Figure figure : figures) {
        DrawnFigure drawn =
            inches.isPresent()
                ? figure.draw(read, records, inches.getAsDouble())
                : figure.draw(read, records);
        if (remarks) {
          drawn.remarks().forEach(remark -> err.println(figure.name() + ": " + remark));
        }
        files.addAll(drawn.write(folder, formats, inches));
      }
      records.warnings().forEach(warning -> err.println("warning: " + warning));
      err.flush();
    }
    return files;
  }

  private static double inches(String text) {
    Matcher length = LENGTH.matcher(text);
    double value = length.matches() ? Double.parseDouble(length.group(1)) : Double.NaN;
    double inches =
        switch (length.matches() ? length.group(2) : "") {
          case "cm" -> value / 2.54;
          case "mm" -> value / 25.4;
          case "pt" -> value / 72;
          default -> value;
        };
    if (!(inches >= 0.5 && inches <= 40)) {
      throw new UsageException(
          "--width: got \"%s\"; expected 0.5in to 40in, with the unit in, cm, mm or pt: 3.25in"
              .formatted(text));
    }
    return inches;
  }
}
