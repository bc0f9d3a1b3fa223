package org.ratescope.cli.study;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ratescope.cli.option.ImagesOption;
import org.ratescope.cli.option.StudyOptions;
import org.ratescope.cli.process.Environment;
import org.ratescope.cli.process.ExitCode;
import org.ratescope.cli.process.Json;
import org.ratescope.cli.process.UsageException;
import org.ratescope.figure.DrawnFigure;
import org.ratescope.figure.Figure;
import org.ratescope.figure.FigureException;
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
      "Draw the figures of a study as SVG, PNG and CSV files.",
      "To add your own figure, create a folder figures/NAME beside the study file, with query.sql"
          + " and spec.vl.json."
    },
    footer = {
      "",
      "Examples:",
      "  ratescope figure study.yaml",
      "  ratescope figure study.yaml rate-distortion --out paper/figures",
      "  ratescope figure study.yaml --list"
    })
public final class FigureCommand implements Callable<Integer> {
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
      print(study.vocabulary().figures());
      return ExitCode.SUCCESS;
    }
    try {
      print(draw(study.read()).stream().map(Path::toString).toList());
      return ExitCode.SUCCESS;
    } catch (FigureException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private List<Path> draw(Suite read) throws IOException, FigureException {
    PrintWriter err = spec.commandLine().getErr();
    boolean unused = images.compare(read, study.store(), err);
    Path folder = out == null ? study.folder(read).resolve("figures") : out;
    List<Figure> figures = new ArrayList<>();
    for (String name : names.isEmpty() ? study.figures(read) : names) {
      figures.add(Figure.find(name, study.figureFolder()));
      Figure.replacement(name, study.figureFolder()).ifPresent(err::println);
    }
    Figure.prepare();
    List<Path> files = new ArrayList<>();
    try (Records records = Records.open(read, study.store())) {
      for (Figure figure : figures) {
        DrawnFigure drawn = figure.draw(read, records);
        if (remarks) {
          drawn.remarks().forEach(remark -> err.println(figure.name() + ": " + remark));
        }
        files.addAll(drawn.write(folder));
      }
      records.warnings().forEach(warning -> err.println("warning: " + warning));
      err.flush();
    }
    return files;
  }

  private void print(List<String> lines) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.text(lines));
    } else {
      lines.forEach(out::println);
    }
  }
}
