package org.ratescope.cli.study;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ratescope.answer.AnswerText;
import org.ratescope.claim.Claims;
import org.ratescope.claim.Verdict;
import org.ratescope.cli.option.ImagesOption;
import org.ratescope.cli.option.StudyOptions;
import org.ratescope.cli.process.Environment;
import org.ratescope.cli.process.ExitCode;
import org.ratescope.cli.process.Json;
import org.ratescope.cli.process.ShellWord;
import org.ratescope.figure.DrawnFigure;
import org.ratescope.page.FigureGallery;
import org.ratescope.page.Report;
import org.ratescope.sql.Records;
import org.ratescope.study.Suite;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code report}. */
@Command(
    name = "report",
    description = {
      "Write the results of a study as one page for any browser.",
      "The page contains figures, tables, the study, the provenance of the numbers, and the number"
          + " of missing runs."
    },
    footer = {
      "",
      "Examples:",
      "  ratescope report study.yaml",
      "  ratescope report study.yaml --out public",
      "  ratescope report paper --profile overnight --published --gallery gallery.md"
    })
public final class ReportCommand implements Callable<Integer> {
  private final Environment surroundings;

  @Spec private CommandSpec spec;

  @Mixin private final StudyOptions study;

  @Mixin private final ImagesOption images;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Folder for report.html and figures/ (default: the folder of the study in the results).")
  private @Nullable Path out;

  @Option(
      names = "--gallery",
      paramLabel = "FILE",
      description =
          "Write also a Markdown page of all figures and the verdicts of the claims, with pictures"
              + " and data in the folder FILE without .md.")
  private @Nullable Path gallery;

  @Option(names = "--json", description = "Print a JSON object.")
  private boolean json;

  public ReportCommand(Environment surroundings) {
    this.surroundings = surroundings;
    this.study = new StudyOptions(surroundings);
    this.images = new ImagesOption(surroundings);
  }

  @Override
  public Integer call() throws IOException {
    Suite read = study.read();
    boolean unused = images.compare(read, study.namedStore(), spec.commandLine().getErr());
    Elsewhere.hint(study, read, spec.commandLine().getErr());
    Path folder = out == null ? study.folder(read) : out;
    Report report = StudyServices.report(read, study.store(), study.figureFolder(), folder);
    if (gallery != null) {
      writeGallery(read, report, gallery);
    }
    print(report, spec, surroundings, json);
    return ExitCode.SUCCESS;
  }

  private void writeGallery(Suite read, Report report, Path page) throws IOException {
    try (Records records = Records.open(read, study.store())) {
      List<Verdict> verdicts = Claims.judge(Claims.of(study.claimFolder(), read), records);
      String command =
          "ratescope report %s --gallery %s"
              .formatted(study.words(), ShellWord.quoted(page.toString()));
      new FigureGallery(read, records, report.figures(), verdicts, command).write(page);
    }
  }

  /**
   * Prints problems on standard error; on standard output the answer, the findings, and the path of
   * the page.
   */
  public static void print(
      Report report, CommandSpec spec, Environment surroundings, boolean json) {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    report.problems().forEach(problem -> err.println(surroundings.wrapped(problem)));
    if (json) {
      out.println(Json.text(fields(report)));
      return;
    }
    out.println(surroundings.wrapped(AnswerText.sentence(report.answer())));
    out.println();
    out.println(surroundings.wrapped(report.findings().text()));
    out.println();
    out.println("The report: " + report.page());
  }

  private static Map<String, Object> fields(Report report) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("page", report.page().toString());
    fields.put("answer", AnswerText.fields(report.answer()));
    fields.put("findings", report.findings().sentences());
    fields.put("figures", report.figures().stream().map(DrawnFigure::name).toList());
    fields.put("problems", report.problems());
    return fields;
  }
}
