package org.ratescope.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.ratescope.figure.QueryException;
import org.ratescope.figure.Records;
import org.ratescope.figure.Table;
import org.ratescope.study.Suite;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code query}. */
@Command(
    name = "query",
    description = {
      "Ask a study's records in SQL (DuckDB's dialect).",
      "Tables: runs, estimates, trace, pictures, and results, which joins runs and estimates."
    },
    footer = {
      "",
      "Examples:",
      "  ratescope query study.yaml \"select outcome, count(*) from runs group by all\"",
      "  ratescope query study.yaml \"from results\" --csv > results.csv"
    })
final class QueryCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private final StudyOptions study;

  @Mixin private final ImagesOption images;

  @Parameters(paramLabel = "SQL", description = "The query.")
  private String sql;

  @ArgGroup private final Form form = new Form();

  /** At most one of two. */
  private static final class Form {
    @Option(names = "--json", description = "Print a JSON array with an object for each row.")
    private boolean json;

    @Option(names = "--csv", description = "Print comma-separated values.")
    private boolean csv;
  }

  QueryCommand(Surroundings surroundings) {
    this.study = new StudyOptions(surroundings);
    this.images = new ImagesOption(surroundings);
  }

  @Override
  public Integer call() throws IOException {
    Suite read = study.read();
    boolean unused = images.compare(read, study.store(), spec.commandLine().getErr());
    try (Records records = Records.open(read, study.store())) {
      PrintWriter err = spec.commandLine().getErr();
      records.warnings().forEach(err::println);
      PrintWriter out = spec.commandLine().getOut();
      out.print(text(records.query(sql)));
      out.flush();
      return ExitCode.SUCCESS;
    } catch (QueryException e) {
      throw new WrongCall("the query cannot be answered: " + e.getMessage());
    }
  }

  private String text(Table table) {
    if (form.json) {
      return table.toJson() + "\n";
    }
    return form.csv ? table.toCsv() : table.toText();
  }
}
