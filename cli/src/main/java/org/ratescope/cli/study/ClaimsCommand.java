package org.ratescope.cli.study;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.ratescope.claim.Claim;
import org.ratescope.claim.Claims;
import org.ratescope.claim.ClaimsTable;
import org.ratescope.claim.Verdict;
import org.ratescope.cli.option.ImagesOption;
import org.ratescope.cli.option.StudyOptions;
import org.ratescope.cli.process.Environment;
import org.ratescope.cli.process.ExitCode;
import org.ratescope.cli.process.UsageException;
import org.ratescope.sql.Records;
import org.ratescope.study.Suite;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code claims}. */
@Command(
    name = "claims",
    description = {
      "Test claims against the records of a study: those in the folder 'claims' beside the study,"
          + " else the paper's.",
      "Each claim holds, does not hold, has not enough runs, or has runs that are not trained far"
          + " enough; claims without enough runs are counted, and shown with --all. The exit code"
          + " is 0 in all cases."
    },
    footer = {
      "",
      "Examples:",
      "  ratescope claims study.yaml",
      "  ratescope claims paper --all",
      "  ratescope claims study.yaml --json | jq '.[] | select(.verdict == \"does not hold\")'"
    })
public final class ClaimsCommand implements Callable<Integer> {
  private final Environment surroundings;

  @Spec private CommandSpec spec;

  @Mixin private final StudyOptions study;

  @Mixin private final ImagesOption images;

  @Option(names = "--all", description = "Show also the claims that have not enough runs.")
  private boolean all;

  @Option(names = "--json", description = "Print a JSON array with an object for each claim.")
  private boolean json;

  public ClaimsCommand(Environment surroundings) {
    this.surroundings = surroundings;
    this.study = new StudyOptions(surroundings);
    this.images = new ImagesOption(surroundings);
  }

  @Override
  public Integer call() throws IOException {
    Suite read = study.read();
    boolean unused = images.compare(read, study.namedStore(), spec.commandLine().getErr());
    Elsewhere.hint(study, read, spec.commandLine().getErr());
    try (Records records = Records.open(read, study.store())) {
      List<Verdict> verdicts = verdicts(read, records); // which reads the tables that it needs
      PrintWriter err = spec.commandLine().getErr();
      records.warnings().forEach(warning -> err.println("warning: " + warning));
      err.flush();
      PrintWriter out = spec.commandLine().getOut();
      if (json) {
        out.println(ClaimsTable.rows(verdicts).toJson());
      } else {
        print(out, verdicts);
      }
      out.flush();
      return ExitCode.SUCCESS;
    }
  }

  private void print(PrintWriter out, List<Verdict> verdicts) {
    List<Verdict> judged =
        verdicts.stream().filter(v -> v.outcome() != Verdict.Outcome.NOT_ENOUGH_RUNS).toList();
    (all ? verdicts : judged).forEach(verdict -> out.print(text(verdict)));
    int rest = verdicts.size() - judged.size();
    if (!all && rest > 0) {
      out.println(
          surroundings.wrapped(
              "%s of %s claims need runs that this study does not have; --all shows what each needs"
                  .formatted(rest, verdicts.size())));
    }
  }

  private List<Verdict> verdicts(Suite read, Records records) throws IOException {
    try {
      return Claims.judge(Claims.of(study.claimFolder(), read), records);
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  /** The verdict and the claim, the numbers, the threshold, each behind the id. */
  private String text(Verdict verdict) {
    Claim claim = verdict.claim();
    String id = "%-4s ".formatted(claim.id());
    String indent = " ".repeat(id.length());
    String lines =
        surroundings.wrapped(
            "%1$s%2$s: %3$s\n%1$s%4$s\n%1$sHolds when: %5$s"
                .formatted(
                    indent,
                    verdict.outcome().text(),
                    claim.text(),
                    verdict.numbers(),
                    claim.threshold()));
    return id + lines.substring(id.length()) + "\n";
  }
}
