package org.ratescope.cli.study;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.ratescope.claim.ClaimEffects;
import org.ratescope.cli.option.ImagesOption;
import org.ratescope.cli.option.StudyOptions;
import org.ratescope.cli.process.Environment;
import org.ratescope.cli.process.EscapingWriter;
import org.ratescope.cli.process.ExitCode;
import org.ratescope.cli.process.UsageException;
import org.ratescope.results.store.RecordStore;
import org.ratescope.sql.QueryException;
import org.ratescope.sql.QueryResult;
import org.ratescope.sql.Records;
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
      "Query the records of a study with SQL (DuckDB's dialect).",
      "Tables: runs, estimates, results (runs and estimates joined), trace, learning_curves and"
          + " others: docs/figures.md.",
      "The SQL cannot read or write files, except with --allow-files. On a terminal, a table that"
          + " is too wide is shown without columns of one value, and then without some more."
    },
    footer = {
      "",
      "Examples:",
      "  ratescope query study.yaml \"select outcome, count(*) from runs group by all\"",
      "  ratescope query study.yaml \"from results\" --csv > results.csv",
      "  ratescope query study.yaml --allow-files \"copy results to 'results.parquet'\""
    })
public final class QueryCommand implements Callable<Integer> {
  private final Environment surroundings;

  @Spec private CommandSpec spec;

  @Mixin private final StudyOptions study;

  @Mixin private final ImagesOption images;

  @Parameters(paramLabel = "SQL", description = "The query.")
  private String sql;

  @Option(
      names = "--allow-files",
      description =
          "Let the SQL read and write all files that you can, use the network and load extensions,"
              + " as in DuckDB itself. Only for SQL that you trust.")
  private boolean allowFiles;

  @ArgGroup private final Form form = new Form();

  /** At most one of two. */
  private static final class Form {
    @Option(
        names = "--json",
        description =
            "Print a JSON array with an object for each row. Numbers have all their digits; NaN and"
                + " Infinity are null.")
    private boolean json;

    @Option(
        names = "--csv",
        description =
            "Print comma-separated values unchanged: a text may contain control characters.")
    private boolean csv;
  }

  public QueryCommand(Environment surroundings) {
    this.surroundings = surroundings;
    this.study = new StudyOptions(surroundings);
    this.images = new ImagesOption(surroundings);
  }

  @Override
  public Integer call() throws IOException {
    Suite suite = study.read();
    RecordStore store = study.existingStore();
    boolean unused = images.compare(suite, store, spec.commandLine().getErr());
    Elsewhere.hint(study, suite, spec.commandLine().getErr());
    try (Records records =
        allowFiles ? Records.openWithFiles(suite, store) : Records.open(suite, store)) {
      ClaimEffects.offer(study.claimFolder(), suite, records);
      PrintWriter err = spec.commandLine().getErr();
      QueryResult table = records.query(sql); // which reads the tables that it names
      records.warnings().forEach(warning -> err.println("warning: " + warning));
      err.flush();
      PrintWriter out = spec.commandLine().getOut();
      (form.csv ? EscapingWriter.raw(out) : out).print(text(table));
      out.flush();
      return ExitCode.SUCCESS;
    } catch (QueryException e) {
      throw new UsageException("the query failed: " + e.getMessage() + advice(e));
    }
  }

  private String advice(QueryException e) {
    return !allowFiles && e.isForbidden()
        ? " (with --allow-files your own query may use files)"
        : "";
  }

  private String text(QueryResult table) {
    if (form.json) {
      return table.toJson() + "\n";
    }
    if (form.csv) {
      return table.toCsv();
    }
    return surroundings.output() ? table.toText(surroundings.columns().getAsInt()) : table.toText();
  }
}
